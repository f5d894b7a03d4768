import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, node, type Overrides, pod, runningPod } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { planPodGc } from './plan.js';

const nodes = new Map([['node-1', node()]]);
const reasons = (pods: readonly Pod[], gone: string[] = [], threshold = 100, known = nodes) =>
  planPodGc(pods, known, new Set(gone), threshold).map(
    ({ pod: { metadata }, reason }) => `${metadata.name}: ${reason}`,
  );
const finished = (name: string, creationTimestamp: string, overrides: Overrides<Pod> = {}) =>
  runningPod('node-1', '10.244.0.1', {
    ...overrides,
    metadata: { name, creationTimestamp },
    status: { phase: 'Succeeded' },
  });

test('Pods of a node that is gone', () => {
  const pods = [runningPod('node-2', '10.244.0.1', { metadata: { name: 'a' } }), runningPod('node-1', '10.244.0.2')];
  expect(reasons(pods, [])).toEqual([]);
  expect(reasons(pods, ['node-2'])).toEqual(['a: orphaned']);
});

test('Pods that were deleted before they had a node', () => {
  const leaving = pod({ metadata: { name: 'a', deletionTimestamp: CREATED_AT } });
  expect(reasons([leaving, pod({ metadata: { name: 'b' } })])).toEqual(['a: unscheduled']);
});

test('the oldest of too many that finished', () => {
  const pods = [
    finished('young', '2026-01-03T00:00:00Z'),
    finished('old', '2026-01-01T00:00:00Z'),
    finished('middle', '2026-01-02T00:00:00Z'),
  ];
  expect(reasons(pods, [], 1)).toEqual(['old: terminated', 'middle: terminated']);
  expect(reasons(pods, [], 0)).toEqual([]);
});

test('Pods on their way out of a node that was declared out of service', () => {
  const down = node({
    spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' }] },
    status: { conditions: [{ type: 'Ready', status: 'Unknown' }] },
  });
  const leaving = runningPod('node-1', '10.244.0.1', { metadata: { name: 'a', deletionTimestamp: CREATED_AT } });
  expect(reasons([leaving])).toEqual([]);
  expect(reasons([leaving], [], 100, new Map([['node-1', down]]))).toEqual(['a: out-of-service']);
});
