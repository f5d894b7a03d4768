import type { UnstructuredObject } from '@binnacle/web-data';
import { conditionsOf, type ObjectCondition } from '../view/conditions.js';
import type { ObjectStatus } from '../view/kind-view.js';

interface ReplicaCounts {
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

const TERMINATING: ObjectStatus = { tone: 'progress', label: 'Terminating' };
const SCALED_TO_ZERO: ObjectStatus = { tone: 'idle', label: 'ScaledToZero' };
/** A rollout that has come to its end; every other reason of a Progressing condition speaks of one under way. */
const ROLLED_OUT = 'NewReplicaSetAvailable';

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

function conditionOf(object: UnstructuredObject, wanted: string): ObjectCondition | undefined {
  return conditionsOf(object).find(({ type }) => type === wanted);
}

function failureOf(object: UnstructuredObject): ObjectStatus | undefined {
  const failed = conditionsOf(object).find(
    ({ type, status }) =>
      (type === 'Progressing' && status === 'False') || (type === 'ReplicaFailure' && status === 'True'),
  );
  if (!failed) return undefined;
  return { tone: 'error', label: failed.reason ?? failed.type, ...(failed.message && { detail: failed.message }) };
}

/** What `kubectl rollout status` waits for, in its words; undefined where it waits for nothing. */
function waitsFor(object: UnstructuredObject): string | undefined {
  const { desired, current, updated, available } = replicaCounts(object);
  if (isUnobserved(object)) return 'Waiting for the new spec to be observed.';
  if (updated < desired) return `${updated} of ${desired} new replicas have been updated.`;
  if (current > updated) return `${current - updated} old replicas are pending termination.`;
  return available < updated ? `${available} of ${updated} updated replicas are available.` : undefined;
}

/** Pods are being replaced, or made for the first time; not so where some that were there have gone. */
function isRollingOut(object: UnstructuredObject): boolean {
  const { desired, current, updated } = replicaCounts(object);
  const progressing = conditionOf(object, 'Progressing');
  return (
    isUnobserved(object) ||
    updated < desired ||
    current > updated ||
    (progressing !== undefined && progressing.reason !== ROLLED_OUT)
  );
}

/** No rollout is under way, and none has come to grief. */
export function isSettled(object: UnstructuredObject): boolean {
  return !isRollingOut(object) && failureOf(object) === undefined;
}

function shortage(object: UnstructuredObject, detail: string): ObjectStatus {
  const available = conditionOf(object, 'Available');
  const none = replicaCounts(object).available === 0;
  if (available?.status === 'True') return { tone: 'warn', label: 'Available', detail };
  const words = [detail, available?.message].filter(Boolean).join(' ');
  return { tone: none ? 'error' : 'warn', label: available?.reason ?? 'Unavailable', detail: words };
}

/** As Kubernetes counts: the Deployment has at least as many available Pods as its strategy asks for. */
export function isAvailable(object: UnstructuredObject): boolean {
  return conditionOf(object, 'Available')?.status === 'True';
}

/**
 * Behaves as kubectl rollout status, and tells a rollout under way from replicas that were there and have gone: those are nobody's
 * plan.
 */
export function deploymentStatus(object: UnstructuredObject): ObjectStatus {
  if (object.metadata.deletionTimestamp) return TERMINATING;
  const failure = failureOf(object);
  if (failure) return failure;
  const waiting = waitsFor(object);
  if (fieldsOf(object).spec?.paused) return pausedStatus(object);
  if (!waiting) return replicaCounts(object).desired === 0 ? SCALED_TO_ZERO : { tone: 'ok', label: 'Available' };
  if (isRollingOut(object)) return { tone: 'progress', label: 'Progressing', detail: waiting };
  return shortage(object, waiting);
}

/** Rests on purpose, as long as what runs is enough. */
function pausedStatus(object: UnstructuredObject): ObjectStatus {
  const { desired, available } = replicaCounts(object);
  if (available >= desired) return { tone: 'idle', label: 'Paused' };
  const tone = available === 0 ? 'error' : 'warn';
  return { tone, label: 'Paused', detail: `${available} of ${desired} replicas are available.` };
}

/** Of a ReplicaSet, a ReplicationController, a StatefulSet. It is not told why Pods are unready: their own rows are. */
export function replicaSetStatus(object: UnstructuredObject): ObjectStatus {
  if (object.metadata.deletionTimestamp) return TERMINATING;
  const failure = failureOf(object);
  if (failure) return failure;
  const { desired, current, ready } = replicaCounts(object);
  if (desired === 0 && current === 0) return SCALED_TO_ZERO;
  if (isUnobserved(object) || current !== desired) return { tone: 'progress', label: 'Progressing' };
  if (ready >= desired) return { tone: 'ok', label: 'Ready' };
  return { tone: 'warn', label: 'NotReady', detail: `${ready} of ${desired} replicas are ready.` };
}
