import { type DeleteOptions, StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { StorageError } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import type { ResourceStore } from './resource-store.js';
import { configMap, namesIn, pod, type RegistryBench, registryBench } from './testing/registry-bench.js';

const PLACE = { namespace: 'default', name: 'a' };
let bench: RegistryBench;
let maps: ResourceStore;
let pods: ResourceStore;
beforeEach(async () => {
  bench = await registryBench();
  maps = bench.store('configmaps');
  pods = bench.store('pods');
});

const make = (metadata: object = {}) =>
  maps.create(bench.ctx, PLACE, configMap('a', { metadata: { name: 'a', ...metadata } }));
const remove = (options?: DeleteOptions, store = maps) => store.delete(bench.ctx, PLACE, options);
const read = async (store = maps): Promise<UnstructuredObject> => store.decode(await store.get(bench.ctx, PLACE));

describe('an object that nothing holds', () => {
  test('goes at once, and its last state is answered', async () => {
    await make();
    const { removed, stored } = await remove();
    expect([removed, maps.decode(stored)]).toMatchObject([
      true,
      { data: { key: 'value' }, metadata: { resourceVersion: '2' } },
    ]);
    await expect(read()).rejects.toMatchObject({ reason: 'NotFound', message: 'configmaps "a" not found' });
    await expect(remove()).rejects.toMatchObject({ reason: 'NotFound' });
  });

  test('stays where it was only tried', async () => {
    await make();
    const { removed, stored } = await maps.delete(bench.ctx, PLACE, {}, { dryRun: true });
    expect([removed, maps.decode(stored).metadata.name]).toEqual([true, 'a']);
    expect(await read()).toMatchObject({ metadata: { resourceVersion: '1' } });
  });
});

describe('a Job', () => {
  const PODS_STAY = expect.stringContaining('child pods are preserved by default when jobs are deleted');

  test.each<[said: string, options: DeleteOptions | undefined, warnings: unknown[]]>([
    ['nothing', undefined, [PODS_STAY]],
    ['something else', { gracePeriodSeconds: 0 }, [PODS_STAY]],
    ['a policy', { propagationPolicy: 'Background' }, []],
    ['it in the old way', { orphanDependents: false }, []],
  ])('warns that its Pods stay who says %s of them', async (_, options, warnings) => {
    await expect(remove(options, bench.store('jobs', 'batch'))).rejects.toMatchObject({ reason: 'NotFound' });
    expect(bench.warnings).toEqual(warnings);
  });

  test('warns of them all together too', async () => {
    await bench.store('jobs', 'batch').deleteCollection(bench.ctx, {});
    expect(bench.warnings).toEqual([PODS_STAY]);
  });
});

describe('preconditions', () => {
  test.each([
    [
      'uid',
      { uid: 'another' },
      /the UID in the precondition \(another\) does not match .* deleted and then recreated$/,
    ],
    [
      'revision',
      { resourceVersion: '99' },
      /the ResourceVersion in the precondition \(99\) .* might have been modified$/,
    ],
  ])('of the %s are those of the very object', async (_, preconditions, message) => {
    await make();
    await expect(remove({ preconditions })).rejects.toMatchObject({
      reason: 'Conflict',
      message: expect.stringMatching(message),
    });
    expect(await namesIn(bench, 'configmaps')).toEqual(['a']);
  });

  test('that hold let it go', async () => {
    const { metadata } = maps.decode(await make());
    const { uid, resourceVersion } = metadata;
    expect(await remove({ preconditions: { uid, resourceVersion } })).toMatchObject({ removed: true });
  });
});

describe('what is held by finalizers', () => {
  test('is marked, once, and says when it began to go', async () => {
    await make({ finalizers: ['example.com/hold'] });
    expect(await remove()).toMatchObject({ removed: false });
    const marked = await read();
    expect(marked.metadata).toMatchObject({ deletionTimestamp: '2026-01-01T00:00:00Z', deletionGracePeriodSeconds: 0 });
    bench.clock.step(60_000);
    await remove();
    expect(await read()).toEqual(marked);
  });

  test.each([
    ['Foreground', 'foregroundDeletion'],
    ['Orphan', 'orphan'],
  ] as const)('in the manner of %s is a finalizer too', async (propagationPolicy, finalizer) => {
    await make();
    expect(await remove({ propagationPolicy })).toMatchObject({ removed: false });
    expect((await read()).metadata.finalizers).toEqual([finalizer]);
  });

  test('may be given another manner as long as it stands', async () => {
    await make();
    await remove({ propagationPolicy: 'Foreground' });
    await remove({ propagationPolicy: 'Orphan' });
    expect((await read()).metadata.finalizers).toEqual(['orphan']);
    expect(await remove({ propagationPolicy: 'Background' })).toMatchObject({ removed: true });
  });
});

describe('a Pod that a node has', () => {
  beforeEach(async () => {
    await pods.create(bench.ctx, PLACE, pod('a', {}, { nodeName: 'n' }));
  });
  const grace = async () => (await read(pods)).metadata.deletionGracePeriodSeconds;

  test('is given the time it asks for, and goes when its kubelet says so', async () => {
    expect(await remove({}, pods)).toMatchObject({ removed: false });
    expect((await read(pods)).metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: '2026-01-01T00:00:30Z',
    });
    expect(await remove({ gracePeriodSeconds: 0 }, pods)).toMatchObject({ removed: true });
  });

  test('may be given less time than before, never more', async () => {
    await remove({ gracePeriodSeconds: 10 }, pods);
    await remove({ gracePeriodSeconds: 60 }, pods);
    expect(await grace()).toBe(10);
    await remove({ gracePeriodSeconds: 3 }, pods);
    expect(await grace()).toBe(3);
  });

  test('goes at once where it has ended', async () => {
    await pods.update(bench.ctx, PLACE, (current) => ({ ...current, status: { phase: 'Succeeded' } }), {
      rules: 'status',
    });
    expect(await remove({}, pods)).toMatchObject({ removed: true });
  });
});

test('a Pod that no node has goes at once', async () => {
  await pods.create(bench.ctx, PLACE, pod('a'));
  expect(await remove({}, pods)).toMatchObject({ removed: true });
});

describe('where another writes meanwhile', () => {
  test('the deletion is of the newest state', async () => {
    await make();
    bench.storage.beforeNext(async () => {
      const finalizers = ['example.com/hold'];
      const hold = (current: UnstructuredObject) => ({ ...current, metadata: { ...current.metadata, finalizers } });
      await bench.replica.get('', 'v1', 'configmaps').update(bench.ctx, PLACE, hold);
    });
    expect(await remove()).toMatchObject({ removed: false });
    expect((await read()).metadata.finalizers).toEqual(['example.com/hold']);
  });

  test('one that is given up says so', async () => {
    await make();
    for (let round = 0; round < 100; round += 1)
      bench.storage.beforeNext(() => {
        throw new StorageError('conflict', 'lost');
      });
    await expect(remove()).rejects.toMatchObject({ reason: 'Conflict' });
  });

  test('one that is gone is not found', async () => {
    await make();
    bench.storage.beforeNext(async () => {
      await bench.replica.get('', 'v1', 'configmaps').delete(bench.ctx, PLACE);
    });
    await expect(remove()).rejects.toMatchObject({ reason: 'NotFound' });
  });
});

test('admission may keep an object', async () => {
  const refusal = new StatusError(403, 'Forbidden', 'it is needed');
  const admission = {
    admit: (_: unknown, { operation }: { operation: string }) => {
      if (operation === 'DELETE') throw refusal;
    },
    validate: () => undefined,
  };
  bench = await registryBench({ admission });
  maps = bench.store('configmaps');
  await make();
  await expect(remove()).rejects.toBe(refusal);
});

test('what follows a deletion that is done does not undo it', async () => {
  const hooks = () => ({
    '/configmaps': {
      afterDelete: async () => {
        throw new Error('down');
      },
    },
  });
  bench = await registryBench({ hooks });
  maps = bench.store('configmaps');
  await make();
  expect(await remove()).toMatchObject({ removed: true });
});

describe('a collection', () => {
  const fill = async (count: number) => {
    for (let at = 0; at < count; at += 1) await maps.create(bench.ctx, selection, configMap(`m${at}`));
  };
  const selection = { namespace: 'default' };

  test('goes whole, however many there are, and leaves other namespaces alone', async () => {
    await fill(40);
    await maps.create(bench.ctx, { namespace: 'shop' }, configMap('other'));
    const { deleted, revision } = await maps.deleteCollection(bench.ctx, selection);
    expect(revision).toBeGreaterThan(0);
    expect(deleted).toHaveLength(40);
    expect([await namesIn(bench, 'configmaps'), await namesIn(bench, 'configmaps', 'shop')]).toEqual([[], ['other']]);
  });

  test('is what the selection holds', async () => {
    await fill(3);
    const matches = (_: unknown, { name }: { name: string }) => name !== 'm1';
    await maps.deleteCollection(bench.ctx, { ...selection, matches });
    expect(await namesIn(bench, 'configmaps')).toEqual(['m1']);
  });

  test('loses nothing by one that has gone meanwhile', async () => {
    await fill(3);
    bench.storage.beforeNext(
      async () => void (await bench.replica.get('', 'v1', 'configmaps').delete(bench.ctx, { ...PLACE, name: 'm1' })),
    );
    await maps.deleteCollection(bench.ctx, selection);
    expect(await namesIn(bench, 'configmaps')).toEqual([]);
  });

  test('stops with its client', async () => {
    await fill(40);
    const client = new AbortController();
    bench.storage.beforeNext(() => client.abort(new StatusError(499, '', 'gone')));
    await expect(maps.deleteCollection(bench.as('alice', client.signal), selection)).rejects.toMatchObject({
      code: 499,
    });
    expect((await namesIn(bench, 'configmaps')).length).toBeGreaterThan(0);
  });
});
