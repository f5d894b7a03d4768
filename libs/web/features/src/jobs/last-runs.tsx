'use client';

import { humanDuration } from '@binnacle/apis-registry/duration';
import { type UnstructuredObject, useKnowledge, useLive, useNow } from '@binnacle/web-data';
import { Status, StatusGlyph } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { LivePanel } from '../known/answer.js';
import { Age } from '../objects/age.js';
import { KindLink } from '../objects/links.js';
import { RowsTable } from '../objects/rows-panel.js';
import { None } from '../objects/text.js';
import { useQueryOf } from '../objects/use-query-of.js';
import type { PanelProps } from '../view/kind-view.js';
import { type CronRun, runsOf } from './cron-runs.js';
import { jobStatus } from './job-status.js';

const SHOWN = 20;

/** How long it took, or has taken so far. */
function Took({ run: { started, ended } }: { run: CronRun }) {
  const now = useNow();
  const from = Date.parse(started ?? '');
  const to = ended ? Date.parse(ended) : now;
  if (Number.isNaN(from) || to === 0) return <None />;
  return <span className="tabular">{humanDuration(Math.max(0, to - from))}</span>;
}

function JobLink({ job: { metadata } }: { job: UnstructuredObject }) {
  return <KindLink apiVersion="batch/v1" kind="Job" namespace={metadata.namespace} name={metadata.name ?? ''} />;
}

/** How the last runs ended at a glance, the latest at the right. */
function RunStrip({ runs }: { runs: readonly CronRun[] }) {
  return (
    <span aria-hidden="true" className="flex items-center gap-1">
      {[...runs].reverse().map(({ job }) => (
        <StatusGlyph key={job.metadata.uid} tone={jobStatus(job)?.tone ?? 'idle'} />
      ))}
    </span>
  );
}

function cellsOf(run: CronRun, t: ReturnType<typeof useTranslations<'batch'>>) {
  const status = jobStatus(run.job);
  return [
    <JobLink key="job" job={run.job} />,
    <Status key="status" tone={status?.tone ?? 'idle'} title={status?.detail}>
      {status?.label ?? '–'}
    </Status>,
    run.byHand ? t('byHand') : t('bySchedule'),
    <Age key="for" time={run.scheduled ?? run.job.metadata.creationTimestamp} />,
    <Took key="took" run={run} />,
  ];
}

/** The Jobs a CronJob has made and not tidied away, with how they ended. */
export function LastRuns({ object }: PanelProps) {
  const t = useTranslations('batch');
  const { namespace = '', uid } = object.metadata;
  const view = useLive(useQueryOf('jobs.batch', { namespace }));
  const knowledge = useKnowledge(view);
  const runs = useMemo(() => {
    const own = view.items.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
    return runsOf(own).slice(0, SHOWN);
  }, [view.items, uid]);
  const head = [t('job'), t('result'), t('startedBy'), t('due'), t('took')];
  return (
    <LivePanel
      title={t('lastRuns')}
      knowledge={knowledge}
      count={runs.length}
      none={{ title: t('noLastRuns') }}
      actions={<RunStrip runs={runs} />}
    >
      <RowsTable title={t('lastRuns')} head={head} rows={runs.map((run) => cellsOf(run, t))} />
    </LivePanel>
  );
}
