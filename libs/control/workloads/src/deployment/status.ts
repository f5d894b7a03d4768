import type { Deployment, DeploymentCondition, DeploymentStatus, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { findCondition, parseTime, withoutCondition } from '@binnacle/machinery-meta';
import { deadlineOf, isComplete, isProgress, placed, progressing, progressOf } from './conditions.js';
import { available, limits, sum, wanted } from './limits.js';
import type { ReplicaSetsOf } from './replica-sets.js';

export interface DeploymentOutcome {
  readonly status: DeploymentStatus;
  /** When the progress deadline runs out, if that is worth a look. */
  readonly recheckAt?: number;
}

const replicas = (set: ReplicaSet): number => set.status?.replicas ?? 0;

/** The counts, without conditions. Behaves as kubernetes calculateStatus. */
function counts(deployment: Deployment, { current, old }: ReplicaSetsOf): DeploymentStatus {
  const all = [...old, ...(current ? [current] : [])];
  const total = sum(all, replicas);
  return {
    observedGeneration: deployment.metadata.generation,
    replicas: total,
    updatedReplicas: current ? replicas(current) : 0,
    readyReplicas: sum(all, (set) => set.status?.readyReplicas ?? 0),
    availableReplicas: sum(all, available),
    unavailableReplicas: Math.max(0, sum(all, (set) => set.spec?.replicas ?? 0) - sum(all, available)),
    terminatingReplicas: sum(all, (set) => set.status?.terminatingReplicas ?? 0),
    ...(deployment.status?.collisionCount !== undefined && { collisionCount: deployment.status.collisionCount }),
  };
}

function availability(deployment: Deployment, status: DeploymentStatus): DeploymentCondition {
  const enough = (status.availableReplicas ?? 0) >= wanted(deployment) - limits(deployment).unavailable;
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function replicaFailure({ current, old }: ReplicaSetsOf): DeploymentCondition | undefined {
  const failures = [...(current ? [current] : []), ...old].map((set) =>
    findCondition(set.status?.conditions, 'ReplicaFailure'),
  );
  const found = failures.find((condition) => condition !== undefined);
  return found && { type: 'ReplicaFailure', status: found.status, reason: found.reason, message: found.message };
}

function isTimedOut(deployment: Deployment, now: number): boolean {
  const condition = progressOf(deployment);
  const deadline = deadlineOf(deployment);
  if (!condition || deadline === undefined) return false;
  if (condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  // A time nobody wrote is Go's zero time: long ago.
  return (parseTime(condition.lastUpdateTime) ?? 0) + deadline * 1000 < now;
}

function subject(deployment: Deployment, current: ReplicaSet | undefined): string {
  return current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
}

/** What there is to say of the rollout; undefined when it neither moved nor ended. */
function verdict(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  status: DeploymentStatus,
  now: number,
): DeploymentCondition | undefined {
  const what = subject(deployment, current);
  if (isComplete(deployment, status)) {
    return progressing('True', 'NewReplicaSetAvailable', `${what} has successfully progressed.`);
  }
  if (isProgress(deployment, status)) return progressing('True', 'ReplicaSetUpdated', `${what} is progressing.`);
  if (!isTimedOut(deployment, now)) return undefined;
  return progressing('False', 'ProgressDeadlineExceeded', `${what} has timed out progressing.`);
}

/** Whether the rollout moves, is done or hangs. Behaves as kubernetes pkg/controller/deployment/progress.go. */
function progress(
  deployment: Deployment,
  { current }: ReplicaSetsOf,
  status: DeploymentStatus,
  now: number,
): DeploymentCondition[] {
  const conditions = deployment.status?.conditions ?? [];
  if (deadlineOf(deployment) === undefined) return withoutCondition(conditions, 'Progressing');
  const known = progressOf(deployment)?.reason;
  const settled = status.replicas === status.updatedReplicas && known === 'NewReplicaSetAvailable';
  const next = settled || deployment.spec?.paused ? undefined : verdict(deployment, current, status, now);
  return next ? placed(conditions, next, now, next.reason === 'ReplicaSetUpdated') : [...conditions];
}

function recheckAt(deployment: Deployment, status: DeploymentStatus): number | undefined {
  const condition = findCondition(status.conditions, 'Progressing');
  const deadline = deadlineOf(deployment);
  const over = condition?.reason === 'NewReplicaSetAvailable' || condition?.reason === 'ProgressDeadlineExceeded';
  if (!condition || deadline === undefined || over || deployment.spec?.paused) return undefined;
  const updated = parseTime(condition.lastUpdateTime);
  return updated === undefined ? undefined : updated + deadline * 1000 + 1000;
}

export function deploymentStatus(deployment: Deployment, sets: ReplicaSetsOf, now: number): DeploymentOutcome {
  const status = counts(deployment, sets);
  const moved = progress(deployment, sets, status, now);
  const failure = replicaFailure(sets);
  const base = failure ? placed(moved, failure, now) : withoutCondition(moved, 'ReplicaFailure');
  const conditions = placed(base, availability(deployment, status), now);
  const next = { ...status, conditions };
  return { status: next, recheckAt: recheckAt(deployment, next) };
}
