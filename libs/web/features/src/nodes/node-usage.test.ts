import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { nodeUsage } from './node-usage.js';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '110' } },
};
const pod = (cpu: string, initCpu: string, nodeName = 'a', phase = 'Running'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: {
    nodeName,
    containers: [{ name: 'c', resources: { requests: { cpu, memory: '1Gi' } } }],
    initContainers: [{ name: 'i', resources: { requests: { cpu: initCpu } } }],
  },
  status: { phase },
});

test('counts what running Pods of this node ask for', () => {
  const pods = [pod('500m', '2'), pod('1', '100m'), pod('9', '9', 'b'), pod('9', '9', 'a', 'Succeeded')];
  expect(nodeUsage(node, pods)).toEqual({
    pods: { used: 2, total: 110 },
    cpu: { used: 3, total: 4 },
    memory: { used: 2 * 1024 ** 3, total: 8 * 1024 ** 3 },
  });
});
