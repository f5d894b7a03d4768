import { countGeneration, keep, startGeneration } from '@binnacle/apis-registry';
import type { Pod, PodStatus } from '../index.js';
import { takeUpAppArmor } from './annotated-profiles.js';
import { mergeLabelKeys } from './label-keys.js';
import { podQosClass } from './qos.js';

export function preparePodCreate(pod: Pod): void {
  startGeneration(pod);
  mergeLabelKeys(pod);
  takeUpAppArmor(pod);
  pod.status = { phase: 'Pending', qosClass: podQosClass(pod) };
  const gates = pod.spec?.schedulingGates ?? [];
  if (gates.length === 0) return;
  pod.status.conditions = [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
    },
  ];
}

export function preparePodUpdate(next: Pod, old: Pod): void {
  keep(next, old, 'status');
  countGeneration(next, old, 'spec');
}

/**
 * A client that does not know of observed generations does not take them away. Behaves as kubernetes
 * pkg/registry/core/pod preserveOldObservedGeneration.
 */
function keepObservedGenerations(next: PodStatus, old: PodStatus): void {
  if (!next.observedGeneration && old.observedGeneration) next.observedGeneration = old.observedGeneration;
  const known = new Map((old.conditions ?? []).map(({ type, observedGeneration }) => [type, observedGeneration]));
  for (const condition of next.conditions ?? []) {
    const observed = known.get(condition.type);
    if (!condition.observedGeneration && observed) condition.observedGeneration = observed;
  }
}

/** Status writers change neither the spec nor who owns the Pod, and the class of service is for life. */
export function preparePodStatusUpdate(next: Pod, old: Pod): void {
  keep(next, old, 'spec');
  keep(next.metadata, old.metadata, 'deletionTimestamp', 'ownerReferences');
  if (!old.status) return;
  next.status ??= {};
  if (old.status.qosClass) next.status.qosClass ||= old.status.qosClass;
  keepObservedGenerations(next.status, old.status);
}

/** Seconds a Pod has left after DELETE. Behaves as kubernetes pkg/registry/core/pod CheckGracefulDelete. */
export function podGracePeriodSeconds(pod: Pod, requested: number | undefined): number {
  const finished = pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded';
  if (!pod.spec?.nodeName || finished) return 0;
  const seconds = requested ?? pod.spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}
