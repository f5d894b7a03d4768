import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import { node, persistentVolume, persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { attachDetachController } from './attach-detach.controller.js';

const UNIQUE = 'kubernetes.io/csi/d.example^h';
let bench: LoopBench;
let attachments: Objects<VolumeAttachment>;
let nodes: Objects<Node>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [attachDetachController(ctx, deps)]);
  attachments = bench.objects(refs.volumeattachments);
  nodes = bench.objects(refs.nodes);
  pods = bench.objects(refs.pods);
  const annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
  for (const name of ['a', 'b']) await nodes.create(node({ metadata: { name, annotations } }));
  await storage();
});

async function storage(): Promise<void> {
  const claims = bench.objects<PersistentVolumeClaim>(refs.persistentvolumeclaims);
  const { metadata } = await claims.create(
    persistentVolumeClaim({ metadata: { name: 'data' }, spec: { volumeName: 'disk' } }),
  );
  const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data', uid: metadata.uid };
  const csi = { driver: 'd.example', volumeHandle: 'h' };
  const spec = { hostPath: undefined, csi, accessModes: ['ReadWriteOnce'], claimRef };
  await bench
    .objects<PersistentVolume>(refs.persistentvolumes)
    .create(persistentVolume({ metadata: { name: 'disk' }, spec }));
  await claims.change('data', { status: { phase: 'Bound' } }, 'status');
}

const run = (name: string, nodeName: string) =>
  pods.create(
    pod({
      metadata: { name },
      spec: { nodeName, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] },
    }),
  );
/** What the driver of the volume does. */
const attach = async (status: object = { attached: true }) => {
  const [one] = await attachments.list();
  await attachments.change(one?.metadata.name ?? '', { status }, 'status');
};
const attachedTo = async () => (await attachments.list()).map(({ spec }) => spec.nodeName);
const told = async (name: string) =>
  ((await nodes.get(name)).status?.volumesAttached ?? []).map((volume) => volume.name);
const use = (name: string, volumesInUse: string[]) => nodes.change(name, { status: { volumesInUse } }, 'status');
const end = async (name: string) => await pods.delete(name, { gracePeriodSeconds: 0 });

test('a volume is attached to the node of its Pod, which is told when it is', async () => {
  await run('p', 'a');
  await bench.drain();
  expect(await attachedTo()).toEqual(['a']);
  expect((await attachments.list())[0]?.spec).toMatchObject({
    attacher: 'd.example',
    source: { persistentVolumeName: 'disk' },
  });
  expect(await told('a')).toEqual([]);
  await attach();
  await bench.drain();
  expect(await told('a')).toEqual([UNIQUE]);
  expect(await bench.events()).toEqual([
    'Pod/p SuccessfulAttachVolume: AttachVolume.Attach succeeded for volume "disk" ',
  ]);
  expect(await bench.drain()).toEqual([]);
});

test('it goes with the Pod, once the node has let go of it', async () => {
  await run('p', 'a');
  await bench.drain();
  await attach();
  await use('a', [UNIQUE]);
  await bench.drain();
  await end('p');
  await bench.drain();
  expect([await attachedTo(), await told('a')]).toEqual([['a'], [UNIQUE]]);
  await use('a', []);
  await bench.drain();
  expect([await attachedTo(), await told('a')]).toEqual([[], []]);
});

test('it moves to another node, one at a time, and who waits is told once', async () => {
  await run('p', 'a');
  await bench.drain();
  await attach();
  await bench.drain();
  await run('q', 'b');
  await bench.drain();
  await bench.advance(60_000);
  const why = 'Multi-Attach error for volume "disk" Volume is already used by pod(s) p';
  expect((await bench.events()).filter((event) => event.includes('Failed'))).toEqual([
    `Pod/q FailedAttachVolume: ${why}`,
  ]);
  expect(await attachedTo()).toEqual(['a']);
  await end('p');
  await bench.drain();
  expect(await attachedTo()).toEqual(['b']);
});

test('of a node that is not well it is taken after six minutes', async () => {
  await run('p', 'a');
  await bench.drain();
  await attach();
  await use('a', [UNIQUE]);
  await nodes.change('a', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }, 'status');
  await end('p');
  await bench.advance(350_000);
  expect(await attachedTo()).toEqual(['a']);
  await bench.advance(20_000);
  expect(await attachedTo()).toEqual([]);
});

test('what a driver cannot do is told', async () => {
  await run('p', 'a');
  await bench.drain();
  await attach({ attached: false, attachError: { message: 'no such disk' } });
  await bench.drain();
  const why = 'AttachVolume.Attach failed for volume "disk" : no such disk';
  expect(await bench.events()).toEqual([`Pod/p FailedAttachVolume: ${why}`]);
});

test('a volume that a node uses since it was looked at is not taken', async () => {
  await run('p', 'a');
  await bench.drain();
  await attach();
  await bench.drain();
  bench.api.hold(/nodes\?.*watch=true/);
  await use('a', [UNIQUE]);
  await end('p');
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Conflict' });
  expect(await attachedTo()).toEqual(['a']);
  bench.api.hold(undefined);
  await bench.advance(1_000);
  expect(await attachedTo()).toEqual(['a']);
});

test('a node whose kubelet attaches by itself is left alone', async () => {
  await nodes.change('a', {
    metadata: { annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': null } },
  });
  await run('p', 'a');
  await bench.drain();
  expect(await attachedTo()).toEqual([]);
});
