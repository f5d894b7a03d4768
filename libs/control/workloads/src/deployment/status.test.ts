import type { Deployment, DeploymentStatus, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { findCondition } from '@binnacle/machinery-meta';
import { CREATED_AT, deployment, replicaSet } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { deploymentStatus } from './status.js';
import { withPauseCondition, withSetCondition } from './transitions.js';

const NOW = Date.parse(CREATED_AT);
const set = (name: string, replicas: number, ready = replicas): ReplicaSet =>
  replicaSet({
    metadata: { name },
    spec: { replicas },
    status: { replicas, readyReplicas: ready, availableReplicas: ready },
  });
const withLeaving = (one: ReplicaSet, terminatingReplicas: number): ReplicaSet => ({
  ...one,
  status: { replicas: 0, ...one.status, terminatingReplicas },
});
const progressing = (status: DeploymentStatus) => findCondition(status.conditions, 'Progressing');
const withStatus = (owner: Deployment, status: DeploymentStatus): Deployment => ({ ...owner, status });

describe('deploymentStatus', () => {
  test('sums its sets', () => {
    const { status } = deploymentStatus(
      deployment({ spec: { replicas: 4 } }),
      { current: withLeaving(set('new', 2, 1), 1), old: [withLeaving(set('old', 3), 2)] },
      NOW,
    );
    expect(status).toMatchObject({
      terminatingReplicas: 3,
      replicas: 5,
      updatedReplicas: 2,
      readyReplicas: 4,
      availableReplicas: 4,
      unavailableReplicas: 1,
      observedGeneration: 1,
    });
    expect(findCondition(status.conditions, 'Available')).toMatchObject({
      status: 'True',
      reason: 'MinimumReplicasAvailable',
    });
  });

  test('created, progressing, done: one rollout', () => {
    const created = withSetCondition(deployment(), 'NewReplicaSetCreated', set('new', 1, 0), NOW);
    const first = deploymentStatus(created, { current: set('new', 1, 0), old: [] }, NOW);
    expect(progressing(first.status)?.reason).toBe('ReplicaSetUpdated');
    expect(first.recheckAt).toBe(NOW + 601_000);
    const second = deploymentStatus(withStatus(created, first.status), { current: set('new', 1), old: [] }, NOW + 5000);
    expect(progressing(second.status)).toMatchObject({
      status: 'True',
      reason: 'NewReplicaSetAvailable',
      message: 'ReplicaSet "new" has successfully progressed.',
      lastTransitionTime: CREATED_AT,
      lastUpdateTime: '2026-01-01T00:00:05Z',
    });
    expect(second.recheckAt).toBeUndefined();
  });

  test('a rollout that does not move in time has failed, and recovers', () => {
    const stuck = deploymentStatus(
      withSetCondition(deployment(), 'NewReplicaSetCreated', set('new', 1, 0), NOW),
      { current: set('new', 1, 0), old: [] },
      NOW,
    );
    const owner = withStatus(deployment(), stuck.status);
    const sets = { current: set('new', 1, 0), old: [] };
    expect(progressing(deploymentStatus(owner, sets, NOW + 600_000).status)?.reason).toBe('ReplicaSetUpdated');
    const failed = deploymentStatus(owner, sets, NOW + 601_000).status;
    expect(progressing(failed)).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' });
    const recovered = deploymentStatus(
      withStatus(owner, failed),
      { current: set('new', 1), old: [] },
      NOW + 700_000,
    ).status;
    expect(progressing(recovered)).toMatchObject({ status: 'True', reason: 'NewReplicaSetAvailable' });
  });

  test('a condition that does not say when it was written is not new for ever', () => {
    const conditions = [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }];
    const sets = { current: set('new', 1, 0), old: [] };
    const { status } = deploymentStatus(deployment(), sets, NOW);
    const timeless = withStatus(deployment(), { ...status, conditions });
    expect(progressing(deploymentStatus(timeless, sets, NOW).status)?.reason).toBe('ProgressDeadlineExceeded');
  });

  test('a Pod lost after the rollout is no new rollout', () => {
    const done = deploymentStatus(deployment(), { current: set('new', 1), old: [] }, NOW).status;
    const lost = deploymentStatus(
      withStatus(deployment(), done),
      { current: set('new', 1, 0), old: [] },
      NOW + 10_000,
    ).status;
    expect(progressing(lost)?.reason).toBe('NewReplicaSetAvailable');
    expect(findCondition(lost.conditions, 'Available')?.status).toBe('False');
  });

  test('nothing is written for the same again', () => {
    const first = deploymentStatus(deployment(), { current: set('new', 1), old: [] }, NOW).status;
    expect(
      deploymentStatus(withStatus(deployment(), first), { current: set('new', 1), old: [] }, NOW + 60_000).status,
    ).toEqual(first);
  });

  test('a failure of a set is the failure of the Deployment, for as long as it lasts', () => {
    const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: 'quota' }];
    const failing = { ...set('new', 1, 0), status: { replicas: 0, conditions } };
    const { status } = deploymentStatus(deployment(), { current: failing, old: [] }, NOW);
    expect(findCondition(status.conditions, 'ReplicaFailure')).toMatchObject({ status: 'True', message: 'quota' });
    const over = deploymentStatus(withStatus(deployment(), status), { current: set('new', 1), old: [] }, NOW).status;
    expect(findCondition(over.conditions, 'ReplicaFailure')).toBeUndefined();
  });

  test('a pause stops the deadline', () => {
    const paused = withPauseCondition(deployment({ spec: { paused: true } }), NOW);
    const { status, recheckAt } = deploymentStatus(paused, { current: set('new', 1, 0), old: [] }, NOW + 3_600_000);
    expect(progressing(status)).toMatchObject({ status: 'Unknown', reason: 'DeploymentPaused' });
    expect(recheckAt).toBeUndefined();
    const resumed = withPauseCondition(withStatus(deployment(), status), NOW + 3_600_000);
    expect(progressing(resumed.status ?? {})?.reason).toBe('DeploymentResumed');
  });
});
