import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { hasEnded, policyPod } from './policy-pod.js';

const pod = (spec: Partial<Pod['spec']> = {}, phase?: string): Pod =>
  ({ metadata: { name: 'web', namespace: 'a' }, spec: { containers: [], ...spec }, status: { phase } }) as Pod;

test('a Pod has labels, a node and the named ports of what serves in it', () => {
  const port = (name: string, containerPort: number) => ({ name, containerPort });
  const whole = pod({
    nodeName: 'n1',
    initContainers: [
      { name: 'once', ports: [port('once', 1)] },
      { name: 'beside', restartPolicy: 'Always', ports: [port('beside', 2)] },
    ],
    containers: [
      { name: 'x', ports: [port('http', 80), { containerPort: 81 }] },
      { name: 'y', ports: [{ ...port('dns', 53), protocol: 'UDP' }] },
    ],
  });
  expect(policyPod({ ...whole, metadata: { ...whole.metadata, labels: { app: 'web' } } })).toEqual({
    namespace: 'a',
    name: 'web',
    labels: { app: 'web' },
    node: 'n1',
    hostNetwork: false,
    ports: [
      { name: 'beside', port: 2, protocol: 'TCP' },
      { name: 'http', port: 80, protocol: 'TCP' },
      { name: 'dns', port: 53, protocol: 'UDP' },
    ],
  });
  expect(policyPod(pod({ hostNetwork: true }))).toMatchObject({ labels: {}, node: '', hostNetwork: true, ports: [] });
});

test('one that terminates has not ended', () => {
  expect(['Succeeded', 'Failed', 'Running', 'Pending', undefined].map((phase) => hasEnded(pod({}, phase)))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});
