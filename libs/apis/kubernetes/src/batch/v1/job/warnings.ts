import type { FieldPath } from '@binnacle/machinery-validation';
import { podTemplateWarnings } from '../../../core/v1/pod/warnings.js';
import type { JobSpec } from '../index.js';

const MANY_COMPLETIONS = 100_000;
const MANY_AT_ONCE = 10_000;
const TOO_MANY =
  'In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail';

/** What Jobs and the templates of CronJobs share. Behaves as kubernetes pkg/api/job WarningsForJobSpec. */
export function jobSpecWarnings(spec: JobSpec | undefined, path: FieldPath): string[] {
  const { completionMode, completions = 0, parallelism = 0 } = spec ?? {};
  const many = completionMode === 'Indexed' && completions > MANY_COMPLETIONS && parallelism > MANY_AT_ONCE;
  return [...(many ? [`${path}: ${TOO_MANY}`] : []), ...podTemplateWarnings(spec?.template, path.child('template'))];
}
