import { expect, test } from 'vitest';
import { asWritten } from './put-back.js';

test('keeps what somebody wrote and nothing the server gave', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '9', labels: { x: 'y' }, finalizers: ['f'] },
    spec: { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [] },
    status: { loadBalancer: {} },
  };
  expect(asWritten(object)).toEqual({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'a', namespace: 'b', labels: { x: 'y' } },
    spec: { clusterIP: '10.0.0.1', ports: [] },
  });
  expect(object.spec.clusterIPs).toHaveLength(1);
});
