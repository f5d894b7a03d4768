import type { ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { formatTime, withCondition, withoutCondition } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { isPodActive, isPodAvailable, isPodReady, isPodTerminal } from '../pods/pod-state.js';
import { podsToDelete } from '../pods/pod-ranking.js';

/** As upstream: no more than so many Pods are made or deleted in one go. */
export const BURST_REPLICAS = 500;

export interface ReplicaPlan {
  readonly create: number;
  readonly remove: readonly Pod[];
}

/** What must be made or deleted so that as many Pods are active as the spec says. `pods` are all the set controls. */
export function planReplicas(set: ReplicaSet, pods: readonly Pod[], related: readonly Pod[], now: number): ReplicaPlan {
  if (set.metadata.deletionTimestamp) return { create: 0, remove: [] };
  const active = pods.filter(isPodActive);
  const missing = (set.spec?.replicas ?? 1) - active.length;
  if (missing >= 0) return { create: Math.min(missing, BURST_REPLICAS), remove: [] };
  return { create: 0, remove: podsToDelete(active, related, Math.min(-missing, BURST_REPLICAS), now) };
}

/** What went wrong while the plan was carried out. */
export interface ReplicaFailure {
  readonly reason: 'FailedCreate' | 'FailedDelete';
  readonly message: string;
}

function hasTemplateLabels(set: ReplicaSet, pod: Pod): boolean {
  const wanted = Object.entries(set.spec?.template?.metadata?.labels ?? {});
  return wanted.every(([key, value]) => pod.metadata.labels?.[key] === value);
}

/** The first failure stays said: each try fails for another name, and would wake who wrote it before its pause is over. */
function conditions(set: ReplicaSet, failure: ReplicaFailure | undefined, now: number): ReplicaSetCondition[] {
  const known = set.status?.conditions ?? [];
  if (!failure) return withoutCondition(known, 'ReplicaFailure');
  if (known.some(({ type }) => type === 'ReplicaFailure')) return [...known];
  return withCondition(known, { type: 'ReplicaFailure', status: 'True', ...failure }, formatTime(now));
}

/** The status that describes these Pods. Behaves as kubernetes pkg/controller/replicaset/replica_set_utils.go. */
export function replicaStatus(
  set: ReplicaSet,
  pods: readonly Pod[],
  failure: ReplicaFailure | undefined,
  now: number,
): ReplicaSetStatus {
  const active = pods.filter(isPodActive);
  const minReady = set.spec?.minReadySeconds ?? 0;
  const count = (is: (pod: Pod) => boolean) => active.filter(is).length;
  const kept = conditions(set, failure, now);
  return {
    replicas: active.length,
    fullyLabeledReplicas: count((pod) => hasTemplateLabels(set, pod)),
    readyReplicas: count(isPodReady),
    availableReplicas: count((pod) => isPodAvailable(pod, minReady, now)),
    terminatingReplicas: pods.filter((pod) => pod.metadata.deletionTimestamp && !isPodTerminal(pod)).length,
    observedGeneration: set.metadata.generation,
    ...(kept.length > 0 && { conditions: kept }),
  };
}

/** Counts of zero and absent ones are the same status. */
export function statusDiffers(old: ReplicaSetStatus | undefined, next: ReplicaSetStatus): boolean {
  const zeroes = {
    replicas: 0,
    fullyLabeledReplicas: 0,
    readyReplicas: 0,
    availableReplicas: 0,
    terminatingReplicas: 0,
  };
  return !semanticEqual({ ...zeroes, ...old }, { ...zeroes, ...next });
}
