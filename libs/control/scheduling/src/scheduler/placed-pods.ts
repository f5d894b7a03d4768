import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

export const DEFAULT_SCHEDULER = 'default-scheduler';

/** A Pod that has run its course takes nothing from its node any more. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === 'Succeeded' || status?.phase === 'Failed';
}

export const isPlaced = (pod: Pod): boolean => Boolean(pod.spec?.nodeName) && !isFinished(pod);

/** Whether `schedulerName` should find a node for the Pod. */
export function isWaiting(pod: Pod, schedulerName: string): boolean {
  if (pod.spec?.nodeName || isFinished(pod) || pod.metadata.deletionTimestamp) return false;
  return (pod.spec?.schedulerName ?? DEFAULT_SCHEDULER) === schedulerName;
}
