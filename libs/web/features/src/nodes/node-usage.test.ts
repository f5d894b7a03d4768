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

test('counts sidecars, what the Pod asks for as a whole, and its overhead', () => {
  const request = (cpu: string) => ({ resources: { requests: { cpu } } });
  const bare = { ...pod('1', '0'), spec: { nodeName: 'a', containers: [{ name: 'c', ...request('1') }] } };
  const sidecar = { name: 's', restartPolicy: 'Always', ...request('500m') };
  const cpuOf = (spec: object) => nodeUsage(node, [{ ...bare, spec: { ...bare.spec, ...spec } }]).cpu.used;
  expect(cpuOf({ initContainers: [sidecar] })).toBe(1.5);
  expect(cpuOf({ initContainers: [sidecar, { name: 'i', ...request('2') }] })).toBe(2.5);
  expect(cpuOf({ resources: { requests: { cpu: '3' } }, overhead: { cpu: '250m' } })).toBe(3.25);
});
