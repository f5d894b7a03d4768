import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { type KubeObject, newNotFound } from '@binnacle/machinery-meta';
import { type Overrides, override, persistentVolume, persistentVolumeClaim, pod } from '@binnacle/testing-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiClaims } from './claim-source.js';
import { AttachedVolumes } from './attached-volumes.js';
import { DirectoryVolumes } from './directory-volumes.js';
import { persistentDirectory } from './persistent-directory.js';
import { VolumeRemains } from './volume-remains.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
let root = '';
let objects: KubeObject[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-claims-'));
  objects = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** The little of a client that reads objects by name. */
const client = {
  resource: ({ kind, plural }: ResourceRef) => ({
    get: async (_: unknown, { name }: { name: string }) => {
      const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
      if (!found) throw newNotFound({ group: '', resource: plural }, name);
      return found;
    },
  }),
} as unknown as KubeClient;

const volumesOn = (nodeName: string, attached = new AttachedVolumes()) =>
  new DirectoryVolumes({
    attached,
    root,
    tokens: { token: async () => '', forget: () => undefined },
    claims: apiClaims(client),
    sources: { configMap: async () => undefined, secret: async () => undefined, services: () => [] },
    place: { hostIp: '127.0.0.1', nodeName, allocatable: {} },
  });
const containers = [{ name: 'c', volumeMounts: [{ name: 'v', mountPath: '/data' }] }];
const podOf = (uid: string, volume: object = { persistentVolumeClaim: { claimName: 'data' } }): Pod =>
  pod({ metadata: { name: 'p', uid }, spec: { containers, volumes: [{ name: 'v', ...volume }] } });
const CSI = { hostPath: undefined, csi: { driver: 'd', volumeHandle: 'h' } };

function bound(
  spec: Overrides<PersistentVolume['spec']> = CSI,
  claim: Overrides<PersistentVolumeClaim> = {},
): PersistentVolume {
  const made = persistentVolumeClaim({ spec: { volumeName: 'disk' }, status: { phase: 'Bound' }, ...claim });
  const annotations = { 'pv.kubernetes.io/provisioned-by': 'd' };
  const claimRef = { name: 'data', uid: made.metadata.uid };
  const volume = persistentVolume({ metadata: { annotations }, spec: { ...spec, claimRef } });
  objects = [made, volume];
  return volume;
}

async function mounted(subject: Pod, node = 'a'): Promise<string> {
  const volumes = volumesOn(node);
  await volumes.prepare(ctx, subject);
  return volumes.mounts(subject, 'c', {})[0]?.hostPath ?? '';
}

describe('what is in a volume', () => {
  test('outlives its Pod, and is found by the next, on another node too', async () => {
    bound();
    await writeFile(join(await mounted(podOf('one')), 'file'), 'kept');
    await volumesOn('a').remove(podOf('one'));
    expect(await readFile(join(await mounted(podOf('two'), 'b'), 'file'), 'utf8')).toBe('kept');
  });

  test('of a directory of a node is only there', async () => {
    bound({ hostPath: { path: '/var/lib/x', type: 'DirectoryOrCreate' } });
    const directory = await mounted(podOf('one'));
    expect(directory).toContain('host-paths/a/var/lib/x');
    await writeFile(join(directory, 'file'), 'kept');
    expect(await readdir(await mounted(podOf('two'), 'b'))).toEqual([]);
  });

  test('is the same after the kubelet has prepared it again', async () => {
    bound();
    const directory = await mounted(podOf('one'));
    expect(await mounted(podOf('one'))).toBe(directory);
    expect(((await stat(directory)).mode & 0o777).toString(8)).toBe('777');
  });

  test('may be only read', async () => {
    bound();
    const subject = podOf('one', { persistentVolumeClaim: { claimName: 'data', readOnly: true } });
    const volumes = volumesOn('a');
    await volumes.prepare(ctx, subject);
    expect(volumes.mounts(subject, 'c', {})[0]?.readonly).toBe(true);
  });
});

describe('a Pod does not start', () => {
  const about =
    'Unable to attach or mount volumes: unmounted volumes=[v], unattached volumes=[], failed to process volumes=[v]';
  const waits = (subject: Pod) => expect(volumesOn('a').prepare(ctx, subject)).rejects;

  test('without its claim', async () => {
    const why = 'failed to fetch PVC from API server: persistentvolumeclaims "data" not found';
    await waits(podOf('one')).toThrow(`${about}: error processing PVC default/data: ${why}`);
  });

  test.each<[string, Overrides<PersistentVolumeClaim>]>([
    ['PVC is not bound', { status: { phase: 'Pending' } }],
    ['PVC is being deleted', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
  ])('where %s', async (why, claim) => {
    bound(CSI, claim);
    await waits(podOf('one')).toThrow(why);
  });

  test('where its volume is another’s', async () => {
    const volume = bound();
    objects[1] = persistentVolume({ spec: { ...volume.spec, claimRef: { name: 'data', uid: 'other' } } });
    await waits(podOf('one')).toThrow('PV disk is not bound to this claim');
  });

  test('where the claim of its ephemeral volume was not made for it', async () => {
    bound(CSI, { metadata: { name: 'p-v' } });
    await waits(podOf('one', { ephemeral: {} })).toThrow(
      'PVC default/p-v was not created for pod default/p (pod is not owner)',
    );
  });
});

describe('a volume whose driver attaches', () => {
  const driver = (attachRequired: boolean) =>
    objects.push({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: 'd' },
      spec: { attachRequired },
    } as KubeObject);
  const UNIQUE = 'kubernetes.io/csi/d^h';

  test('is mounted once it is attached, and given back with the Pod', async () => {
    bound();
    driver(true);
    const attached = new AttachedVolumes();
    const volumes = volumesOn('a', attached);
    const prepared = volumes.prepare(ctx, podOf('one'));
    await expect.poll(() => attached.inUse).toEqual([UNIQUE]);
    const status = { volumesInUse: [UNIQUE], volumesAttached: [{ name: UNIQUE, devicePath: '' }] };
    attached.update({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' }, status });
    await prepared;
    volumes.letGo(podOf('one'));
    expect(attached.inUse).toEqual([]);
  });

  test('and does not in time keeps the Pod from starting', async () => {
    bound();
    driver(true);
    const attached = new AttachedVolumes();
    const prepared = volumesOn('a', attached).prepare(ctx, podOf('one'));
    prepared.catch(() => undefined);
    await expect.poll(() => attached.inUse).toEqual([UNIQUE]);
    ctx.clock.step(123_000);
    const why =
      'unmounted volumes=[v], unattached volumes=[v], failed to process volumes=[]: context deadline exceeded';
    await expect(prepared).rejects.toThrow(`Unable to attach or mount volumes: ${why}`);
  });

  test('only where it says so', async () => {
    bound();
    driver(false);
    await volumesOn('a').prepare(ctx, podOf('one'));
  });
});

describe('what a volume leaves behind', () => {
  const deleted = { ...CSI, persistentVolumeReclaimPolicy: 'Delete' };
  const written = async () => {
    const directory = await mounted(podOf('one'));
    await writeFile(join(directory, 'file'), 'x');
    return async () => (await readdir(directory).catch(() => [])).length > 0;
  };

  test('goes with it', async () => {
    const volume = bound(deleted);
    const isThere = await written();
    await new VolumeRemains(root).gone(volume);
    expect(await isThere()).toBe(false);
  });

  test('goes later, where it went while nobody followed', async () => {
    bound(deleted);
    const isThere = await written();
    await new VolumeRemains(root).keepOnly(new Set(['disk']));
    expect(await isThere()).toBe(true);
    await new VolumeRemains(root).keepOnly(new Set());
    expect(await isThere()).toBe(false);
  });

  test.each<[string, Overrides<PersistentVolume>]>([
    ['somebody made by hand', { metadata: { annotations: undefined } }],
    ['is a directory of more than itself', { spec: { hostPath: { path: '/var' }, csi: undefined } }],
  ])('stays where it %s', async (_, change) => {
    const made = bound(deleted);
    const volume = override(made, change);
    objects[1] = volume;
    const isThere = await written();
    await new VolumeRemains(root).gone(volume);
    await new VolumeRemains(root).keepOnly(new Set());
    expect(await isThere()).toBe(true);
  });

  test('stays where it is to be kept, also where that was said later', async () => {
    const volume = bound(deleted);
    const isThere = await written();
    const kept = { ...volume, spec: { ...volume.spec, persistentVolumeReclaimPolicy: 'Retain' } };
    const remains = new VolumeRemains(root);
    await remains.seen(kept);
    await remains.gone(volume);
    await remains.keepOnly(new Set());
    expect(await isThere()).toBe(true);
  });
});

test.each([
  ['..', 'v-..'],
  ['../../etc', 'v-..%2F..%2Fetc'],
  ['', 'v-'],
])('a handle %j names a directory of its own', (volumeHandle, name) => {
  const volume = persistentVolume({ spec: { hostPath: undefined, csi: { driver: 'd', volumeHandle } } });
  expect(persistentDirectory(volume, 'a')).toBe(join('persistent-volumes', 'v-d', name));
});

test('a path leads out of no node, and a long handle is cut to a hash', () => {
  const path = persistentVolume({ spec: { hostPath: { path: '/../../etc' } } });
  expect(persistentDirectory(path, 'a')).toBe(join('host-paths', 'a', 'etc'));
  const long = persistentVolume({ spec: { hostPath: undefined, csi: { driver: 'd', volumeHandle: 'x'.repeat(500) } } });
  expect(persistentDirectory(long, 'a').length).toBeLessThan(120);
});
