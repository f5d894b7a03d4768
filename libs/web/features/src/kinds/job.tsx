import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { isFinished } from '@binnacle/apis-kubernetes/batch/v1/job';
import type { UnstructuredObject } from '@binnacle/web-data';
import { FailedIndexes } from '../jobs/failed-indexes.js';
import { FailureRules } from '../jobs/failure-rules.js';
import { JobProgress } from '../jobs/job-progress.js';
import { jobStatus } from '../jobs/job-status.js';
import type { Translate } from '../messages/index.js';
import { plainFact } from '../objects/fact-lines.js';
import { as, type Fact, type KindView } from '../view/kind-view.js';
import { ownerLoss, relatedPods } from '../workloads/selected-pods.js';
import { selectorFact } from '../workloads/workload-columns.js';

const seconds = (value: number | undefined): string | undefined => (value === undefined ? undefined : `${value} s`);

function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { spec } = as<Job>(object);
  return [
    selectorFact(object, t, 'Selector'),
    ...plainFact(t('spec.parallelism'), spec?.parallelism),
    ...plainFact(t('batch.mode'), spec?.completionMode),
    ...plainFact(t('spec.backoffLimit'), spec?.backoffLimitPerIndex === undefined ? spec?.backoffLimit : undefined),
    ...plainFact(t('batch.perIndex'), spec?.backoffLimitPerIndex),
    ...plainFact(t('batch.replacement'), spec?.podReplacementPolicy),
    ...plainFact(t('batch.deadline'), seconds(spec?.activeDeadlineSeconds)),
    ...plainFact(t('batch.ttl'), seconds(spec?.ttlSecondsAfterFinished)),
  ];
}

/** The server prints its columns. */
export const jobView: KindView = {
  status: jobStatus,
  facts,
  panels: [JobProgress, FailedIndexes, FailureRules],
  related: relatedPods,
  actions: {
    podLogs: true,
    suspended: (object) => (isFinished(as<Job>(object)) ? undefined : as<Job>(object).spec?.suspend === true),
    makesJob: 'again',
    loss: ownerLoss,
  },
};
