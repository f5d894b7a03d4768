import type { Deployment, DeploymentCondition, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { deadlineOf, placed, progressing, progressOf } from './conditions.js';

function withCondition(deployment: Deployment, condition: DeploymentCondition, now: number, touch = false): Deployment {
  const conditions = placed(deployment.status?.conditions ?? [], condition, now, touch);
  return { ...deployment, status: { ...deployment.status, conditions } };
}

/** Says that the rollout was paused or resumed, which stops or restarts its deadline. */
export function withPauseCondition(deployment: Deployment, now: number): Deployment {
  const known = progressOf(deployment);
  if (deadlineOf(deployment) === undefined || known?.reason === 'ProgressDeadlineExceeded') return deployment;
  const noted = known?.reason === 'DeploymentPaused';
  if (deployment.spec?.paused && !noted) {
    return withCondition(deployment, progressing('Unknown', 'DeploymentPaused', 'Deployment is paused'), now);
  }
  if (!deployment.spec?.paused && noted) {
    return withCondition(deployment, progressing('Unknown', 'DeploymentResumed', 'Deployment is resumed'), now);
  }
  return deployment;
}

/** Says that the ReplicaSet of the present template was made, or was found to be there already. */
export function withSetCondition(
  deployment: Deployment,
  reason: 'NewReplicaSetCreated' | 'FoundNewReplicaSet',
  set: ReplicaSet,
  now: number,
): Deployment {
  if (deadlineOf(deployment) === undefined) return deployment;
  const verb = reason === 'NewReplicaSetCreated' ? 'Created' : 'Found';
  const message = `${verb} new replica set "${set.metadata.name}"`;
  return withCondition(deployment, progressing('True', reason, message), now, true);
}
