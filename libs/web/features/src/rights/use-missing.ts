'use client';

import { type Right, useCluster, useRights } from '@binnacle/web-data';
import { isPast } from '@binnacle/machinery-meta';
import { useTranslations } from 'next-intl';
import type { Translate } from '../messages/index.js';
import { explainMissing } from './explained.js';
import { missingText } from './right-text.js';

/** Why something is not let: for what can be pressed, and told then. */
export interface Refusal {
  readonly right: Right;
  /** Which right is missing. */
  readonly disabledReason: string;
  /** Tells who could grant it. */
  readonly onRefused: () => void;
}

/** What a button or an item of a menu is given of a refusal. */
export type RefusalProps = Partial<Pick<Refusal, 'disabledReason' | 'onRefused'>>;

export const refusalProps = (refusal: Refusal | undefined): RefusalProps =>
  refusal ? { disabledReason: refusal.disabledReason, onRefused: refusal.onRefused } : {};

const NONE: readonly Right[] = [];

/**
 * Why what needs these rights is not let; undefined where it is, and while that is not known: the server has the last word. All
 * that may be asked about must be named, so that it is asked together.
 */
export function useRefusals(all: readonly Right[]): (rights: readonly Right[]) => Refusal | undefined {
  const t = useTranslations() as unknown as Translate;
  const { cluster } = useCluster();
  // Nothing is offered that would change the past.
  const has = useRights(isPast(cluster) ? NONE : all);
  return (rights) => {
    const right = rights.find((each) => has(each) === false);
    if (!right) return undefined;
    const disabledReason = `${missingText(t, right)} ${t('rights.why')}`;
    return { right, disabledReason, onRefused: () => explainMissing(right) };
  };
}

/** Why one thing that needs these rights is not let. */
export function useRefusal(rights: readonly Right[]): Refusal | undefined {
  return useRefusals(rights)(rights);
}
