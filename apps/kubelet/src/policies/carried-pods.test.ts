import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Informer, InformerHandler } from '@binnacle/client-informers';
import { expect, test } from 'vitest';
import type { Inhabitant } from '@binnacle/node-runtime-sim';
import { CarriedPods } from './carried-pods.js';

const podOf = (uid: string, labels?: Record<string, string>): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'ns', uid, ...(labels && { labels }) },
  spec: { containers: [{ name: 'main', ports: [{ name: 'http', containerPort: 80 }] }] },
});
const inhabitant: Inhabitant = {
  namespace: 'ns',
  name: 'web',
  uid: 'u1',
  ip: '10.244.0.1',
  hostNetwork: false,
  node: 'n1',
  hostIp: '127.0.0.11',
  annotations: {},
  labels: { began: 'so' },
};

let pod: Pod | undefined;
const handlers: Array<InformerHandler<Pod>> = [];
const informer = {
  get: (key: string) => (key === 'ns/web' ? pod : undefined),
  addHandler: (handler: InformerHandler<Pod>) => void handlers.push(handler),
} as unknown as Informer<Pod>;

test('a Pod is what the API server says, or what it was when it began', () => {
  const pods = new CarriedPods(() => undefined);
  expect(pods.of(inhabitant).labels).toEqual({ began: 'so' });
  pods.add('n1', informer);
  expect(pods.of(inhabitant).labels).toEqual({ began: 'so' });
  pod = podOf('u1', { app: 'web' });
  expect(pods.of(inhabitant)).toMatchObject({
    labels: { app: 'web' },
    node: 'n1',
    ports: [{ name: 'http', port: 80 }],
  });
  expect(pods.of(inhabitant)).toBe(pods.of(inhabitant));
  expect(pods.of({ ...inhabitant, node: 'n2' }).labels).toEqual({ began: 'so' });
  pod = podOf('another', { app: 'web' });
  expect(pods.of(inhabitant).labels).toEqual({ began: 'so' });
});

test('other labels are told, and nothing else of a Pod', () => {
  let told = 0;
  handlers.length = 0;
  new CarriedPods(() => (told += 1)).add('n1', informer);
  const update = (next: Pod, old: Pod) => handlers[0]?.updated?.(next, old);
  update(podOf('u1', { a: '1' }), podOf('u2', { a: '1' }));
  update(podOf('u1'), podOf('u1', {}));
  expect(told).toBe(0);
  update(podOf('u1', { a: '2' }), podOf('u1', { a: '1' }));
  update(podOf('u1', { a: '1', b: '1' }), podOf('u1', { a: '1' }));
  update(podOf('u1'), podOf('u1', { a: '1' }));
  expect(told).toBe(3);
});
