import type { CronJob, CronJobStatus, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { formatIn } from '@binnacle/apis-kubernetes/batch/v1/cron-job';
import { controllerReferenceTo, formatTime } from '@binnacle/machinery-meta';

/** When a Job was to be made, in the zone of its CronJob. */
const SCHEDULED_TIMESTAMP = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const MINUTE = 60_000;

/** What is done about a time that has come. */
export type RunPlan =
  | { readonly kind: 'too late' }
  | { readonly kind: 'done before' }
  | { readonly kind: 'another runs' }
  | { readonly kind: 'run'; readonly replaces: boolean };

/** Jobs carry the minute they are for, so that none is made twice. */
export function jobName({ metadata }: CronJob, time: number): string {
  return `${metadata.name}-${Math.floor(time / MINUTE)}`;
}

/** Behaves as kubernetes pkg/controller/cronjob syncCronJob. */
export function planRun(
  cron: CronJob,
  { active = [], lastScheduleTime }: CronJobStatus,
  time: number,
  now: number,
): RunPlan {
  const { startingDeadlineSeconds, concurrencyPolicy } = cron.spec;
  if (startingDeadlineSeconds !== undefined && time + startingDeadlineSeconds * 1000 < now) return { kind: 'too late' };
  const name = jobName(cron, time);
  if (active.some((job) => job.name === name) || lastScheduleTime === formatTime(time)) return { kind: 'done before' };
  if (concurrencyPolicy === 'Forbid' && active.length > 0) return { kind: 'another runs' };
  return { kind: 'run', replaces: concurrencyPolicy === 'Replace' };
}

/** The Job for a time. */
export function jobFor(cron: CronJob, time: number): Job {
  const { metadata: { labels, annotations } = {}, spec } = cron.spec.jobTemplate;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cron, time),
      namespace: cron.metadata.namespace,
      ...(labels && { labels }),
      annotations: { ...annotations, [SCHEDULED_TIMESTAMP]: formatIn(time, cron.spec.timeZone) },
      ownerReferences: [controllerReferenceTo(cron, cron)],
    },
    ...(spec && { spec }),
  };
}
