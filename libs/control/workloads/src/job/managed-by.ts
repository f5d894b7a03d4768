import type { Job } from '@binnacle/apis-kubernetes/batch/v1';

const OWN_NAME = 'kubernetes.io/job-controller';

/** Whether somebody else does the work of a Job. */
export function isManagedElsewhere({ spec }: Job): boolean {
  return spec?.managedBy !== undefined && spec.managedBy !== OWN_NAME;
}
