import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition, parseTime } from '@binnacle/machinery-meta';

export function readyCondition(pod: Pod): PodCondition | undefined {
  return findCondition(pod.status?.conditions, 'Ready');
}

export function isPodReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True';
}

/** It ran to its end: its containers will not be started again. */
export function isPodTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Counts as a replica: neither at its end nor on its way out. */
export function isPodActive(pod: Pod): boolean {
  return !isPodTerminal(pod) && pod.metadata.deletionTimestamp === undefined;
}

/**
 * When the Pod is, or becomes, available: ready for `minReadySeconds`. Milliseconds since the epoch; undefined while it is
 * not ready, or does not say since when it is and has to be so for a while.
 */
export function availableAt(pod: Pod, minReadySeconds: number): number | undefined {
  const ready = readyCondition(pod);
  if (ready?.status !== 'True') return undefined;
  const since = parseTime(ready.lastTransitionTime);
  if (minReadySeconds === 0) return since ?? 0;
  return since === undefined ? undefined : since + minReadySeconds * 1000;
}

export function isPodAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const at = availableAt(pod, minReadySeconds);
  return at !== undefined && (minReadySeconds === 0 || at <= now);
}

/** When the next ready Pod becomes available, if it has to be ready for a while and one is on the way. */
export function nextAvailability(pods: readonly Pod[], minReadySeconds: number, now: number): number | undefined {
  const times = pods.map((pod) => availableAt(pod, minReadySeconds)).filter((at) => at !== undefined && at > now);
  return minReadySeconds > 0 && times.length > 0 ? Math.min(...(times as number[])) : undefined;
}
