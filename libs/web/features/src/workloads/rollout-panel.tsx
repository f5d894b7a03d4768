'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { Panel, ToneBar } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import type { PanelProps } from '../view/kind-view.js';
import { conditionsOf } from '../view/conditions.js';
import { isSettled, replicaCounts } from './workload-status.js';

interface Strategy {
  readonly maxSurge?: number | string;
  readonly maxUnavailable?: number | string;
}

const strategyOf = ({ spec }: UnstructuredObject) =>
  (spec as { strategy?: { type?: string; rollingUpdate?: Strategy } } | undefined)?.strategy;

/** What the controller says of the rollout, in its own words. */
const progressOf = (object: UnstructuredObject): string =>
  conditionsOf(object).find(({ type }) => type === 'Progressing')?.message ?? '';

/** A rollout while it is under way: how many are new, and how many of those can be used. Nothing where there is none. */
export function RolloutProgress({ object }: PanelProps) {
  const t = useTranslations('rollout');
  if (isSettled(object)) return null;
  const { desired, current, updated, available } = replicaCounts(object);
  const ready = Math.min(available, updated);
  const { maxSurge, maxUnavailable } = strategyOf(object)?.rollingUpdate ?? {};
  return (
    <Panel title={t('rollout')}>
      <div className="flex flex-col gap-1.5 text-sm">
        <p className="tabular font-medium">{t('updatedOf', { updated, desired })}</p>
        <ToneBar
          counts={{
            ok: ready,
            progress: updated - ready,
            warn: Math.max(0, current - updated),
            idle: Math.max(0, desired - current),
          }}
        />
        <p className="tabular text-ink-2">{t('newAndOld', { ready, old: Math.max(0, current - updated) })}</p>
        {maxSurge !== undefined && (
          <p className="text-ink-2">
            {t('pace', { surge: String(maxSurge), unavailable: String(maxUnavailable ?? 0) })}
          </p>
        )}
        <p className="break-words text-ink-2">{progressOf(object)}</p>
      </div>
    </Panel>
  );
}
