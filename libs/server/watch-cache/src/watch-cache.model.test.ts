import type { StoredObject } from '@binnacle/server-storage';
import { type ListRevision, MemoryStorage, type Scope, type WatchItem } from '@binnacle/server-storage';
import { Bench, testContext, WatchReader } from '@binnacle/server-storage/suite';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WatchCache } from './watch-cache.js';

interface Write {
  readonly name: string;
  readonly shape: NonNullable<Parameters<Bench['create']>[1]>;
  readonly gone: boolean;
}

const shapes = fc.record({
  namespace: fc.constantFrom('a', 'b'),
  resource: fc.constantFrom('pods', 'nodes'),
  node: fc.constantFrom('n1', 'n2', ''),
  labels: fc.dictionary(fc.constantFrom('app', 'tier'), fc.constantFrom('x', 'y'), { maxKeys: 2 }),
});
const writes = fc.array(fc.record({ name: fc.constantFrom('p', 'q', 'r'), shape: shapes, gone: fc.boolean() }), {
  minLength: 1,
  maxLength: 25,
});
const windows = fc.constantFrom(1, 3, 10_000);

const matchers: readonly (Pick<Scope, 'matches' | 'index'> & { readonly about: string })[] = [
  { about: 'everything' },
  { about: 'a label', matches: ({ labels }) => labels.app === 'x' },
  {
    about: 'an indexed field',
    matches: ({ fields }) => (fields['spec.nodeName'] ?? '') === 'n1',
    index: { field: 'spec.nodeName', value: 'n1' },
  },
];
const scopes = fc
  .tuple(
    fc.constantFrom(...matchers),
    fc.constantFrom(undefined, 'a', 'b'),
    fc.constantFrom('pods', 'nodes'),
    fc.constantFrom(undefined, 'p'),
    fc.option(fc.subarray(['a', 'b', 'c', 'p', 'q']), { nil: undefined }),
  )
  .map(
    ([{ matches, index }, namespace, resource, name, visible]): Scope => ({
      cluster: 'main',
      resource,
      ...(namespace && { namespace }),
      ...(name && { name }),
      ...(visible && { namespaces: new Set(visible) }),
      ...(matches && { matches }),
      ...(index && { index }),
    }),
  );

const told = (objects: Iterable<StoredObject>) =>
  [...objects].map(({ key, revision }) => `${key.namespace}/${key.name}@${revision}`);

async function setUp(changes: number) {
  const ctx = testContext();
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  const reader = new WatchCache(ctx, storage, { window: { changes }, indexedFields: () => ['spec.nodeName'] });
  const bench = new Bench(ctx, { storage, reader, close: async () => reader.close() }, 'main');
  const live = new Map<string, StoredObject>();
  /** Makes it so, whatever was there. */
  const write = async ({ name, shape, gone }: Write): Promise<void> => {
    const id = `${shape.resource}/${shape.namespace}/${name}`;
    const known = live.get(id);
    if (!gone) live.set(id, await (known ? bench.update(known, shape) : bench.create(name, shape)));
    else if (known && live.delete(id)) await bench.remove(known);
  };
  return { ctx, storage, reader, bench, write };
}

it('answers every read as the store behind it does, of the present and of the past', async () => {
  await fc.assert(
    fc.asyncProperty(
      writes,
      windows,
      fc.array(scopes, { minLength: 1, maxLength: 3 }),
      fc.nat(4),
      async (all, changes, asked, loadAfter) => {
        const { ctx, storage, reader, write } = await setUp(changes);
        for (const [at, one] of all.entries()) {
          if (at === Math.min(loadAfter, all.length - 1))
            await reader.list(ctx, { cluster: 'main', resource: 'pods' }, { revision: { at: 'latest' } });
          await write(one);
        }
        const newest = await storage.revision(ctx, 'main');
        const revisions: ListRevision[] = [
          { at: 'latest' },
          ...Array.from({ length: newest + 1 }, (_, revision) => ({ at: 'exact', revision }) as const),
        ];
        for (const scope of asked) {
          for (const revision of revisions) {
            const [ours, theirs] = await Promise.all([
              reader.list(ctx, scope, { revision }),
              storage.list(ctx, scope, { revision }),
            ]);
            expect(told(ours.items)).toEqual(told(theirs.items));
            expect([ours.revision, ours.more]).toEqual([theirs.revision, theirs.more]);
          }
          const key = { cluster: 'main', resource: scope.resource, namespace: 'a', name: 'p' };
          for (const revision of revisions) {
            expect((await reader.get(ctx, key, revision))?.revision).toBe(
              (await storage.get(ctx, key, revision))?.revision,
            );
          }
        }
        reader.close();
      },
    ),
    { numRuns: 60 },
  );
});

it('pages come to the same as one list, wherever they are cut', async () => {
  await fc.assert(
    fc.asyncProperty(writes, windows, scopes, fc.integer({ min: 1, max: 3 }), async (all, changes, scope, limit) => {
      const { ctx, reader, write } = await setUp(changes);
      for (const one of all) await write(one);
      const whole = await reader.list(ctx, scope, { revision: { at: 'latest' } });
      const revision = { at: 'exact', revision: whole.revision } as const;
      const pages: string[] = [];
      let page = await reader.list(ctx, scope, { revision, limit });
      pages.push(...told(page.items));
      while (page.more) {
        const after = page.next ?? page.items.at(-1)?.key;
        await write({ name: 'p', shape: { namespace: 'a', resource: 'pods' }, gone: pages.length % 2 === 0 });
        page = await reader.list(ctx, scope, { revision, limit, ...(after && { after }) });
        pages.push(...told(page.items));
      }
      expect(pages).toEqual(told(whole.items));
      reader.close();
    }),
    { numRuns: 60 },
  );
});

/** Does to a copy what a watch tells. */
function take(copy: Map<string, StoredObject>, item: WatchItem): void {
  if (item.kind !== 'change') return;
  const { type, object } = item.change;
  const id = `${object.key.namespace}/${object.key.name}`;
  expect(copy.has(id)).toBe(type !== 'ADDED');
  if (type === 'DELETED') copy.delete(id);
  else copy.set(id, object);
}

it('whoever watches, from any revision on, has in the end what a list gives', async () => {
  await fc.assert(
    fc.asyncProperty(writes, windows, scopes, fc.nat(20), async (all, changes, asked, at) => {
      // What is written last is seen.
      const { namespaces, namespace = 'a' } = asked;
      const scope: Scope = { ...asked, ...(namespaces && { namespaces: new Set([...namespaces, namespace]) }) };
      const { ctx, storage, reader, write } = await setUp(changes);
      const before = at % all.length;
      for (const one of all.slice(0, before)) await write(one);
      const { revision, items } = await reader.list(ctx, scope, { revision: { at: 'latest' } });
      const copy = new Map(items.map((object) => [`${object.key.namespace}/${object.key.name}`, object]));
      for (const one of all.slice(before)) await write(one);
      const watch = new WatchReader(await reader.watch(ctx, scope, { after: revision }));
      const seen = { namespace: scope.namespace ?? 'a', resource: scope.resource, labels: { app: 'x' }, node: 'n1' };
      await write({ name: scope.name ?? 'last', shape: seen, gone: false });
      const end = await storage.revision(ctx, 'main');
      for (;;) {
        const item = await watch.next();
        take(copy, item);
        if (item.kind === 'change' && item.change.object.revision === end) break;
      }
      const now = await reader.list(ctx, scope, { revision: { at: 'latest' } });
      expect(told(copy.values()).sort()).toEqual(told(now.items).sort());
      watch.watch.close();
      reader.close();
    }),
    { numRuns: 80 },
  );
});
