import type { CronJob, CronJobStatus, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { hasCondition, isFinished } from '@binnacle/apis-kubernetes/batch/v1/job';
import type { ObjectReference } from '@binnacle/apis-kubernetes/core/v1';
import { parseTime } from '@binnacle/machinery-meta';

function byStart(a: Job, b: Job): number {
  const [first, second] = [parseTime(a.status?.startTime), parseTime(b.status?.startTime)];
  const order = (first ?? Number.MAX_SAFE_INTEGER) - (second ?? Number.MAX_SAFE_INTEGER);
  return order || ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1);
}

function beyond(jobs: readonly Job[], limit: number | undefined): Job[] {
  if (limit === undefined) return [];
  return jobs.toSorted(byStart).slice(0, Math.max(0, jobs.length - limit));
}

/** The oldest finished Jobs above what is kept of each kind. */
export function superfluousJobs({ spec }: CronJob, jobs: readonly Job[]): Job[] {
  const isComplete = (job: Job) => hasCondition(job, 'Complete');
  const isFailed = (job: Job) => !isComplete(job) && hasCondition(job, 'Failed');
  return [
    ...beyond(jobs.filter(isComplete), spec.successfulJobsHistoryLimit),
    ...beyond(jobs.filter(isFailed), spec.failedJobsHistoryLimit),
  ];
}

/** Whom the list of active Jobs has to do with: those that finished, those nobody put there, those that are nowhere. */
export interface ActiveReview {
  readonly status: CronJobStatus;
  readonly completed: readonly Job[];
  readonly unexpected: readonly Job[];
  /** In the list, but not among the Jobs: gone, or not seen yet. */
  readonly unseen: readonly ObjectReference[];
}

function lastSuccess(before: string | undefined, jobs: readonly Job[]): string | undefined {
  const times = jobs
    .filter((job) => hasCondition(job, 'Complete'))
    .flatMap(({ status }) => status?.completionTime ?? []);
  const all = before ? [before, ...times] : times;
  return all.reduce<string | undefined>((last, time) => (!last || time > last ? time : last), undefined);
}

export function withActive(status: CronJobStatus, active: readonly ObjectReference[]): CronJobStatus {
  const { active: _, ...rest } = status;
  return active.length > 0 ? { ...rest, active: [...active] } : rest;
}

/** Compares the status of a CronJob with the Jobs there are. */
export function reviewActive({ status = {} }: CronJob, jobs: readonly Job[]): ActiveReview {
  const { active = [] } = status;
  const listed = new Set(active.map(({ uid }) => uid));
  const completed = jobs.filter((job) => isFinished(job) && listed.has(job.metadata.uid));
  const ended = new Set(completed.map(({ metadata }) => metadata.uid));
  const there = new Set(jobs.map(({ metadata }) => metadata.uid));
  const left = active.filter(({ uid }) => !ended.has(uid));
  const lastSuccessfulTime = lastSuccess(status.lastSuccessfulTime, jobs);
  return {
    status: { ...withActive(status, left), ...(lastSuccessfulTime && { lastSuccessfulTime }) },
    completed,
    unexpected: jobs.filter((job) => !isFinished(job) && !listed.has(job.metadata.uid)),
    unseen: left.filter(({ uid }) => !there.has(uid)),
  };
}
