import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { parseTime } from '@binnacle/machinery-meta';

const LAST = ['Complete', 'Failed'];

/** When a Job is to be deleted; undefined where it is not, or not known. Milliseconds. */
export function expiresAt(job: Job | undefined): number | undefined {
  const ttl = job?.spec?.ttlSecondsAfterFinished;
  if (!job || ttl === undefined || job.metadata.deletionTimestamp) return undefined;
  const last = job.status?.conditions?.find(({ type, status }) => LAST.includes(type) && status === 'True');
  const finished = parseTime(last?.lastTransitionTime);
  return finished === undefined ? undefined : finished + ttl * 1000;
}
