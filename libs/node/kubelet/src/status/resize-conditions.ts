import type { PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import { formatTime } from '@binnacle/machinery-context';
import type { ResizeState } from '../allocation/allocations.js';

/** Conditions that are there only for as long as they hold. */
export const RESIZE_CONDITIONS: readonly string[] = ['PodResizePending', 'PodResizeInProgress'];

/** How far a Pod is on the way to another size. Behaves as kubernetes pkg/kubelet/status updatedPodResizeCondition. */
export function resizeConditions(
  { pending, inProgress }: ResizeState,
  previous: readonly PodCondition[],
  now: number,
): PodCondition[] {
  return RESIZE_CONDITIONS.flatMap((type) => {
    const holds = type === 'PodResizePending' ? pending : inProgress;
    if (!holds) return [];
    const before = previous.find((condition) => condition.type === type);
    const isSame = before !== undefined && before.reason === holds.reason;
    const lastTransitionTime = isSame ? before.lastTransitionTime : formatTime(now);
    return [{ type, status: 'True', lastProbeTime: undefined, lastTransitionTime, ...holds }];
  });
}
