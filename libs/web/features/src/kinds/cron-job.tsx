import type { CronJob } from '@binnacle/apis-kubernetes/batch/v1';
import type { UnstructuredObject } from '@binnacle/web-data';
import { LastRuns } from '../jobs/last-runs.js';
import { NextRuns } from '../jobs/next-runs.js';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView } from '../view/kind-view.js';

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec, status } = as<CronJob>(object) as Partial<CronJob>;
  const { successfulJobsHistoryLimit: good = 3, failedJobsHistoryLimit: bad = 1, concurrencyPolicy } = spec ?? {};
  const { lastSuccessfulTime } = status ?? {};
  const deadline = spec?.startingDeadlineSeconds;
  return [
    ...plainFact(t('spec.concurrency'), concurrencyPolicy),
    ...plainFact(t('batch.startingDeadline'), deadline === undefined ? undefined : `${deadline} s`),
    { label: t('spec.history'), value: t('spec.historyText', { good, bad }) },
    ...(lastSuccessfulTime ? [{ label: t('spec.lastSuccess'), value: <Age time={lastSuccessfulTime} /> }] : []),
  ];
}

/** The server prints its columns. */
export const cronJobView: KindView = {
  status: (object) => {
    const { spec, status } = as<CronJob>(object) as Partial<CronJob>;
    if (spec?.suspend) return { tone: 'idle', label: 'Suspended' };
    return status?.active?.length ? { tone: 'progress', label: 'Running' } : { tone: 'ok', label: 'Scheduled' };
  },
  facts,
  panels: [NextRuns, LastRuns],
  actions: {
    suspended: (object) => (as<CronJob>(object) as Partial<CronJob>).spec?.suspend === true,
    makesJob: 'fromTemplate',
  },
};
