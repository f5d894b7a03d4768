import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { DEFAULT_SCHEDULER } from '../configuration/defaults.js';

/** A Pod that has run its course takes nothing from its node any more. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export const isPlaced = (pod: Pod): boolean => Boolean(pod.spec?.nodeName) && !isFinished(pod);

/** Whether one of these schedulers should find a node for the Pod. */
export function isWaiting(pod: Pod, schedulerNames: ReadonlySet<string>): boolean {
  if (pod.spec?.nodeName || isFinished(pod) || pod.metadata.deletionTimestamp) return false;
  return schedulerNames.has(pod.spec?.schedulerName ?? DEFAULT_SCHEDULER);
}
