import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { StorageClass } from '@binnacle/apis-kubernetes/storage/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { persistentVolume, persistentVolumeClaim, pod, storageClass } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { claimBinderController } from './claim-binder.controller.js';
import { volumeBinderController } from './volume-binder.controller.js';

let bench: LoopBench;
let claims: Objects<PersistentVolumeClaim>;
let volumes: Objects<PersistentVolume>;
let classes: Objects<StorageClass>;
let pods: Objects<Pod>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [claimBinderController(ctx, deps), volumeBinderController(ctx, deps)]);
  claims = bench.objects(refs.persistentvolumeclaims);
  volumes = bench.objects(refs.persistentvolumes);
  classes = bench.objects(refs.storageclasses);
  pods = bench.objects(refs.pods);
});

const claim = (name = 'data', spec: object = {}) => claims.create(persistentVolumeClaim({ metadata: { name }, spec }));
const volume = (name = 'disk', spec: object = {}) => volumes.create(persistentVolume({ metadata: { name }, spec }));
const phases = async () => [(await claims.get('data')).status?.phase, (await volumes.get('disk')).status?.phase];

test('a claim and a volume find each other, whichever comes first, and know it', async () => {
  await claim();
  await bench.drain();
  expect((await claims.get('data')).status?.phase).toBe('Pending');
  await volume();
  await bench.drain();
  expect(await phases()).toEqual(['Bound', 'Bound']);
  const [bound, disk] = [await claims.get('data'), await volumes.get('disk')];
  expect(bound).toMatchObject({
    metadata: {
      annotations: { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' },
    },
    spec: { volumeName: 'disk' },
    status: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' } },
  });
  expect(disk.spec?.claimRef).toMatchObject({ kind: 'PersistentVolumeClaim', name: 'data', uid: bound.metadata.uid });
  expect(await bench.events()).toEqual([
    'PersistentVolumeClaim/data FailedBinding: no persistent volumes available for this claim and no storage class is set',
  ]);
});

test('a volume wakes only claims that it fits', async () => {
  await claim('data');
  await claim('larger', { resources: { requests: { storage: '5Gi' } } });
  await claim('of-a-class', { storageClassName: 'fast' });
  await bench.drain();
  await volume();
  const woken = (await bench.drain()).filter(({ controller }) => controller === 'persistentvolume-binder');
  expect([...new Set(woken.map(({ key }) => key))]).toEqual(['default/data']);
});

test('of two claims that want a volume one gets it', async () => {
  await volume();
  await bench.drain();
  await claim('data');
  await claim('other');
  await bench.advance(5_000);
  const names = (await claims.list()).map(({ spec }) => spec?.volumeName ?? '').sort();
  expect(names).toEqual(['', 'disk']);
});

test('a binding that broke off is finished after a restart', async () => {
  await volume();
  await bench.drain();
  bench.api.befall(({ method, path }) =>
    method === 'PUT' && path.endsWith('/persistentvolumeclaims/data') ? new Error('broken') : undefined,
  );
  await claim();
  await bench.drain();
  expect((await volumes.get('disk')).spec?.claimRef?.name).toBe('data');
  expect((await claims.get('data')).spec?.volumeName).toBeUndefined();
  bench.api.befall(() => undefined);
  await bench.restart();
  await bench.drain();
  expect(await phases()).toEqual(['Bound', 'Bound']);
});

describe('a class', () => {
  test('has a volume asked for, which is bound when it comes', async () => {
    await classes.create(storageClass());
    await claim('data', { storageClassName: 'fast' });
    await bench.drain();
    const asked = await claims.get('data');
    expect(asked.metadata.annotations).toMatchObject({
      'volume.kubernetes.io/storage-provisioner': 'example.com/disk',
    });
    expect((await bench.events())[0]).toMatch(
      /^PersistentVolumeClaim\/data ExternalProvisioning: Waiting for a volume to be created either by the external/,
    );
    const claimRef = { name: 'data', namespace: 'default', uid: asked.metadata.uid };
    await volume('disk', { storageClassName: 'fast', claimRef });
    await bench.drain();
    expect(await phases()).toEqual(['Bound', 'Bound']);
  });

  test('that waits says for whom', async () => {
    await classes.create(storageClass({ volumeBindingMode: 'WaitForFirstConsumer' }));
    await claim('data', { storageClassName: 'fast' });
    await bench.drain();
    const used = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
    await pods.create(pod({ metadata: { name: 'p' }, spec: { volumes: used } }));
    await bench.advance(15_000);
    expect(await bench.events()).toEqual([
      'PersistentVolumeClaim/data WaitForFirstConsumer: waiting for first consumer to be created before binding',
      'PersistentVolumeClaim/data WaitForPodScheduled: waiting for pod p to be scheduled',
    ]);
  });

  test('wakes the claims that name it, and as the default those that name none', async () => {
    await claim('data');
    await claim('of-it', { storageClassName: 'fast' });
    await claim('of-another', { storageClassName: 'slow' });
    await bench.drain();
    await classes.create(storageClass({ volumeBindingMode: 'WaitForFirstConsumer' }));
    expect((await bench.drain()).map(({ key }) => key)).toEqual(['default/of-it']);
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    await classes.change('fast', { metadata: { annotations } });
    expect(
      (await bench.drain())
        .map(({ key }) => key)
        .slice(0, 2)
        .sort(),
    ).toEqual(['default/data', 'default/of-it']);
  });

  test('that is the default is given to a claim that came before it', async () => {
    await claim();
    await bench.drain();
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    await classes.create(storageClass({ metadata: { annotations } }));
    await bench.drain();
    expect((await claims.get('data')).spec?.storageClassName).toBe('fast');
  });
});

test('a claim whose volume is gone is lost, and told so once', async () => {
  await volume();
  await claim();
  await bench.drain();
  await volumes.delete('disk');
  // Somebody sees to it that it goes although it is bound.
  await volumes.change('disk', { metadata: { finalizers: null } });
  await bench.advance(30_000);
  expect((await claims.get('data')).status).toEqual({ phase: 'Lost' });
  expect((await bench.events()).filter((event) => event.includes('ClaimLost'))).toHaveLength(1);
});
