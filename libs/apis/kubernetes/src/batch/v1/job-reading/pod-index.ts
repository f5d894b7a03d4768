import type { Pod } from '../../../core/v1/index.js';
import {
  ANNOTATION_JOB_INDEX_FAILURE_COUNT,
  ANNOTATION_JOB_INDEX_IGNORED_FAILURE_COUNT,
  JOB_COMPLETION_INDEX,
} from '../../../well-known/index.js';

/** Which index of its Job a Pod is, if it says so. */
export function completionIndex({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[JOB_COMPLETION_INDEX] ?? '';
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}

function count({ metadata }: Pod, annotation: string): number {
  const text = metadata.annotations?.[annotation] ?? '';
  return /^\+?\d+$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : 0;
}

/** How many Pods of its index failed before it, of those that count. */
export function failuresBefore(pod: Pod): number {
  return count(pod, ANNOTATION_JOB_INDEX_FAILURE_COUNT);
}

/** And of those that an `Ignore` rule let pass. */
export function ignoredFailuresBefore(pod: Pod): number {
  return count(pod, ANNOTATION_JOB_INDEX_IGNORED_FAILURE_COUNT);
}

/** All of them: what the pause before the next try grows with. */
export function triesBefore(pod: Pod): number {
  return failuresBefore(pod) + ignoredFailuresBefore(pod);
}
