import { describe, expect, it } from 'vitest';
import type { ListOptions, ListResult, Scope } from '../types.js';
import type { Bench } from './fixture.js';

const LATEST = { at: 'latest' } as const;

function names(result: ListResult): string[] {
  return result.items.map((object) => `${object.key.namespace}/${object.key.name}`);
}

export function listTests(bench: () => Promise<Bench>): void {
  const list = (b: Bench, scope: Partial<Scope> = {}, options: Partial<ListOptions> = {}) =>
    b.under.reader.list(b.ctx, { cluster: b.cluster, resource: 'pods', ...scope }, { revision: LATEST, ...options });

  describe('lists', () => {
    it('are empty, at revision 0, in a new cluster', async () => {
      expect(await list(await bench())).toEqual({ revision: 0, items: [], more: false });
    });

    it('go by namespace, then name, and keep to their scope', async () => {
      const b = await bench();
      for (const [namespace, name] of [
        ['b', 'z'],
        ['a-b', 'x'],
        ['a', 'y'],
        ['a', 'b'],
        ['a', 'b-c'],
      ] as const) {
        await b.create(name, { namespace });
      }
      await b.create('other', { resource: 'apps/deployments' });
      await b.create('node', { resource: 'nodes', namespace: '' });
      expect(names(await list(b))).toEqual(['a/b', 'a/b-c', 'a/y', 'a-b/x', 'b/z']);
      expect(names(await list(b, { namespace: 'a' }))).toEqual(['a/b', 'a/b-c', 'a/y']);
      expect(names(await list(b, { namespace: 'a', name: 'y' }))).toEqual(['a/y']);
      expect(names(await list(b, { resource: 'nodes' }))).toEqual(['/node']);
    });

    it('hold what is in some namespaces, count the rest of these, and are read on by page, now and in the past', async () => {
      const b = await bench();
      for (const namespace of ['a', 'a-b', 'b', 'c'])
        for (const name of ['x', 'y']) await b.create(name, { namespace });
      const namespaces = new Set(['c', 'a', 'nowhere']);
      const { revision } = await list(b);
      await b.create('z', { namespace: 'a' });
      const past = { at: 'exact', revision } as const;
      const all = ['a/x', 'a/y', 'c/x', 'c/y'];
      expect(names(await list(b, { namespaces }))).toEqual([...all.slice(0, 2), 'a/z', ...all.slice(2)]);
      expect(names(await list(b, { namespaces }, { revision: past }))).toEqual(all);
      for (const [options, count] of [
        [{}, 5],
        [{ revision: past }, 4],
      ] as const) {
        const first = await list(b, { namespaces }, { ...options, limit: 1 });
        expect([names(first), first.more, first.remaining]).toEqual([['a/x'], true, count - 1]);
        const rest = await list(b, { namespaces }, { ...options, after: { namespace: 'a', name: 'y' } });
        expect(names(rest)).toEqual([...(count === 5 ? ['a/z'] : []), 'c/x', 'c/y']);
        // Behind something that is not theirs, as a client may ask.
        const behind = await list(b, { namespaces }, { ...options, after: { namespace: 'b', name: 'x' }, limit: 1 });
        expect([names(behind), behind.remaining]).toEqual([['c/x'], 1]);
      }
      expect(names(await list(b, { namespaces, namespace: 'c' }))).toEqual(['c/x', 'c/y']);
      expect(names(await list(b, { namespaces, namespace: 'b' }))).toEqual([]);
      expect(names(await list(b, { namespaces: new Set() }))).toEqual([]);
    });

    it('of Namespaces hold those that are named', async () => {
      const b = await bench();
      for (const name of ['a', 'a-b', 'b']) await b.create(name, { resource: 'namespaces', namespace: '' });
      await b.create('a', { resource: 'nodes', namespace: '' });
      const namespaces = new Set(['a', 'b']);
      const of = { resource: 'namespaces', namespaces };
      expect(names(await list(b, of))).toEqual(['/a', '/b']);
      const first = await list(b, of, { limit: 1 });
      expect([names(first), first.remaining]).toEqual([['/a'], 1]);
      expect(names(await list(b, of, { after: { namespace: '', name: 'a' } }))).toEqual(['/b']);
      expect(names(await list(b, { resource: 'nodes', namespaces }))).toEqual([]);
    });

    it('end where their bodies are too many bytes, now and in the past', async () => {
      const b = await bench();
      for (const name of ['a', 'b', 'c', 'd']) await b.create(name, { text: 'x'.repeat(1_000) });
      const past = { at: 'exact', revision: 4 } as const;
      const first = await list(b, {}, { bytes: 1_500 });
      expect([names(first), first.more]).toEqual([['default/a', 'default/b'], true]);
      await b.create('e');
      const then = await list(b, {}, { bytes: 1_500, revision: past });
      expect([names(then), then.more]).toEqual([['default/a', 'default/b'], true]);
      const all = await list(b, {}, { bytes: 100_000, revision: past });
      expect([names(all).length, all.more]).toEqual([4, false]);
    });

    it('select by attributes and by an indexed field', async () => {
      const b = await bench();
      await b.create('a', { labels: { app: 'web' }, node: 'n1' });
      await b.create('b', { labels: { app: 'db' }, node: 'n2' });
      const moved = await b.create('c', { labels: { app: 'web' }, node: 'n1' });
      await b.update(moved, { labels: { app: 'web' }, node: 'n2' });
      expect(names(await list(b, { matches: (x) => x.labels.app === 'web' }))).toEqual(['default/a', 'default/c']);
      const onNode = {
        matches: (x: { fields: Readonly<Record<string, string>> }) => x.fields['spec.nodeName'] === 'n2',
        index: { field: 'spec.nodeName', value: 'n2' },
      };
      expect(names(await list(b, onNode))).toEqual(['default/b', 'default/c']);
    });

    it('come in pages that say how many remain', async () => {
      const b = await bench();
      for (let i = 0; i < 7; i += 1) await b.create(`p${i}`);
      const first = await list(b, {}, { limit: 3 });
      expect([names(first), first.more, first.remaining]).toEqual([
        ['default/p0', 'default/p1', 'default/p2'],
        true,
        4,
      ]);
      const after = first.items[2]?.key;
      const rest = await list(b, {}, { limit: 4, ...(after && { after }) });
      expect([names(rest).length, rest.more, rest.remaining]).toEqual([4, false, undefined]);
    });

    it('keep one revision over all pages while others write', async () => {
      const b = await bench();
      const objects = await Promise.all(
        Array.from({ length: 30 }, (_, i) => b.create(`p${String(i).padStart(2, '0')}`)),
      );
      let page = await list(b, {}, { limit: 7 });
      const revision = { at: 'exact', revision: page.revision } as const;
      const seen = [...page.items];
      for (let i = 0; page.more; i += 1) {
        await b.update(objects[i * 5 + 3] as (typeof objects)[0], { text: 'changed' });
        await b.remove(objects[29 - i] as (typeof objects)[0]);
        await b.create(`p0${i}-new`);
        const after = page.items[page.items.length - 1]?.key;
        page = await list(b, {}, { limit: 7, revision, ...(after && { after }) });
        expect(page.revision).toBe(revision.revision);
        seen.push(...page.items);
      }
      const before = objects.map((object) => `${object.key.name}@${object.revision}`).sort();
      expect(seen.map((object) => `${object.key.name}@${object.revision}`)).toEqual(before);
    });

    it('are not older than asked, and refuse the future', async () => {
      const b = await bench();
      const { revision } = await b.create('a');
      expect((await list(b, {}, { revision: { at: 'notOlderThan', revision } })).items).toHaveLength(1);
      expect((await list(b, {}, { revision: { at: 'any' } })).revision).toBeLessThanOrEqual(1);
      for (const at of ['notOlderThan', 'exact'] as const) {
        await expect(list(b, {}, { revision: { at, revision: 99 } })).rejects.toMatchObject({ code: 'future' });
      }
    });

    it('refuse a cluster that does not exist', async () => {
      const b = await bench();
      await expect(list(b, { cluster: `${b.cluster}-not` })).rejects.toMatchObject({ code: 'unknownCluster' });
    });
  });
}
