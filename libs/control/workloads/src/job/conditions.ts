import type { JobCondition } from '@binnacle/apis-kubernetes/batch/v1';
import type { JobConditionType } from '@binnacle/apis-kubernetes/batch/v1/job';
import { findCondition, formatTime } from '@binnacle/machinery-meta';

/** A condition that became true just now. */
export function trueCondition(type: JobConditionType, reason: string, message: string, now: number): JobCondition {
  const time = formatTime(now);
  return { type, status: 'True', lastProbeTime: time, lastTransitionTime: time, reason, message };
}

/** The list with a condition as it is now; the very same where it says so already, or would say that something is not. */
export function ensureCondition(list: readonly JobCondition[], next: JobCondition): readonly JobCondition[] {
  const old = findCondition(list, next.type);
  if (!old) return next.status === 'False' ? list : [...list, next];
  const same = old.status === next.status && old.reason === next.reason && old.message === next.message;
  return same ? list : list.map((condition) => (condition === old ? next : condition));
}
