'use client';

import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { Panel, ToneBar } from '@binnacle/web-ui';
import { useNow } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { Until } from '../objects/until.js';
import { Mono } from '../objects/text.js';
import { as, type PanelProps } from '../view/kind-view.js';
import { indexCells } from './index-cells.js';
import { IndexStrip } from './index-strip.js';
import { indexCounts, jobFigures, type JobFigures, jobIndexes, nextTryAt } from './job-figures.js';
import { useJobPods } from './use-job-pods.js';

/** How many runs are done of how many, as a bar and in words. */
function Completions({ figures }: { figures: JobFigures }) {
  const t = useTranslations('batch');
  const { wanted, succeeded, active, failed, over } = figures;
  const left = Math.max(0, (wanted ?? 1) - succeeded - active);
  const text = wanted === undefined ? t('doneOfAny', { succeeded }) : t('doneOf', { succeeded, wanted });
  return (
    <div className="flex flex-col gap-1.5">
      <p className="tabular text-sm">
        <span className="font-medium">{text}</span>
        {!over && <span className="text-ink-2"> · {t('running', { active, most: figures.parallelism })}</span>}
        {failed > 0 && <span className="text-error"> · {t('failedPods', { failed })}</span>}
      </p>
      <ToneBar
        counts={{
          ok: succeeded,
          progress: over ? 0 : active,
          idle: left,
          ...(over && left > 0 && { error: left, idle: 0 }),
        }}
      />
    </div>
  );
}

/** How much may still fail. */
function Allowance({ figures, failedIndexes }: { figures: JobFigures; failedIndexes: number }) {
  const t = useTranslations('batch');
  const { limits, failed } = figures;
  if (limits.kind === 'all') return <p>{t('limitAll', { failed, limit: limits.limit })}</p>;
  const { limit, indexes } = limits;
  return (
    <p>
      {t('limitPerIndex', { limit })}
      {indexes !== undefined && ` ${t('limitIndexes', { failed: failedIndexes, limit: indexes })}`}
    </p>
  );
}

/** Lets the page know when the pause is over, to the second. */
function NextTry({ job, pods }: { job: Job; pods: ReturnType<typeof useJobPods>['pods'] }) {
  const t = useTranslations('batch');
  const at = nextTryAt(job, pods, useNow());
  if (at === undefined) return null;
  return (
    <p className="text-warn">
      {t('backingOff')} <Until time={at} />
    </p>
  );
}

/** How far a Job has come, what of it failed, and what holds it up. */
export function JobProgress({ object }: PanelProps) {
  const t = useTranslations('batch');
  const job = as<Job>(object);
  const { pods } = useJobPods(object);
  const figures = jobFigures(job);
  const indexes = useMemo(() => jobIndexes(as<Job>(object), pods), [object, pods]);
  const cells = useMemo(() => (indexes ? indexCells(indexes) : []), [indexes]);
  return (
    <Panel title={t('progress')}>
      <div className="flex flex-col gap-3">
        <Completions figures={figures} />
        {indexes && <IndexStrip cells={cells} counts={indexCounts(indexes)} />}
        <div className="flex flex-col gap-1 text-sm text-ink-2">
          <Allowance figures={figures} failedIndexes={indexes?.failed.size ?? 0} />
          <NextTry job={job} pods={pods} />
          {job.spec?.suspend && !figures.over && <p>{t('suspended')}</p>}
          {indexes && indexes.failed.size > 0 && (
            <p className="text-error">
              {t('failedIndexes')} <Mono>{String(indexes.failed)}</Mono>
            </p>
          )}
          {indexes && indexes.succeeded.size > 0 && (
            <p>
              {t('completedIndexes')} <Mono>{String(indexes.succeeded)}</Mono>
            </p>
          )}
        </div>
      </div>
    </Panel>
  );
}
