import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createEventRecorder } from '@binnacle/client-controller';
import { node, persistentVolume, persistentVolumeClaim, pod, storageClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runScheduler } from './create-scheduler.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let volumes: Objects<PersistentVolume>;
let pods: Objects<Pod>;
let program: AbortController;
let running: Promise<void>;

beforeEach(async () => {
  bench = await LoopBench.start(() => []);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
  pods = bench.objects(refs.pods);
  program = new AbortController();
  const ctx = { ...bench.ctx, signal: program.signal };
  const client = bench.api.client({ commonName: 'system:kube-scheduler' });
  running = runScheduler(ctx, client, (component) => createEventRecorder(ctx, client, { component }));
  running.catch(() => undefined);
  const nodes = bench.objects<Node>(refs.nodes);
  await nodes.create(node({ metadata: { name: 'a' } }));
  const figures = { cpu: '4', memory: '8Gi', pods: '110' };
  await nodes.change('a', { status: { capacity: figures, allocatable: figures } }, 'status');
  await nodes.change('a', { spec: { taints: null } });
  const waits = { volumeBindingMode: 'WaitForFirstConsumer' };
  await bench.objects<StorageClass>(refs.storageclasses).create(storageClass(waits));
});
afterEach(async () => {
  program.abort(new Error('the program has ended'));
  await running.catch(() => undefined);
});

const claim = () => claims.create(persistentVolumeClaim({ spec: { storageClassName: 'fast' } }));
const use = (name = 'p') =>
  pods.create(
    pod({ metadata: { name }, spec: { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] } }),
  );
const nodeOf = async (name = 'p') => {
  await bench.api.activity.settled();
  return (await pods.find(name))?.spec?.nodeName;
};
/** What the binder and a provisioner would do. */
const bound = () =>
  claims.change('data', {
    metadata: { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } },
    spec: { volumeName: 'disk' },
  });

test('a Pod is bound after its claim, for which a node was chosen', async () => {
  await claim();
  await use();
  expect(await nodeOf()).toBeUndefined();
  expect((await claims.get('data')).metadata.annotations).toEqual({ 'volume.kubernetes.io/selected-node': 'a' });
  await volumes.create(persistentVolume());
  await bound();
  expect(await nodeOf()).toBe('a');
});

test('a volume that is there is given to the claim', async () => {
  await volumes.create(persistentVolume({ spec: { storageClassName: 'fast' } }));
  await volumes.change('disk', { status: { phase: 'Available' } }, 'status');
  await claim();
  await use();
  await bench.api.activity.settled();
  expect(await volumes.get('disk')).toMatchObject({
    metadata: { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } },
    spec: { claimRef: { name: 'data', uid: (await claims.get('data')).metadata.uid } },
  });
  await bound();
  expect(await nodeOf()).toBe('a');
});

test('a Pod whose volume cannot be made is told so, and tried again', async () => {
  await claim();
  await use();
  await bench.api.activity.settled();
  await claims.change('data', { metadata: { annotations: { 'volume.kubernetes.io/selected-node': null } } });
  await bench.api.activity.settled();
  expect(await bench.events()).toContain(
    'Pod/p FailedScheduling: running PreBind plugin "VolumeBinding": binding volumes: provisioning failed for PVC "data"',
  );
  await bench.advance(10_000);
  expect((await claims.get('data')).metadata.annotations).toEqual({ 'volume.kubernetes.io/selected-node': 'a' });
});

test('a Pod waits ten minutes for its volume, and others do not wait for it', async () => {
  await claim();
  await use();
  await bench.api.activity.settled();
  await pods.create(pod({ metadata: { name: 'other' } }));
  expect(await nodeOf('other')).toBe('a');
  await bench.advance(600_000);
  expect((await bench.events()).join('\n')).toContain('binding volumes: context deadline exceeded');
});

test('a Pod whose claim is missing waits for it', async () => {
  await use();
  await bench.api.activity.settled();
  expect((await bench.events()).at(-1)).toBe(
    'Pod/p FailedScheduling: 0/1 nodes are available: persistentvolumeclaim "data" not found. ' +
      'no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  );
  await claim();
  await bench.advance(10_000);
  expect((await claims.get('data')).metadata.annotations).toEqual({ 'volume.kubernetes.io/selected-node': 'a' });
});
