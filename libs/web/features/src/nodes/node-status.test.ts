import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { isLost, isReady, nodeStatus } from './node-status.js';

const node = (status: string | undefined, unschedulable = false, others: object[] = []): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  spec: { unschedulable },
  status: { conditions: [...(status ? [{ type: 'Ready', status }] : []), ...others] as never },
});
const pressure = { type: 'MemoryPressure', status: 'True', message: 'kubelet has insufficient memory available' };

test.each([
  [node('True'), 'Ready', 'ok'],
  [node('True', true), 'Ready,SchedulingDisabled', 'idle'],
  [node('False'), 'NotReady', 'error'],
  [node('Unknown'), 'NotReady', 'error'],
  [node('Unknown', true), 'NotReady,SchedulingDisabled', 'error'],
  [node(undefined), 'Unknown', 'error'],
  [node('True', false, [pressure]), 'Ready', 'warn'],
])('node %#: %s', (given, label, tone) => {
  expect(nodeStatus(given)).toMatchObject({ label, tone });
});

test('a node that says it is not ready is still heard, a silent one is lost', () => {
  expect([isReady(node('False')), isLost(node('False'))]).toEqual([false, false]);
  expect([isReady(node('Unknown')), isLost(node('Unknown'))]).toEqual([false, true]);
});
