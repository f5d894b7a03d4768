import type { Job, JobCondition, JobSpec, JobStatus } from '@binnacle/apis-kubernetes/batch/v1';
import { formatTime } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { ensureCondition, trueCondition } from './conditions.js';

/** How many Pods there are after what was done. */
export interface PodCounts {
  readonly active: number;
  readonly ready: number;
  readonly terminating: number;
}

/** A Job as it is worked at: one that is not suspended has begun. */
export function begun(job: Job, spec: JobSpec, now: number): Job & { spec: JobSpec } {
  if (job.status?.startTime || spec.suspend) return { ...job, spec };
  return { ...job, spec, status: { ...job.status, startTime: formatTime(now) } };
}

export interface Suspension {
  readonly status: JobStatus;
  /** The Event of what has changed just now. */
  readonly event?: 'Suspended' | 'Resumed';
}

/** The status of a Job that is suspended, or is not any more. */
export function withSuspension(status: JobStatus, spec: JobSpec, now: number): Suspension {
  const before = status.conditions ?? [];
  const event = spec.suspend ? 'Suspended' : 'Resumed';
  const told = trueCondition('Suspended', `Job${event}`, `Job ${event.toLowerCase()}`, now);
  const conditions = ensureCondition(before, spec.suspend ? told : { ...told, status: 'False' });
  if (conditions === before) return { status };
  const { startTime: _, ...rest } = status;
  const changed = { ...rest, conditions: [...conditions] };
  return { status: spec.suspend ? changed : { ...changed, startTime: formatTime(now) }, event };
}

/** The status with how many Pods there are now. */
export function withCounts(status: JobStatus, { active, ready, terminating }: PodCounts): JobStatus {
  const { active: _, ...rest } = status;
  return { ...rest, ...(active > 0 && { active }), ready, terminating };
}

/** The status with the condition that announces an end; the last one comes when every Pod has gone. */
export function withAnnouncement(status: JobStatus, finish: JobCondition | undefined): JobStatus {
  if (finish?.type !== 'FailureTarget' && finish?.type !== 'SuccessCriteriaMet') return status;
  return { ...status, conditions: [...ensureCondition(status.conditions ?? [], finish)] };
}

const LAST: Readonly<Record<string, 'Failed' | 'Complete'>> = {
  FailureTarget: 'Failed',
  SuccessCriteriaMet: 'Complete',
};

/** The condition a Job ends with at last. */
export function lastCondition(finish: JobCondition, now: number): JobCondition {
  const type = LAST[finish.type];
  return type ? trueCondition(type, finish.reason ?? '', finish.message ?? '', now) : finish;
}

/** The status of a Job that has ended; undefined while Pods are still to be counted or to go. */
export function finished(status: JobStatus, last: JobCondition): JobStatus | undefined {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0) return undefined;
  const conditions = [...ensureCondition(status.conditions ?? [], last)];
  const completionTime = last.type === 'Complete' && last.lastTransitionTime;
  return { ...status, conditions, ...(completionTime && { completionTime }) };
}

export function statusDiffers(old: JobStatus | undefined, next: JobStatus): boolean {
  return !semanticEqual(old ?? {}, next);
}
