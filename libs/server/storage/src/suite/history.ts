import { describe, expect, it } from 'vitest';
import { parseBody } from '../body.js';
import type { Bench } from './fixture.js';

export function historyTests(bench: () => Promise<Bench>): void {
  const stateAt = async (b: Bench, revision: number) => {
    const options = { revision: { at: 'exact', revision } } as const;
    const { items } = await b.under.reader.list(b.ctx, { cluster: b.cluster, resource: 'pods' }, options);
    return items.map((object) => `${object.key.name}@${object.revision}`);
  };
  const story = async (b: Bench) => {
    const a = await b.create('a', { text: 'one' });
    const c = await b.create('c');
    const a2 = await b.update(a, { text: 'two' });
    await b.remove(c);
    await b.create('b');
    return { a2, last: await b.update(a2, { text: 'three' }) };
  };
  const STATES = [[], ['a@1'], ['a@1', 'c@2'], ['a@3', 'c@2'], ['a@3'], ['a@3', 'b@5'], ['a@6', 'b@5']];

  describe('history', () => {
    it('can be read exactly at every revision', async () => {
      const b = await bench();
      await story(b);
      for (const [revision, state] of STATES.entries()) expect(await stateAt(b, revision)).toEqual(state);
      const past = await b.under.reader.get(b.ctx, b.key('a'), { at: 'exact', revision: 4 });
      expect(parseBody(past as NonNullable<typeof past>).spec).toMatchObject({ text: 'two' });
      expect(await b.under.reader.get(b.ctx, b.key('c'), { at: 'exact', revision: 4 })).toBeUndefined();
    });

    it('is read whole however much of it there is', async () => {
      const b = await bench();
      const objects = await Promise.all(Array.from({ length: 1_203 }, (_, at) => b.create(`p${at}`)));
      await Promise.all(objects.map((object) => (object.revision % 3 === 0 ? b.remove(object) : b.update(object))));
      const state = await stateAt(b, 1_203);
      expect(state.sort()).toEqual(objects.map(({ key, revision }) => `${key.name}@${revision}`).sort());
    });

    it('pages through the past', async () => {
      const b = await bench();
      await story(b);
      const revision = { at: 'exact', revision: 3 } as const;
      const scope = { cluster: b.cluster, resource: 'pods' };
      const first = await b.under.reader.list(b.ctx, scope, { revision, limit: 1 });
      expect([first.items[0]?.key.name, first.more, first.remaining]).toEqual(['a', true, 1]);
      const second = await b.under.reader.list(b.ctx, scope, { revision, limit: 1, after: b.key('a') });
      expect([second.items[0]?.key.name, second.more]).toEqual(['c', false]);
    });

    it('is gone after a compaction, except for what still lives', async () => {
      const b = await bench();
      await story(b);
      await b.under.storage.compact(b.ctx, b.cluster, 5);
      await expect(stateAt(b, 4)).rejects.toMatchObject({ code: 'expired' });
      expect(await stateAt(b, 5)).toEqual(STATES[5]);
      expect(await stateAt(b, 6)).toEqual(STATES[6]);
      const scope = { cluster: b.cluster, resource: 'pods' };
      await expect(b.under.reader.watch(b.ctx, scope, { after: 4 })).rejects.toMatchObject({ code: 'expired' });
      const watch = await b.under.reader.watch(b.ctx, scope, { after: 5 });
      watch.close();
      await b.under.storage.compact(b.ctx, b.cluster, 2);
      await expect(b.under.storage.compact(b.ctx, b.cluster, 99)).rejects.toMatchObject({ code: 'future' });
    });

    it('is handed over whole, with what was before', async () => {
      const b = await bench();
      await story(b);
      const changes = await b.under.storage.history(b.ctx, b.cluster, 1, 3);
      const told = changes.map(
        (change) => `${change.type} ${change.object.key.name} ${change.previous?.revision ?? '-'}`,
      );
      expect(told).toEqual(['ADDED c -', 'MODIFIED a 1', 'DELETED c 2']);
      expect(await b.under.storage.history(b.ctx, b.cluster, 6, 3)).toEqual([]);
    });

    it('can be forked at a revision', async () => {
      const b = await bench();
      const { a2, last } = await story(b);
      const name = `${b.cluster}-fork`;
      expect(await b.under.storage.forkCluster(b.ctx, b.cluster, 4, name)).toMatchObject({ name, revision: 4 });
      const fork = { ...b.key('a'), cluster: name };
      expect((await b.under.reader.get(b.ctx, fork))?.revision).toBe(3);
      const changed = await b.update({ key: fork, revision: a2.revision }, { text: 'other' });
      expect(changed.revision).toBe(5);
      expect((await b.under.reader.get(b.ctx, b.key('a')))?.revision).toBe(last.revision);
      const before = b.under.reader.list(b.ctx, fork, { revision: { at: 'exact', revision: 3 } });
      await expect(before).rejects.toMatchObject({ code: 'expired' });
    });
  });
}
