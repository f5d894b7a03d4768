'use client';

import type { Knowledge } from '@binnacle/web-data';
import { Empty, Panel } from '@binnacle/web-ui';
import { Lock, TriangleAlert } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { AsOf } from './as-of.js';
import { StillLoading } from './still-loading.js';

/** What is said where there is nothing, and all is known. */
export interface None {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly icon?: ReactNode;
}

interface AnswerProps {
  readonly knowledge: Knowledge;
  readonly isEmpty: boolean;
  readonly none: None;
  /** How much room what is being loaded will take. */
  readonly rows?: number;
  readonly compact?: boolean;
  readonly children: ReactNode;
}

function Refused({ knowledge: { error }, compact }: Pick<AnswerProps, 'knowledge' | 'compact'>) {
  const t = useTranslations('state');
  const denied = error?.code === 403;
  return (
    <Empty
      {...(compact && { compact })}
      icon={denied ? <Lock /> : <TriangleAlert />}
      title={denied ? t('denied') : t('failed')}
    >
      {denied ? t('deniedHint', { message: error.message ?? '' }) : error?.message}
    </Empty>
  );
}

/** "None" is a claim about everything: it is made in full only where everything is known, and as it is now. */
function Nothing({ knowledge: { certainty, asOf, error }, none, compact }: AnswerProps) {
  const t = useTranslations('known');
  const format = useFormatter();
  const shape = compact ? { compact } : {};
  if (certainty === 'current') {
    return (
      <Empty {...shape} icon={none.icon} title={none.title}>
        {none.hint}
      </Empty>
    );
  }
  if (certainty === 'partial') {
    return (
      <Empty {...shape} icon={<Lock />} title={t('nonePartial')}>
        {error?.message}
      </Empty>
    );
  }
  const time = format.dateTime(asOf, { timeStyle: 'medium' });
  return <Empty {...shape} title={t('noneAsOf', { none: none.title, time })} />;
}

/** The only way to show what lists say: it tells nothing from not known, not known any more, and not to be seen. */
export function Answer(props: AnswerProps) {
  const t = useTranslations('known');
  const { knowledge, isEmpty, rows, compact, children } = props;
  const { certainty } = knowledge;
  if (certainty === 'loading') return <StillLoading {...(rows && { rows })} />;
  if (certainty === 'refused') return <Refused knowledge={knowledge} {...(compact && { compact })} />;
  if (certainty === 'absent') return <Empty {...(compact && { compact })} title={t('absent')} />;
  return isEmpty ? <Nothing {...props} /> : children;
}

const UNCOUNTED = new Set<Knowledge['certainty']>(['loading', 'refused', 'absent']);

/** A number of things; undefined where it is not known, and at least so many where some may not be seen. */
export function countOf({ certainty }: Knowledge, count: number): string | undefined {
  if (UNCOUNTED.has(certainty)) return undefined;
  return certainty === 'partial' ? `≥ ${count}` : String(count);
}

interface LivePanelProps extends Omit<AnswerProps, 'compact' | 'isEmpty'> {
  readonly title: string;
  readonly count: number;
  /** Where what is counted is not what is shown: whether there is nothing to show. */
  readonly empty?: boolean;
  readonly actions?: ReactNode;
}

/** A panel over what is live: its count, its contents and its emptiness all stand on the same knowledge. */
export function LivePanel({ title, count, empty = count === 0, actions, rows = 2, ...answer }: LivePanelProps) {
  return (
    <Panel
      title={title}
      count={countOf(answer.knowledge, count)}
      actions={
        <>
          <AsOf knowledge={answer.knowledge} />
          {actions}
        </>
      }
      flush
    >
      <Answer {...answer} rows={rows} isEmpty={empty} compact />
    </Panel>
  );
}
