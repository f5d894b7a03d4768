import type { ResourceDefinition } from '@binnacle/apis-registry';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { MemoryStorage, parseBody } from '@binnacle/server-storage';
import { ChangingSets, widgets } from '@binnacle/testing-cluster';
import { beforeEach, describe, expect, test } from 'vitest';
import { admitEverything, Registry, type ResourceStore, selectionOf, systemContext } from './index.js';

const GROUP = 'example.io';
type Widget = UnstructuredObject & { spec?: { size?: string; colour?: string } };

/** `size` of v1 is called `colour` in v2, which is the one that is stored. */
function renamed(object: Widget, apiVersion: string): Widget {
  if (object.apiVersion === apiVersion) return object;
  const { size, colour } = object.spec ?? {};
  const spec = apiVersion.endsWith('v2') ? { colour: size } : { size: colour };
  return { ...object, apiVersion, spec };
}

const STORED = `${GROUP}/v2`;
const calls: number[] = [];
const asked = {
  convert: async (_ctx: unknown, objects: readonly UnstructuredObject[], apiVersion: string) => {
    calls.push(objects.length);
    return objects.map((object) => renamed(object as Widget, apiVersion));
  },
};
const pure = (apiVersion: string) => ({
  toStored: (object: UnstructuredObject) => renamed(object as Widget, STORED),
  fromStored: (object: UnstructuredObject) => renamed(object as Widget, apiVersion),
});

function versionOf(
  version: string,
  how: (apiVersion: string) => Partial<ResourceDefinition['storage']>,
): ResourceDefinition {
  const storage = { resource: `${GROUP}/widgets`, apiVersion: STORED, ...how(`${GROUP}/${version}`) };
  const field = version === 'v1' ? 'size' : 'colour';
  const fields = { [`spec.${field}`]: (object: Widget) => object.spec?.[field] ?? '' };
  return { ...widgets(field), version, storage, fields } as ResourceDefinition;
}

const draft = (name: string, size: string): Widget => ({
  apiVersion: `${GROUP}/v1`,
  kind: 'Widget',
  metadata: { name },
  spec: { size },
});
const place = (name: string) => ({ namespace: 'default', name });
const anywhere = { namespace: 'default' };
const latest = { revision: { at: 'latest' } } as const;

describe.each([
  ['that are pure', pure],
  ['that take longer', () => asked],
])('versions of one kind, by conversions %s', (_how, how) => {
  const server = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
  const ctx = systemContext(server, 'main');
  const [v1, v2] = [versionOf('v1', how), versionOf('v2', how)];
  let stores: { v1: ResourceStore; v2: ResourceStore };
  let storage: MemoryStorage;

  beforeEach(async () => {
    storage = new MemoryStorage();
    await storage.createCluster(server, 'main');
    const sets = new ChangingSets();
    sets.serve('main', '1', v1, v2);
    const all = await new Registry({ sets, storage, admission: admitEverything }).of(ctx);
    stores = { v1: all.get(GROUP, 'v1', 'widgets'), v2: all.get(GROUP, 'v2', 'widgets') };
    await stores.v1.create(ctx, anywhere, draft('a', 'red'));
    calls.length = 0;
  });

  test('are kept in one form, and each shows its own', async () => {
    const kept = await storage.get(ctx, { cluster: 'main', resource: 'example.io/widgets', ...place('a') });
    expect(kept && parseBody(kept)).toMatchObject({ apiVersion: STORED, spec: { colour: 'red' } });
    const [one, two] = [await stores.v1.get(ctx, place('a')), await stores.v2.get(ctx, place('a'))];
    expect(stores.v1.decode(one)).toMatchObject({ apiVersion: 'example.io/v1', spec: { size: 'red' } });
    expect(stores.v2.decode(two)).toMatchObject({ apiVersion: STORED, spec: { colour: 'red' } });
    // What is kept as it is shown is not kept twice.
    expect(two).toBe(kept);
  });

  test('are changed through either', async () => {
    const paint = (object: UnstructuredObject) => ({ ...object, spec: { size: 'blue' } });
    const changed = await stores.v1.update(ctx, place('a'), paint);
    expect(stores.v1.decode(changed).spec).toEqual({ size: 'blue' });
    expect(stores.v2.decode(await stores.v2.get(ctx, place('a'))).spec).toEqual({ colour: 'blue' });
    const { stored } = await stores.v1.delete(ctx, place('a'));
    expect(stores.v1.decode(stored).spec).toEqual({ size: 'blue' });
  });

  test('are listed and watched, many at a time and each once', async () => {
    await stores.v1.create(ctx, anywhere, draft('b', 'blue'));
    const watch = await stores.v1.watch(ctx, anywhere, {});
    const sizes: unknown[] = [];
    for await (const batch of watch) {
      for (const item of batch) if (item.kind === 'change') sizes.push(stores.v1.decode(item.change.object).spec);
      if (sizes.length === 2) break;
    }
    calls.length = 0;
    const { items } = await stores.v1.list(ctx, {}, latest);
    expect(items.map((item) => stores.v1.decode(item).spec)).toEqual(sizes);
    expect(sizes).toEqual([{ size: 'red' }, { size: 'blue' }]);
    expect(calls).toEqual([]);
  });

  test('are selected by fields of their own', async () => {
    await stores.v2.create(ctx, anywhere, renamed(draft('b', 'blue'), STORED));
    const selected = async (store: ResourceStore, fieldSelector: string) => {
      const { items } = await store.list(ctx, selectionOf(store.definition, { fieldSelector }), latest);
      return items.map(({ key }) => key.name);
    };
    expect(await selected(stores.v2, 'spec.colour=red')).toEqual(['a']);
    if (how === pure) expect(await selected(stores.v1, 'spec.size=blue')).toEqual(['b']);
  });
});
