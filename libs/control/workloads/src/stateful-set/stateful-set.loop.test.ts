import type { ControllerRevision, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { StatusError } from '@binnacle/machinery-meta';
import { persistentVolumeClaim, pod, statefulSet } from '@binnacle/testing-fixtures';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, describe, expect, test } from 'vitest';
import { statefulSetController } from './stateful-set.controller.js';

let bench: LoopBench;
let sets: Objects<StatefulSet>;
let pods: Objects<Pod>;
let claims: Objects<PersistentVolumeClaim>;
let revisions: Objects<ControllerRevision>;
beforeEach(async () => {
  bench = await LoopBench.start((ctx, deps) => [statefulSetController(ctx, deps)]);
  sets = bench.objects(refs.statefulsets);
  pods = bench.objects(refs.pods);
  claims = bench.objects(refs.persistentvolumeclaims);
  revisions = bench.objects(refs.controllerrevisions);
});

const make = (replicas: number, more: object = {}) => sets.create(statefulSet({ spec: { replicas, ...more } }));
const names = async (objects: Objects<Pod> | Objects<PersistentVolumeClaim> = pods) =>
  (await objects.list()).map(({ metadata }) => metadata.name).sort();
const statusOf = async () => (await sets.get('web')).status;
const imageOf = async (name: string) => (await pods.get(name)).spec?.containers[0]?.image;
const roll = (image: string) =>
  sets.change('web', { spec: { template: { spec: { containers: [{ name: 'main', image }] } } } });
const isCreation = ({ method, path }: { method: string; path: string }) => method === 'POST' && path.endsWith('/pods');
const DATA = { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: persistentVolumeClaim().spec }] };
const DELETES = { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } };

/** Deletes a claim, and does what its protection does once no Pod uses it. */
async function letGo(name: string): Promise<void> {
  await claims.delete(name);
  await claims.change(name, { metadata: { finalizers: null } });
}

/** The kubelets run what there is and let go of what goes, until nothing moves any more. */
async function settle(): Promise<void> {
  for (let moved = 1; moved > 0; ) {
    await bench.advance(100);
    moved = (await bench.kubelet.run()) + (await bench.kubelet.stop());
  }
}

test('makes its Pods one after the other, with names of their own, and counts them', async () => {
  await make(3);
  await bench.drain();
  expect(await names()).toEqual(['web-0']);
  await bench.kubelet.run();
  await bench.advance(100);
  expect(await names()).toEqual(['web-0', 'web-1']);
  await settle();
  const { metadata, spec } = await pods.get('web-2');
  expect(metadata.labels).toMatchObject({
    'statefulset.kubernetes.io/pod-name': 'web-2',
    'apps.kubernetes.io/pod-index': '2',
    'controller-revision-hash': (await statusOf())?.currentRevision,
  });
  expect(spec).toMatchObject({ hostname: 'web-2', subdomain: 'web' });
  expect(await statusOf()).toMatchObject({
    replicas: 3,
    readyReplicas: 3,
    availableReplicas: 3,
    currentReplicas: 3,
    updatedReplicas: 3,
    observedGeneration: 1,
    collisionCount: 0,
  });
  expect((await bench.events())[0]).toBe(
    'StatefulSet/web SuccessfulCreate: Create Pod web-0 in StatefulSet web successful',
  );
});

test('goes on where it was after a restart, and makes nothing twice', async () => {
  await make(2);
  await bench.drain();
  await bench.restart();
  await settle();
  expect(await names()).toEqual(['web-0', 'web-1']);
  expect(await revisions.list()).toHaveLength(1);
});

test('in parallel makes all at once, and deletes all at once', async () => {
  await make(3, { podManagementPolicy: 'Parallel' });
  await bench.drain();
  expect(await names()).toEqual(['web-0', 'web-1', 'web-2']);
  await settle();
  await sets.change('web', { spec: { replicas: 0 } });
  await bench.drain();
  const going = (await pods.list()).filter(({ metadata }) => metadata.deletionTimestamp);
  expect(going).toHaveLength(3);
});

test('scaled down deletes from the end, and waits for each', async () => {
  await make(3);
  await settle();
  await sets.change('web', { spec: { replicas: 1 } });
  await bench.advance(100);
  const going = (await pods.list()).filter(({ metadata }) => metadata.deletionTimestamp);
  expect(going.map(({ metadata }) => metadata.name)).toEqual(['web-2']);
  await settle();
  expect(await names()).toEqual(['web-0']);
  expect(await statusOf()).toMatchObject({ replicas: 1, readyReplicas: 1 });
});

test('a Pod must be ready for long enough before the next comes', async () => {
  await make(2, { minReadySeconds: 30 });
  await bench.drain();
  await bench.kubelet.run();
  await bench.advance(29_999);
  expect(await names()).toEqual(['web-0']);
  expect(await statusOf()).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
  await bench.advance(1);
  expect(await names()).toEqual(['web-0', 'web-1']);
});

describe('an update', () => {
  test('renews from the last to the first, and then is the current revision', async () => {
    await make(3);
    await settle();
    const before = (await statusOf())?.currentRevision;
    await roll('nginx:2');
    await bench.advance(100);
    expect(await statusOf()).toMatchObject({ currentRevision: before, currentReplicas: 2 });
    expect((await statusOf())?.updatedReplicas ?? 0).toBe(0);
    await bench.kubelet.stop();
    await bench.advance(100);
    expect(await imageOf('web-2')).toBe('nginx:2');
    await settle();
    expect(await imageOf('web-0')).toBe('nginx:2');
    const status = await statusOf();
    expect(status).toMatchObject({ currentReplicas: 3, updatedReplicas: 3, updateRevision: status?.currentRevision });
    expect(status?.currentRevision).not.toBe(before);
  });

  test('goes no further than the partition, also where a Pod is made anew', async () => {
    await make(3);
    await settle();
    await sets.change('web', { spec: { updateStrategy: { rollingUpdate: { partition: 2 } } } });
    await roll('nginx:2');
    await settle();
    await pods.delete('web-0', { gracePeriodSeconds: 0 });
    await settle();
    expect(await Promise.all(['web-0', 'web-1', 'web-2'].map(imageOf))).toEqual([
      'nginx:1.29',
      'nginx:1.29',
      'nginx:2',
    ]);
    expect(await statusOf()).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 });
  });

  test('on deletion renews only what somebody deletes', async () => {
    await make(2, { updateStrategy: { type: 'OnDelete', rollingUpdate: undefined } });
    await settle();
    await roll('nginx:2');
    await settle();
    expect(await imageOf('web-1')).toBe('nginx:1.29');
    await pods.delete('web-1', { gracePeriodSeconds: 0 });
    await settle();
    expect(await Promise.all(['web-0', 'web-1'].map(imageOf))).toEqual(['nginx:1.29', 'nginx:2']);
  });

  test('taken back brings the old revision back instead of making another', async () => {
    await make(1);
    await settle();
    const first = (await statusOf())?.currentRevision;
    await roll('nginx:2');
    await settle();
    await roll('nginx:1.29');
    await settle();
    expect(await statusOf()).toMatchObject({ currentRevision: first, updateRevision: first });
    const numbers = (await revisions.list()).map(({ revision }) => revision).sort();
    expect(numbers).toEqual([2, 3]);
  });

  test('leaves no more revisions than the limit, and those in use', async () => {
    await make(1, { revisionHistoryLimit: 1 });
    for (const image of ['nginx:2', 'nginx:3', 'nginx:4']) {
      await settle();
      await roll(image);
    }
    await settle();
    expect((await revisions.list()).map(({ revision }) => revision).sort()).toEqual([3, 4]);
  });

  test('whose name is taken by another template takes another name', async () => {
    await make(1);
    await settle();
    const [first] = await revisions.list();
    await sets.delete('web');
    await pods.delete('web-0', { gracePeriodSeconds: 0 });
    await bench.drain();
    await revisions.delete(first?.metadata.name ?? '');
    await revisions.create({
      ...(first as ControllerRevision),
      metadata: { name: first?.metadata.name, labels: { app: 'another' } },
      data: { other: true },
    });
    await make(1);
    await settle();
    expect(await statusOf()).toMatchObject({ collisionCount: 1, readyReplicas: 1 });
    expect(await revisions.list()).toHaveLength(2);
  });
});

describe('Pods that end', () => {
  test.each(['Failed', 'Succeeded'] as const)('%s are made anew under the same name', async (phase) => {
    await make(1);
    await settle();
    const { uid } = (await pods.get('web-0')).metadata;
    await bench.kubelet.finish(phase);
    await bench.advance(100);
    expect((await pods.find('web-0'))?.metadata.uid).not.toBe(uid);
    await settle();
    expect(await statusOf()).toMatchObject({ readyReplicas: 1 });
  });

  test('or lost their label get it back, and those of nobody are taken in', async () => {
    await pods.create(pod({ metadata: { name: 'web-0', labels: { app: 'web' } } }));
    await make(1);
    await settle();
    const { labels, ownerReferences } = (await pods.get('web-0')).metadata;
    expect(labels).toMatchObject({
      'statefulset.kubernetes.io/pod-name': 'web-0',
      'apps.kubernetes.io/pod-index': '0',
    });
    expect(ownerReferences).toMatchObject([{ kind: 'StatefulSet', name: 'web' }]);
  });

  test('but have the name of none of its members are not taken in', async () => {
    await pods.create(pod({ metadata: { name: 'stray', labels: { app: 'web' } } }));
    await make(1);
    await settle();
    expect((await pods.get('stray')).metadata.ownerReferences ?? []).toEqual([]);
  });
});

describe('claims', () => {
  test('are made before their Pods, which mount them, and outlive them', async () => {
    await make(2, DATA);
    await settle();
    expect(await names(claims)).toEqual(['data-web-0', 'data-web-1']);
    expect((await claims.get('data-web-0')).metadata.labels).toMatchObject({ app: 'web' });
    expect((await pods.get('web-1')).spec?.volumes).toMatchObject([
      { name: 'data', persistentVolumeClaim: { claimName: 'data-web-1' } },
    ]);
    await sets.change('web', { spec: { replicas: 1 } });
    await settle();
    expect(await names(claims)).toEqual(['data-web-0', 'data-web-1']);
    expect((await claims.get('data-web-1')).metadata.ownerReferences ?? []).toEqual([]);
    expect((await bench.events()).join('\n')).toContain(
      'SuccessfulCreate: Create Claim data-web-0 Pod web-0 in StatefulSet web success',
    );
  });

  test('that are to be deleted go with the set, or with the Pod that is scaled away', async () => {
    await make(2, { ...DATA, ...DELETES });
    await settle();
    const owner = async (name: string) => (await claims.get(name)).metadata.ownerReferences;
    expect(await owner('data-web-1')).toMatchObject([{ kind: 'StatefulSet', name: 'web' }]);
    await sets.change('web', { spec: { replicas: 1 } });
    await bench.advance(100);
    expect(await owner('data-web-1')).toMatchObject([{ kind: 'Pod', name: 'web-1' }]);
    expect(await owner('data-web-0')).toMatchObject([{ kind: 'StatefulSet', name: 'web' }]);
  });

  test('that still go with an earlier Pod are waited for', async () => {
    await make(2, { ...DATA, ...DELETES });
    await settle();
    await sets.change('web', { spec: { replicas: 1 } });
    await settle();
    await sets.change('web', { spec: { replicas: 2 } });
    await settle();
    expect(await names()).toEqual(['web-0']);
    // What the garbage collector does now that the Pod is gone.
    await letGo('data-web-1');
    await settle();
    expect(await names()).toEqual(['web-0', 'web-1']);
  });

  test('deleted while their Pod waits are made again', async () => {
    await make(1, DATA);
    await bench.drain();
    const { uid } = (await claims.get('data-web-0')).metadata;
    await letGo('data-web-0');
    await bench.advance(1_000);
    const again = await claims.get('data-web-0');
    expect(again.metadata.uid).not.toBe(uid);
  });
});

test('what cannot be made is told of, and made when it can be', async () => {
  bench.api.befall((request) =>
    isCreation(request) ? new StatusError(403, 'Forbidden', 'exceeded quota') : undefined,
  );
  await make(1);
  expect((await bench.turn())?.error).toMatchObject({ reason: 'Forbidden' });
  expect(await bench.events()).toEqual([
    'StatefulSet/web FailedCreate: Create Pod web-0 in StatefulSet web failed error: exceeded quota',
  ]);
  expect(await statusOf()).toMatchObject({ replicas: 0, observedGeneration: 1 });
  bench.api.befall(() => undefined);
  await bench.advance(1_000);
  expect(await names()).toEqual(['web-0']);
});

test('a set on its way out makes nothing', async () => {
  await make(2);
  await bench.drain();
  await sets.delete('web', { propagationPolicy: 'Foreground' });
  await pods.delete('web-0', { gracePeriodSeconds: 0 });
  await bench.advance(1_000);
  expect(await names()).toEqual([]);
});
