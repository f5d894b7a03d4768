import { atPace, type Steps } from '@binnacle/machinery-context';
import { StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { isStorageError, StorageError } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AdmissionAttributes } from './admission.js';
import { stepOf } from './create-object.js';
import type { ResourceCore } from './resource-core.js';
import type { ResourceStore } from './resource-store.js';
import { configMap, namesIn, type RegistryBench, registryBench } from './testing/registry-bench.js';

const DEFAULT = { namespace: 'default' };
let bench: RegistryBench;
let maps: ResourceStore;
const admitted: AdmissionAttributes[] = [];
let refuse: Error | undefined;
beforeEach(async () => {
  admitted.length = 0;
  refuse = undefined;
  const admission = {
    admit: (_: unknown, attributes: AdmissionAttributes) => {
      admitted.push(attributes);
      if (attributes.object?.metadata.labels?.mutate) attributes.object.data = { key: 'by admission' };
    },
    validate: () => {
      if (refuse) throw refuse;
    },
  };
  bench = await registryBench({ admission });
  maps = bench.store('configmaps');
});

const create = async (draft: UnstructuredObject, target: { namespace: string; name?: string } = DEFAULT) =>
  maps.decode(await maps.create(bench.ctx, target, draft));

describe('a new object', () => {
  test('is stamped by the server, whatever the client says', async () => {
    const lies = {
      uid: 'mine',
      creationTimestamp: '1999-01-01T00:00:00Z',
      deletionTimestamp: '1999-01-01T00:00:00Z',
      deletionGracePeriodSeconds: 5,
      selfLink: '/x',
      managedFields: [],
    };
    const { metadata } = await create({ ...configMap('a'), metadata: { name: 'a', ...lies } });
    expect(metadata).toEqual({
      name: 'a',
      namespace: 'default',
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      creationTimestamp: '2026-01-01T00:00:00Z',
      resourceVersion: '1',
      managedFields: [
        {
          manager: 'binnacle-api-server',
          operation: 'Update',
          apiVersion: 'v1',
          time: '2026-01-01T00:00:00Z',
          fieldsType: 'FieldsV1',
          // What only the server says belongs to nobody.
          fieldsV1: { 'f:data': { '.': {}, 'f:key': {} } },
        },
      ],
    });
  });

  test('belongs to its maker, what admission and the rules of its kind add to it to nobody', async () => {
    const { data: _data, ...draft } = configMap('a');
    const { metadata, data } = await create({ ...draft, metadata: { name: 'a', labels: { mutate: 'yes' } } });
    expect(data).toEqual({ key: 'by admission' });
    expect(metadata.managedFields?.map(({ fieldsV1 }) => fieldsV1)).toEqual([
      { 'f:metadata': { 'f:labels': { '.': {}, 'f:mutate': {} } } },
    ]);
  });

  test('takes what its URL says where it says nothing, and must not contradict it', async () => {
    const nameless = () => ({ ...configMap('x'), metadata: {} });
    expect((await create(nameless(), { namespace: 'shop', name: 'b' })).metadata).toMatchObject({
      namespace: 'shop',
      name: 'b',
    });
    await expect(create(configMap('a'), { namespace: 'default', name: 'b' })).rejects.toMatchObject({
      reason: 'BadRequest',
      message: 'the name of the object (a) does not match the name on the URL (b)',
    });
    const elsewhere = { ...configMap('a'), metadata: { name: 'a', namespace: 'shop' } };
    await expect(create(elsewhere)).rejects.toMatchObject({ reason: 'BadRequest' });
  });

  test('of the cluster has no namespace, whatever it says', async () => {
    const nodes = bench.store('nodes');
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', namespace: 'default' } };
    const { metadata } = nodes.decode(await nodes.create(bench.ctx, { namespace: '' }, node));
    expect(metadata).not.toHaveProperty('namespace');
  });

  test('must have a name, and no resourceVersion', async () => {
    await expect(create({ ...configMap('x'), metadata: {} })).rejects.toMatchObject({
      reason: 'Invalid',
      details: { causes: [{ field: 'metadata.name', reason: 'FieldValueRequired' }] },
    });
    const read = { ...configMap('a'), metadata: { name: 'a', resourceVersion: '7' } };
    await expect(create(read)).rejects.toMatchObject({ code: 500 });
    const zero = { ...configMap('a'), metadata: { name: 'a', resourceVersion: '0' } };
    expect((await create(zero)).metadata.resourceVersion).toBe('1');
  });

  test('is there once', async () => {
    await create(configMap('a'));
    await expect(create(configMap('a'))).rejects.toMatchObject({
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
    });
    expect((await create(configMap('a'), { namespace: 'shop' })).metadata.namespace).toBe('shop');
  });

  test('that is not valid says every field that is wrong, and is not there', async () => {
    const wrong = { ...configMap('Not A Name'), data: { '//': 'x' } };
    await expect(create(wrong)).rejects.toMatchObject({
      reason: 'Invalid',
      details: { causes: [{ field: 'metadata.name' }, { field: 'data[//]' }] },
    });
    expect(await namesIn(bench, 'configmaps')).toEqual([]);
  });

  test('warns of what will not last, and is made all the same', async () => {
    const pods = bench.store('pods');
    const containers = [
      {
        name: 'c',
        image: 'i',
        env: [
          { name: 'A', value: '1' },
          { name: 'A', value: '2' },
        ],
      },
    ];
    await pods.create(bench.ctx, DEFAULT, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers },
    });
    expect(bench.warnings).toEqual([expect.stringContaining('hides previous definition of "A"')]);
  });
});

describe('admission', () => {
  test('may change the draft, which is validated afterwards', async () => {
    const { data } = await create({ ...configMap('a'), metadata: { name: 'a', labels: { mutate: 'yes' } } });
    expect(data).toEqual({ key: 'by admission' });
    expect(admitted).toMatchObject([
      { operation: 'CREATE', namespace: 'default', name: 'a', subresource: '', dryRun: false },
    ]);
  });

  test('may refuse what is valid, and then nothing is written', async () => {
    refuse = new StatusError(403, 'Forbidden', 'a policy');
    await expect(create(configMap('a'))).rejects.toBe(refuse);
    expect(bench.storage.writes).toBe(0);
  });
});

describe('a name that is generated', () => {
  const draft = () => ({ ...configMap('x'), metadata: { generateName: 'web-' } });

  test('begins as asked, ends at random, and is never too long', async () => {
    expect((await create(draft())).metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    const long = { ...configMap('x'), metadata: { generateName: 'a'.repeat(80) } };
    expect((await create(long)).metadata.name).toHaveLength(63);
  });

  test('is another one where that is taken', async () => {
    for (let tries = 0; tries < 3; tries += 1)
      bench.storage.beforeNext(() => {
        throw new StorageError('exists', 'taken');
      });
    expect((await create(draft())).metadata.name).toMatch(/^web-/);
    expect(bench.storage.writes).toBe(1);
  });

  test('is given up after eight that were taken, and the client may ask again', async () => {
    const tried = new Set<string>();
    for (let tries = 0; tries < 8; tries += 1)
      bench.storage.beforeNext(({ key }) => {
        tried.add(key.name);
        throw new StorageError('exists', 'taken');
      });
    await expect(create(draft())).rejects.toMatchObject({ reason: 'AlreadyExists', details: { retryAfterSeconds: 1 } });
    expect(tried.size).toBe(8);
  });

  test('is not tried again where something else is wrong', async () => {
    bench.storage.beforeNext(() => {
      throw new StorageError('unavailable', 'the database is down');
    });
    await expect(create(draft())).rejects.toMatchObject({ code: 503, reason: 'ServiceUnavailable' });
  });
});

describe('what is only tried', () => {
  const tryOut = (draft: UnstructuredObject) => maps.create(bench.ctx, DEFAULT, draft, { dryRun: true });

  test('answers what would be there, and is not', async () => {
    const tried = maps.decode(await tryOut(configMap('a')));
    expect(tried.metadata).toMatchObject({ name: 'a', uid: expect.any(String) });
    expect(await namesIn(bench, 'configmaps')).toEqual([]);
    expect(admitted).toMatchObject([{ dryRun: true }]);
  });

  test('shows the version that was sent, which a create that is meant is refused for', async () => {
    const sent = (resourceVersion: string) => ({ ...configMap('a'), metadata: { name: 'a', resourceVersion } });
    expect(maps.decode(await tryOut(sent('42'))).metadata.resourceVersion).toBe('42');
    await expect(create(sent('42'))).rejects.toMatchObject({ reason: 'InternalError' });
  });

  test('is refused where it could not be done', async () => {
    await create(configMap('a'));
    await expect(tryOut(configMap('a'))).rejects.toMatchObject({ reason: 'AlreadyExists' });
    await expect(tryOut(configMap('//'))).rejects.toMatchObject({ reason: 'Invalid' });
  });
});

describe('what a kind takes before it is written', () => {
  let released: number;
  beforeEach(async () => {
    released = 0;
    const hooks = () => ({
      '/configmaps': {
        beforeCreate: async () => async () => {
          released += 1;
        },
      },
    });
    bench = await registryBench({ hooks });
    maps = bench.store('configmaps');
  });

  test('is kept where the write succeeds, and given back where it does not', async () => {
    await create(configMap('a'));
    expect(released).toBe(0);
    await expect(create(configMap('a'))).rejects.toMatchObject({ reason: 'AlreadyExists' });
    expect(released).toBe(1);
  });

  test('is given back after a try', async () => {
    await maps.create(bench.ctx, DEFAULT, configMap('a'), { dryRun: true });
    expect(released).toBe(1);
  });

  test('is given back also to who has gone meanwhile', async () => {
    const client = new AbortController();
    bench.storage.beforeNext(() => {
      client.abort(new Error('gone'));
      throw new StorageError('unavailable', 'down');
    });
    const creating = maps.create(bench.as('alice', client.signal), DEFAULT, configMap('a'));
    await expect(creating).rejects.toMatchObject({ reason: 'ServiceUnavailable' });
    expect(released).toBe(1);
  });
});

test('a cluster that is not there is not found', async () => {
  const elsewhere = { ...bench.ctx, cluster: 'nowhere' };
  await expect(maps.create(elsewhere, DEFAULT, configMap('a'))).rejects.toMatchObject({ reason: 'NotFound' });
  await expect(bench.storage.revision(bench.ctx, 'nowhere')).rejects.toSatisfy((error) =>
    isStorageError(error, 'unknownCluster'),
  );
});

describe('a step of a large write', () => {
  const left = new Error('the client has left');
  /** Others would be let in after each step, but whoever asked has left. */
  const core = {
    inTurns: (work: unknown) => atPace(work as Steps<unknown>, { isDue: true, rest: () => Promise.reject(left) }),
  } as unknown as ResourceCore;

  test('that has to be waited for fails as itself, and nobody is surprised by it', async () => {
    const failure = new Error('not made');
    await expect(stepOf(core, bench.ctx, true, () => Promise.reject(failure))).rejects.toBe(failure);
  });

  test('that is done at once ends where the client has left', async () => {
    await expect(stepOf(core, bench.ctx, true, () => 'made')).rejects.toBe(left);
  });
});
