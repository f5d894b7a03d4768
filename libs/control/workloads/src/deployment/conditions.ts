import type { Deployment, DeploymentCondition, DeploymentStatus } from '@binnacle/apis-kubernetes/apps/v1';
import { findCondition, formatTime } from '@binnacle/machinery-meta';

export type ProgressReason =
  | 'NewReplicaSetCreated'
  | 'FoundNewReplicaSet'
  | 'ReplicaSetUpdated'
  | 'NewReplicaSetAvailable'
  | 'ProgressDeadlineExceeded'
  | 'ReplicaSetCreateError'
  | 'DeploymentPaused'
  | 'DeploymentResumed';

export function progressing(status: string, reason: ProgressReason, message: string): DeploymentCondition {
  return { type: 'Progressing', status, reason, message };
}

export function progressOf(deployment: Deployment): DeploymentCondition | undefined {
  return findCondition(deployment.status?.conditions, 'Progressing');
}

/** Upstream means "no deadline" by the largest int32. */
export function deadlineOf(deployment: Deployment): number | undefined {
  const seconds = deployment.spec?.progressDeadlineSeconds;
  return seconds === undefined || seconds === 2 ** 31 - 1 ? undefined : seconds;
}

/**
 * Puts the condition in. Nothing moves when status and reason are the same, unless `touch` asks for a new update time, as
 * progress does; the transition time moves only with the status.
 */
export function placed(
  conditions: readonly DeploymentCondition[],
  next: DeploymentCondition,
  now: number,
  touch = false,
): DeploymentCondition[] {
  const old = findCondition(conditions, next.type);
  if (old && old.status === next.status && old.reason === next.reason && !touch) return [...conditions];
  const time = formatTime(now);
  const lastTransitionTime = old?.status === next.status ? old.lastTransitionTime : time;
  const made = { ...next, lastUpdateTime: time, lastTransitionTime };
  return [...conditions.filter(({ type }) => type !== next.type), made];
}

/** Every replica is of the present template and available, and no old one is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = deployment.spec?.replicas ?? 1;
  return (
    status.updatedReplicas === replicas &&
    status.replicas === replicas &&
    status.availableReplicas === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

/** More new, fewer old, more ready or more available Pods than last time. */
export function isProgress(deployment: Deployment, status: DeploymentStatus): boolean {
  const old = deployment.status ?? {};
  const oldOnes = (of: DeploymentStatus) => (of.replicas ?? 0) - (of.updatedReplicas ?? 0);
  return (
    (status.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
    oldOnes(status) < oldOnes(old) ||
    (status.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (status.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}
