import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { scaledValue } from '@binnacle/machinery-quantity';

export const wanted = (deployment: Deployment): number => deployment.spec?.replicas ?? 1;
export const specReplicas = (set: ReplicaSet): number => set.spec?.replicas ?? 1;

export function isRolling(deployment: Deployment): boolean {
  return deployment.spec?.strategy?.type !== 'Recreate';
}

export interface Limits {
  readonly surge: number;
  readonly unavailable: number;
}

/** How far a rolling update may stray from the wanted count; never both zero, else nothing could move. */
export function limits(deployment: Deployment): Limits {
  if (!isRolling(deployment)) return { surge: 0, unavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = deployment.spec?.strategy?.rollingUpdate ?? {};
  const total = wanted(deployment);
  const surge = scaledValue(maxSurge, total, true);
  const unavailable = Math.min(scaledValue(maxUnavailable, total, false), total);
  return surge === 0 && unavailable === 0 ? { surge, unavailable: Math.min(1, total) } : { surge, unavailable };
}

export function maxTotal(deployment: Deployment): number {
  const total = wanted(deployment);
  return total === 0 ? 0 : total + limits(deployment).surge;
}

export function sum(sets: readonly ReplicaSet[], of: (set: ReplicaSet) => number): number {
  return sets.reduce((total, set) => total + of(set), 0);
}

export const available = (set: ReplicaSet): number => set.status?.availableReplicas ?? 0;

/** Oldest first; of one age, by name. */
export function byAge(a: ReplicaSet, b: ReplicaSet): number {
  const [left = '', right = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  if (left !== right) return left < right ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}
