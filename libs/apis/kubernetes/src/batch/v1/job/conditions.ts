import type { Job } from '../index.js';

export type JobConditionType = 'Complete' | 'Failed' | 'Suspended' | 'FailureTarget' | 'SuccessCriteriaMet';

export function hasCondition({ status }: Job, type: JobConditionType, value = 'True'): boolean {
  return (status?.conditions ?? []).some((condition) => condition.type === type && condition.status === value);
}

export function isFinished(job: Job): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed');
}
