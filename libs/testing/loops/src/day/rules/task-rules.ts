import type { CronJob, Job, JobStatus } from '@binnacle/apis-kubernetes/batch/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { Rule } from './rule.js';
import { isShort } from './workload-rules.js';
import { isActive, keyOf, type Snapshot } from './snapshot.js';

const MINUTE = 60_000;
const TRACKING = 'batch.kubernetes.io/job-tracking';

export const endOf = ({ status }: Job) =>
  status?.conditions?.find(({ type, status: value }) => (type === 'Complete' || type === 'Failed') && value === 'True');

function* untracked(snapshot: Snapshot): Iterable<string> {
  const jobs = new Map(snapshot.list<Job>(refs.jobs).map((job) => [job.metadata.uid, job]));
  for (const pod of snapshot.pods) {
    if (!pod.metadata.finalizers?.includes(TRACKING)) continue;
    const owner = jobs.get(pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid);
    if (!owner || endOf(owner)) yield `${keyOf(pod)}|of ${owner ? keyOf(owner) : 'nobody'}`;
  }
}

/** A Job that has ended has nothing at work; one that has not has as much as it may. */
function* active(snapshot: Snapshot): Iterable<string> {
  for (const job of snapshot.list<Job>(refs.jobs)) {
    if (snapshot.isEnding(job) || isShort(snapshot, job)) continue;
    const [there, told] = [snapshot.podsOf(job).filter(isActive).length, job.status?.active ?? 0];
    const isAtRest = endOf(job) !== undefined || job.spec?.suspend === true;
    if (there !== told || (isAtRest && there > 0)) yield `${keyOf(job)}|says ${told}, has ${there}`;
  }
}

/** None of the scenario's Jobs lasts so long while it is not suspended. */
function* endless(snapshot: Snapshot): Iterable<string> {
  for (const job of snapshot.list<Job>(refs.jobs)) {
    const isWaiting = job.spec?.suspend === true || snapshot.isEnding(job) || isShort(snapshot, job);
    if (!endOf(job) && !isWaiting) yield `${keyOf(job)}|${JSON.stringify(job.status)}`;
  }
}

const isComplete = (wanted: number, { succeeded = 0, completedIndexes }: JobStatus, isIndexed: boolean): boolean => {
  const all = wanted <= 2 ? ['0', '0,1'][wanted - 1] : `0-${wanted - 1}`;
  return succeeded === wanted && (!isIndexed || completedIndexes === all);
};

/** All that was asked for, and nothing twice. */
function* complete(snapshot: Snapshot): Iterable<string> {
  for (const job of snapshot.list<Job>(refs.jobs)) {
    if (endOf(job)?.type !== 'Complete' || job.spec?.successPolicy) continue;
    const isIndexed = job.spec?.completionMode === 'Indexed';
    if (!isComplete(job.spec?.completions ?? 1, job.status ?? {}, isIndexed))
      yield `${keyOf(job)}|${JSON.stringify(job.status)}`;
  }
}

function* expired(snapshot: Snapshot): Iterable<string> {
  for (const job of snapshot.list<Job>(refs.jobs)) {
    const seconds = job.spec?.ttlSecondsAfterFinished;
    const end = endOf(job)?.lastTransitionTime;
    if (seconds !== undefined && end && snapshot.since(end) > seconds * 1000) yield keyOf(job);
  }
}

function* history(snapshot: Snapshot): Iterable<string> {
  for (const cron of snapshot.list<CronJob>(refs.cronjobs)) {
    if (snapshot.isEnding(cron)) continue;
    const jobs = snapshot
      .list<Job>(refs.jobs, cron.metadata.namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === cron.metadata.uid));
    const ended = (type: string) => jobs.filter((job) => endOf(job)?.type === type).length;
    const { successfulJobsHistoryLimit = 3, failedJobsHistoryLimit = 1 } = cron.spec ?? {};
    if (ended('Complete') > successfulJobsHistoryLimit || ended('Failed') > failedJobsHistoryLimit)
      yield `${keyOf(cron)}|${ended('Complete')} ${ended('Failed')}`;
  }
}

export const taskRules: readonly Rule[] = [
  { name: 'Pods of ended Jobs are counted and let go', tolerance: 4 * MINUTE, find: untracked },
  { name: 'a Job says what it has at work', tolerance: 4 * MINUTE, find: active },
  { name: 'a Job ends', tolerance: 150 * MINUTE, find: endless },
  { name: 'a complete Job is complete', tolerance: 0, find: complete },
  { name: 'Jobs go when their time is over', tolerance: 3 * MINUTE, find: expired },
  { name: 'a CronJob keeps so many Jobs', tolerance: 3 * MINUTE, find: history },
];
