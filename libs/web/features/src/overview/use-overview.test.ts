import type { UnstructuredObject } from '@binnacle/web-data';
import { expect, test } from 'vitest';
import { NO_SURROUNDINGS } from '../view/kind-view.js';
import { tally } from './use-overview.js';

const node = (ready: string, unschedulable = false): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n' },
  spec: { unschedulable },
  status: { conditions: [{ type: 'Ready', status: ready }] },
});
const deployment = (available: string, counts: object): UnstructuredObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: { replicas: 12 },
  status: {
    replicas: 12,
    updatedReplicas: 12,
    ...counts,
    conditions: [
      { type: 'Available', status: available },
      { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
    ],
  },
});
const service = (name: string, spec: object): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'a' },
  spec,
});

test('a cordoned node is ready, and told beside those', () => {
  expect(tally('nodes', [node('True'), node('True', true), node('Unknown')], NO_SURROUNDINGS)).toMatchObject({
    well: 2,
    total: 3,
    aside: 1,
    troubles: [{ status: { label: 'NotReady' } }],
  });
});

test('Deployments are available by what Kubernetes calls so, and a missing replica is still told', () => {
  const lessOne = deployment('True', { availableReplicas: 11 });
  const none = deployment('False', { availableReplicas: 0 });
  expect(tally('deployments.apps', [lessOne, none], NO_SURROUNDINGS)).toMatchObject({
    well: 1,
    total: 2,
    counts: { warn: 1, error: 1 },
  });
});

test('Services are as good as their endpoints, and not counted before those are known', () => {
  const services = [
    service('good', { selector: { app: 'good' } }),
    service('half', { selector: { app: 'half' } }),
    service('dead', { selector: { app: 'dead' } }),
    service('nobody', { selector: { app: 'nobody' } }),
    service('byhand', {}),
    service('outside', { type: 'ExternalName' }),
  ];
  const endpoints = new Map([
    ['a/good', { ready: 2, total: 2 }],
    ['a/half', { ready: 1, total: 2 }],
    ['a/dead', { ready: 0, total: 2 }],
  ]);
  const known = tally('services', services, { ...NO_SURROUNDINGS, endpoints });
  expect(known).toMatchObject({ well: 2, total: 4, aside: 2, counts: { ok: 1, warn: 2, error: 1, idle: 2 } });
  expect(known.troubles.map(({ status }) => status.label)).toEqual(['NoReadyEndpoints', 'NoEndpoints']);
  expect(tally('services', services, NO_SURROUNDINGS)).toMatchObject({ total: 0, aside: 1 });
});
