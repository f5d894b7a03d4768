import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { MemoryStorage, type WatchItem } from '@binnacle/server-storage';
import { ChangingSets, widgets } from '@binnacle/testing-cluster';
import { expect, test } from 'vitest';
import { admitEverything, indexedFields, KindLeft, Registry, type RequestContext, systemContext } from './index.js';

interface Bench {
  readonly sets: ChangingSets;
  readonly registry: Registry;
  ctx(cluster: string): RequestContext;
}

async function bench(): Promise<Bench> {
  const server = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
  const storage = new MemoryStorage();
  for (const name of ['main', 'other']) await storage.createCluster(server, name);
  const sets = new ChangingSets();
  const registry = new Registry({ sets, storage, admission: admitEverything });
  return { sets, registry, ctx: (cluster) => systemContext(server, cluster) };
}

const draft = () => ({ apiVersion: 'example.io/v1', kind: 'Widget', metadata: { name: 'a' }, spec: { size: 'large' } });
const anywhere = { namespace: 'default' };

test('each cluster serves its own kinds, and those of equal sets share their stores', async () => {
  const { sets, registry, ctx } = await bench();
  const before = await registry.of(ctx('main'));
  expect(before).toBe(registry.builtin);
  const kind = widgets();
  sets.serve('main', '1', kind);
  const [main, other] = [await registry.of(ctx('main')), await registry.of(ctx('other'))];
  const store = main.find('example.io', 'v1', 'widgets');
  expect(store?.definition).toBe(kind);
  expect(main.findKind({ group: 'example.io', version: 'v1', kind: 'Widget' })).toBe(store);
  expect(main.find('', 'v1', 'pods')).toBe(registry.get('', 'v1', 'pods'));
  expect(other).toBe(before);
  expect(other.find('example.io', 'v1', 'widgets')).toBeUndefined();
});

test('what is known is answered at once, what is at rest when it has been read', async () => {
  const { sets, registry, ctx } = await bench();
  sets.resting.add('main');
  expect(registry.peek('main')).toBeUndefined();
  const waiting = registry.of(ctx('main'));
  expect(waiting).toBeInstanceOf(Promise);
  expect(await waiting).toBe(registry.of(ctx('main')));
});

test('a watch ends when its kind leaves or becomes another, and goes on when others do', async () => {
  const { sets, registry, ctx } = await bench();
  sets.serve('main', '1', widgets());
  const store = (await registry.of(ctx('main'))).get('example.io', 'v1', 'widgets');
  const watch = await store.watch(ctx('main'), anywhere, {});
  const seen: WatchItem[] = [];
  const reading = (async () => {
    for await (const batch of watch) seen.push(...batch);
  })();
  await store.create(ctx('main'), anywhere, draft());
  sets.serve('other', '2');
  sets.serve('main', '3', store.definition, { ...widgets(), group: 'more.example.io' });
  await store.create(ctx('main'), anywhere, { ...draft(), metadata: { name: 'b' } });
  sets.serve('main', '4', widgets('colour'));
  await expect(reading).rejects.toThrow(KindLeft);
  const names = seen.flatMap((item) => (item.kind === 'change' ? [item.change.object.key.name] : []));
  expect(names).toEqual(['a', 'b']);
});

test('a kind that has left is not there to be watched', async () => {
  const { sets, registry, ctx } = await bench();
  sets.serve('main', '1', widgets());
  const store = (await registry.of(ctx('main'))).get('example.io', 'v1', 'widgets');
  sets.serve('main', '2');
  await expect(store.watch(ctx('main'), anywhere, {})).rejects.toMatchObject({ code: 404 });
});

test('fields are indexed where a kind of the cluster says so', async () => {
  const { sets } = await bench();
  const fieldsOf = indexedFields(sets);
  expect(fieldsOf('main', 'pods')).toContain('spec.nodeName');
  expect(fieldsOf('main', 'example.io/widgets')).toEqual([]);
  sets.serve('main', '1', { ...widgets(), fields: { 'spec.size': () => '' }, indexedFields: ['spec.size'] });
  expect(fieldsOf('main', 'example.io/widgets')).toEqual(['spec.size']);
  expect(fieldsOf('other', 'example.io/widgets')).toEqual([]);
});
