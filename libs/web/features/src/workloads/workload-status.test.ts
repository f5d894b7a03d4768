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

describe('deploymentStatus', () => {
  test.each([
    ['all there', workload(3, all(3)), 'Available', 'ok'],
    ['not seen by the controller yet', workload(3, { ...all(3), observedGeneration: 1 }), 'Progressing', 'progress'],
    ['old Pods left', workload(3, { ...all(3), replicas: 4 }), 'Progressing', 'progress'],
    ['too few available', workload(3, { ...all(3), availableReplicas: 2 }), 'Progressing', 'progress'],
    ['none wanted', workload(0, {}), 'ScaledToZero', 'idle'],
    ['paused', workload(3, all(1), { paused: true }), 'Paused', 'idle'],
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
});

test.each([
  [workload(2, all(2)), 'Ready'],
  [workload(2, all(1)), 'Progressing'],
  [workload(0, {}), 'ScaledToZero'],
])('a ReplicaSet %#', (object, label) => {
  expect(replicaSetStatus(object)).toMatchObject({ label });
});
