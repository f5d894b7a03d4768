import { StatusError, type UnstructuredObject } from '@binnacle/machinery-meta';
import { StorageError } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AdmissionAttributes } from './admission.js';
import type { ResourceStore } from './resource-store.js';
import { configMap, namesIn, pod, type RegistryBench, registryBench } from './testing/registry-bench.js';
import { AppliedObject, type UpdateOptions } from './update-object.js';

const PLACE = { namespace: 'default', name: 'a' };
let bench: RegistryBench;
let maps: ResourceStore;
let made: UnstructuredObject;
beforeEach(async () => {
  bench = await registryBench();
  maps = bench.store('configmaps');
  made = maps.decode(await maps.create(bench.ctx, PLACE, configMap('a')));
});

const withData = (data: Record<string, string>) => (current: UnstructuredObject) => ({ ...current, data });
const update = async (change: (current: UnstructuredObject) => UnstructuredObject, options?: UpdateOptions) =>
  maps.decode(await maps.update(bench.ctx, PLACE, change, options));
const read = async () => maps.decode(await maps.get(bench.ctx, PLACE));
/** What another server writes before the next write of this one. */
const writeBehind = () =>
  bench.storage.beforeNext(async () => {
    await bench.replica.get('', 'v1', 'configmaps').update(bench.ctx, PLACE, withData({ key: 'theirs' }));
  });

describe('an update', () => {
  test('that changes nothing is not written', async () => {
    bench.storage.writes = 0;
    const same = await update((current) => current);
    expect(same.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    expect(bench.storage.writes).toBe(0);
  });

  test('is made again from what another wrote meanwhile', async () => {
    writeBehind();
    const seen: unknown[] = [];
    const result = await update((current) => {
      seen.push((current.data as Record<string, string>).key);
      return { ...current, data: { ...(current.data as object), mine: 'too' } };
    });
    expect(seen).toEqual(['value', 'theirs']);
    expect(result.data).toEqual({ key: 'theirs', mine: 'too' });
  });

  test('that named a revision is refused where another wrote meanwhile', async () => {
    writeBehind();
    const stale = maps.replace(bench.ctx, PLACE, { ...made, data: { key: 'mine' } });
    await expect(stale).rejects.toMatchObject({
      reason: 'Conflict',
      message: expect.stringContaining('the object has been modified'),
    });
    expect((await read()).data).toEqual({ key: 'theirs' });
  });

  test('of another of the same name is refused', async () => {
    const other = { ...made, metadata: { ...made.metadata, uid: 'another', resourceVersion: '' } };
    await expect(maps.replace(bench.ctx, PLACE, other)).rejects.toMatchObject({
      reason: 'Conflict',
      message: expect.stringContaining('Precondition failed: UID in precondition: another'),
    });
  });

  test('of what is not there is not found', async () => {
    const nowhere = { namespace: 'default', name: 'b' };
    await expect(maps.update(bench.ctx, nowhere, (current) => current)).rejects.toMatchObject({ reason: 'NotFound' });
  });

  test('gives up on an object that changes all the while', async () => {
    for (let round = 0; round < 200; round += 1)
      bench.storage.beforeNext(() => {
        throw new StorageError('conflict', 'lost');
      });
    await expect(update(withData({ key: 'mine' }))).rejects.toMatchObject({ reason: 'Conflict' });
  });

  test('stops trying when its client has gone', async () => {
    const client = new AbortController();
    bench.storage.beforeNext(() => {
      client.abort(new StatusError(499, '', 'gone'));
      throw new StorageError('conflict', 'lost');
    });
    const updating = maps.update(bench.as('alice', client.signal), PLACE, withData({ key: 'mine' }));
    await expect(updating).rejects.toMatchObject({ code: 499 });
  });

  test('what its change throws is what is answered, once it was asked of the newest state', async () => {
    let asked = 0;
    const failing = update(() => {
      asked += 1;
      throw new StatusError(422, 'Invalid', 'no');
    });
    await expect(failing).rejects.toMatchObject({ reason: 'Invalid' });
    expect(asked).toBe(1);
  });

  test('never touches what it was given', async () => {
    const before = JSON.stringify(await read());
    await update(
      (current) => {
        (current.data as Record<string, string>).key = 'changed in place';
        return current;
      },
      { dryRun: true },
    );
    expect(JSON.stringify(await read())).toBe(before);
  });
});

test('what the server says of an object stays, whatever an update says', async () => {
  const lies = {
    uid: made.metadata.uid,
    creationTimestamp: '1999-01-01T00:00:00Z',
    generation: 9,
    selfLink: '/x',
  };
  const { metadata } = await update((current) => ({
    ...current,
    metadata: { ...current.metadata, ...lies },
    data: { key: 'new' },
  }));
  expect(metadata).toEqual({ ...made.metadata, resourceVersion: '2' });
});

test.each([
  ['deletionTimestamp', '2026-01-01T00:00:00Z', '"2026-01-01T00:00:00Z"'],
  ['deletionGracePeriodSeconds', 5, '5'],
])('%s is not set by an update', async (field, value, shown) => {
  const change = update((current) => ({ ...current, metadata: { ...current.metadata, [field]: value } }));
  await expect(change).rejects.toThrow(`metadata.${field}: Invalid value: ${shown}: field is immutable`);
});

test('what names were made of may change', async () => {
  const { metadata } = await update((current) => ({
    ...current,
    metadata: { ...current.metadata, generateName: 'other-' },
  }));
  expect(metadata.generateName).toBe('other-');
});

test('an update that leaves out what the server says is as good', async () => {
  const { metadata } = await update(() => ({ ...configMap('a'), data: { key: 'new' } }));
  expect(metadata).toEqual({ ...made.metadata, resourceVersion: '2' });
});

describe('rules', () => {
  test('of the kind refuse what may not change', async () => {
    const immutable = { ...made, immutable: true };
    await maps.replace(bench.ctx, PLACE, immutable);
    await expect(update(withData({ key: 'other' }))).rejects.toMatchObject({
      reason: 'Invalid',
      details: { causes: [{ field: 'data', reason: 'FieldValueForbidden' }] },
    });
  });

  test('of the status leave the spec alone, and those of the spec the status', async () => {
    const pods = bench.store('pods');
    await pods.create(bench.ctx, PLACE, pod('a'));
    const change = (current: UnstructuredObject) => ({
      ...current,
      spec: { ...(current.spec as object), priority: 99 },
      status: { phase: 'Running' },
    });
    const byStatus = pods.decode(
      await pods.update(bench.ctx, PLACE, change, { rules: 'status', subresource: 'status' }),
    );
    expect([byStatus.status, byStatus.spec]).toMatchObject([{ phase: 'Running' }, { containers: [{ name: 'main' }] }]);
    expect(byStatus.spec).not.toHaveProperty('priority');
    const relabelled = {
      ...byStatus,
      metadata: { ...byStatus.metadata, labels: { a: 'b' } },
      status: { phase: 'Failed' },
    };
    const bySpec = pods.decode((await pods.replace(bench.ctx, PLACE, relabelled)).stored);
    expect([bySpec.status, bySpec.metadata.labels]).toMatchObject([{ phase: 'Running' }, { a: 'b' }]);
  });

  test('are none where the change itself knows what it does', async () => {
    await maps.replace(bench.ctx, PLACE, { ...made, immutable: true });
    expect((await update(withData({ key: 'other' }), { rules: 'none' })).data).toEqual({ key: 'other' });
  });
});

describe('an object on its way out', () => {
  beforeEach(async () => {
    await update((current) => ({ ...current, metadata: { ...current.metadata, finalizers: ['example.com/hold'] } }));
    await maps.delete(bench.ctx, PLACE);
  });
  const finalizers = (...names: string[]) =>
    update((current) => ({ ...current, metadata: { ...current.metadata, finalizers: names } }));

  test('may be changed, but gets no new finalizers', async () => {
    expect((await update(withData({ key: 'late' }))).data).toEqual({ key: 'late' });
    await expect(finalizers('example.com/hold', 'example.com/more')).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining('found new finalizers []string{"example.com/more"}'),
    });
  });

  test('goes with its last finalizer', async () => {
    expect((await finalizers()).metadata.name).toBe('a');
    expect(await namesIn(bench, 'configmaps')).toEqual([]);
  });
});

describe('a PUT', () => {
  test('makes a Lease that is missing, and no ConfigMap', async () => {
    const leases = bench.store('leases', 'coordination.k8s.io');
    const lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'b', resourceVersion: '5' },
    };
    expect(await leases.replace(bench.ctx, { ...PLACE, name: 'b' }, lease)).toMatchObject({ created: true });
    const missing = maps.replace(bench.ctx, { ...PLACE, name: 'b' }, configMap('b'));
    await expect(missing).rejects.toMatchObject({ reason: 'NotFound' });
  });

  test('does not make another of the one that is meant', async () => {
    const leases = bench.store('leases', 'coordination.k8s.io');
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'b', uid: 'gone' } };
    await expect(leases.replace(bench.ctx, { ...PLACE, name: 'b' }, lease)).rejects.toMatchObject({
      reason: 'Conflict',
    });
  });

  test('must say the revision where the kind asks for it, and a patch need not', async () => {
    const services = bench.store('services');
    const spec = { ports: [{ port: 80 }], clusterIP: '10.96.0.9', clusterIPs: ['10.96.0.9'] };
    await services.create(bench.ctx, PLACE, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'a' }, spec });
    const budgets = bench.store('poddisruptionbudgets', 'policy');
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'a' },
      spec: { minAvailable: 1 },
    };
    await budgets.create(bench.ctx, PLACE, structuredClone(budget));
    await expect(budgets.replace(bench.ctx, PLACE, budget)).rejects.toMatchObject({
      reason: 'Invalid',
      message: expect.stringContaining('metadata.resourceVersion: Invalid value: 0: must be specified for an update'),
    });
    const patched = budgets.update(bench.ctx, PLACE, () => ({ ...budget, spec: { minAvailable: 2 } }), {
      unconditional: true,
    });
    await expect(patched).resolves.toBeDefined();
  });
});

describe('what a kind takes around an update', () => {
  const log: string[] = [];
  let failing = false;
  beforeEach(async () => {
    log.length = 0;
    failing = false;
    const hooks = () => ({
      '/configmaps': {
        beforeUpdate: async (_: unknown, __: unknown, ___: unknown, dryRun: boolean) => {
          log.push(dryRun ? 'tried' : 'taken');
          return async () => void log.push('given back');
        },
        afterUpdate: async () => {
          log.push('after');
          if (failing) throw new Error('down');
        },
        afterDelete: async () => void log.push('deleted'),
      },
    });
    bench = await registryBench({ hooks });
    maps = bench.store('configmaps');
    await maps.create(bench.ctx, PLACE, configMap('a'));
  });

  test('is kept once written', async () => {
    await update(withData({ key: 'new' }));
    expect(log).toEqual(['taken', 'after']);
  });

  test('is given back for each attempt that was lost', async () => {
    bench.storage.beforeNext(() => {
      throw new StorageError('conflict', 'lost');
    });
    await update(withData({ key: 'new' }));
    expect(log).toEqual(['taken', 'given back', 'taken', 'after']);
  });

  test('is given back after a try, and what follows a write is left out', async () => {
    await update(withData({ key: 'new' }), { dryRun: true });
    expect(log).toEqual(['tried', 'given back']);
  });

  test('does not undo a write by what fails after it', async () => {
    failing = true;
    expect((await update(withData({ key: 'new' }))).data).toEqual({ key: 'new' });
  });

  test('ends with the last finalizer as with a deletion', async () => {
    await update((current) => ({ ...current, metadata: { ...current.metadata, finalizers: ['example.com/hold'] } }));
    await maps.delete(bench.ctx, PLACE);
    log.length = 0;
    await update((current) => ({ ...current, metadata: { ...current.metadata, finalizers: [] } }));
    expect(log).toEqual(['taken', 'deleted']);
  });
});

test('admission is told of both states and of the endpoint', async () => {
  const told: AdmissionAttributes[] = [];
  bench = await registryBench({
    admission: { admit: (_, attributes) => void told.push(attributes), validate: () => undefined },
  });
  maps = bench.store('configmaps');
  await maps.create(bench.ctx, PLACE, configMap('a'));
  await update(withData({ key: 'new' }), { rules: 'none', subresource: 'status' });
  expect(told.at(-1)).toMatchObject({
    operation: 'UPDATE',
    subresource: 'status',
    old: { data: { key: 'value' } },
    object: { data: { key: 'new' } },
  });
});

test('who applied a field owns it until another writes it', async () => {
  const fields = { 'f:data': { 'f:key': {} } };
  const entry = { manager: 'alice', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: fields };
  const owners = JSON.stringify([entry]);
  await maps.update(bench.ctx, PLACE, (current) => new AppliedObject(current, owners));
  const bob = bench.as('bob');
  const { metadata } = maps.decode(await maps.update(bob, PLACE, withData({ key: 'bobs' })));
  expect(metadata.managedFields).toMatchObject([
    { manager: 'bob', operation: 'Update', fieldsV1: { 'f:data': { 'f:key': {} } } },
  ]);
});

test('who adds a container to a running Pod owns that and nothing else', async () => {
  const pods = bench.store('pods');
  await pods.create(bench.ctx, PLACE, pod('a'));
  const add = (current: UnstructuredObject) => {
    const spec = { ...(current.spec as object), ephemeralContainers: [{ name: 'debug', image: 'i' }] };
    return { ...current, metadata: { ...current.metadata, labels: { a: 'b' } }, spec };
  };
  const options = { rules: 'part', subresource: 'ephemeralcontainers', fieldManager: 'bob' } as const;
  const { metadata } = pods.decode(await pods.update(bench.ctx, PLACE, add, options));
  const entry = metadata.managedFields?.find(({ manager }) => manager === 'bob');
  expect(entry?.subresource).toBe('ephemeralcontainers');
  expect(Object.keys(entry?.fieldsV1 ?? {})).toEqual(['f:spec']);
  expect(Object.keys((entry?.fieldsV1 as Record<string, object>)['f:spec'] ?? {})).toEqual(['f:ephemeralContainers']);
});
