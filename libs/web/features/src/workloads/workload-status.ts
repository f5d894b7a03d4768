import type { UnstructuredObject } from '@binnacle/web-data';
import { conditionsOf } from '../kinds/conditions.js';
import type { ObjectStatus } from '../kinds/kind-view.js';

export interface ReplicaCounts {
  readonly desired: number;
  readonly current: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

interface WorkloadFields {
  readonly spec?: { readonly replicas?: number; readonly paused?: boolean };
  readonly status?: {
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly readyReplicas?: number;
    readonly availableReplicas?: number;
    readonly observedGeneration?: number;
  };
}

const fieldsOf = (object: UnstructuredObject): WorkloadFields => object as WorkloadFields;

export function replicaCounts(object: UnstructuredObject): ReplicaCounts {
  const { spec, status } = fieldsOf(object);
  return {
    desired: spec?.replicas ?? 1,
    current: status?.replicas ?? 0,
    updated: status?.updatedReplicas ?? 0,
    ready: status?.readyReplicas ?? 0,
    available: status?.availableReplicas ?? 0,
  };
}

function isUnobserved(object: UnstructuredObject): boolean {
  const observed = fieldsOf(object).status?.observedGeneration ?? 0;
  return observed < (object.metadata.generation ?? 0);
}

function rolloutFailure(object: UnstructuredObject): ObjectStatus | undefined {
  const failed = conditionsOf(object).find(
    ({ type, status }) =>
      (type === 'Progressing' && status === 'False') || (type === 'ReplicaFailure' && status === 'True'),
  );
  if (!failed) return undefined;
  return { tone: 'error', label: failed.reason ?? failed.type, ...(failed.message && { detail: failed.message }) };
}

function isRolledOut(object: UnstructuredObject): boolean {
  const { desired, current, updated, available } = replicaCounts(object);
  return !isUnobserved(object) && updated >= desired && current <= updated && available >= desired;
}

/** Behaves as kubectl rollout status. */
export function deploymentStatus(object: UnstructuredObject): ObjectStatus {
  if (object.metadata.deletionTimestamp) return { tone: 'progress', label: 'Terminating' };
  const failure = rolloutFailure(object);
  if (failure) return failure;
  if (fieldsOf(object).spec?.paused) return { tone: 'idle', label: 'Paused' };
  if (!isRolledOut(object)) return { tone: 'progress', label: 'Progressing' };
  const none = replicaCounts(object).desired === 0;
  return none ? { tone: 'idle', label: 'ScaledToZero' } : { tone: 'ok', label: 'Available' };
}

export function replicaSetStatus(object: UnstructuredObject): ObjectStatus {
  if (object.metadata.deletionTimestamp) return { tone: 'progress', label: 'Terminating' };
  const { desired, current, ready } = replicaCounts(object);
  const failure = conditionsOf(object).find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure) {
    return {
      tone: 'error',
      label: failure.reason ?? failure.type,
      ...(failure.message && { detail: failure.message }),
    };
  }
  if (desired === 0 && current === 0) return { tone: 'idle', label: 'ScaledToZero' };
  return ready >= desired && current === desired
    ? { tone: 'ok', label: 'Ready' }
    : { tone: 'progress', label: 'Progressing' };
}
