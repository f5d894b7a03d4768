import { describe, expect, test } from 'vitest';
import { deploymentStatus, replicaSetStatus } from './workload-status.js';

const workload = (replicas: number, status: object, spec: object = {}, metadata: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'w', generation: 2, ...metadata },
  spec: { replicas, ...spec },
  status: { observedGeneration: 2, ...status },
});
const all = (count: number) => ({
  replicas: count,
  updatedReplicas: count,
  readyReplicas: count,
  availableReplicas: count,
});

const done = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' };
const rolling = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' };
const available = { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' };
const unavailable = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
};
const lost = (count: number, ...conditions: object[]) => ({ ...all(12), availableReplicas: count, conditions });

describe('deploymentStatus', () => {
  test.each([
    ['all there', workload(3, all(3)), 'Available', 'ok'],
    ['not seen by the controller yet', workload(3, { ...all(3), observedGeneration: 1 }), 'Progressing', 'progress'],
    ['old Pods left', workload(3, { ...all(3), replicas: 4 }), 'Progressing', 'progress'],
    ['new Pods starting', workload(12, lost(3, rolling, unavailable)), 'Progressing', 'progress'],
    ['some lost after it was rolled out', workload(12, lost(11, done, available)), 'Available', 'warn'],
    ['most lost', workload(12, lost(3, done, unavailable)), 'MinimumReplicasUnavailable', 'warn'],
    ['all lost', workload(12, lost(0, done, unavailable)), 'MinimumReplicasUnavailable', 'error'],
    ['none wanted', workload(0, {}), 'ScaledToZero', 'idle'],
    ['paused', workload(3, all(3), { paused: true }), 'Paused', 'idle'],
    ['paused with too few', workload(3, all(1), { paused: true }), 'Paused', 'warn'],
    ['paused with none', workload(3, all(0), { paused: true }), 'Paused', 'error'],
    ['going', workload(3, all(3), {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), 'Terminating', 'progress'],
    [
      'stuck',
      workload(3, { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }] }),
      'ProgressDeadlineExceeded',
      'error',
    ],
  ])('%s', (_, object, label, tone) => {
    expect(deploymentStatus(object)).toMatchObject({ label, tone });
  });

  test('says what is missing, in the words of kubectl rollout status', () => {
    expect(deploymentStatus(workload(12, lost(11, done, available))).detail).toBe(
      '11 of 12 updated replicas are available.',
    );
  });
});

test.each([
  [workload(2, all(2)), 'Ready', 'ok'],
  [workload(2, all(1)), 'Progressing', 'progress'],
  [workload(2, { ...all(2), readyReplicas: 1 }), 'NotReady', 'warn'],
  [workload(2, { ...all(2), observedGeneration: 1 }), 'Progressing', 'progress'],
  [workload(0, {}), 'ScaledToZero', 'idle'],
])('a ReplicaSet %#', (object, label, tone) => {
  expect(replicaSetStatus(object)).toMatchObject({ label, tone });
});
