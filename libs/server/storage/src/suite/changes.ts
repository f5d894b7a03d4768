import type { FakeClock } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import type { ChangePage, ChangeRange, Revision } from '../types.js';
import { Bench } from './fixture.js';

const LARGE = 'x'.repeat(1 << 20);

export function changeTests(bench: () => Promise<Bench>): void {
  const read = (b: Bench, range: Partial<ChangeRange>): Promise<ChangePage> =>
    b.under.storage.changes(b.ctx, {
      cluster: b.cluster,
      after: 0,
      upTo: 6,
      order: 'newestFirst',
      limit: 100,
      ...range,
    });
  const told = ({ changes }: ChangePage) =>
    changes.map(
      ({ type, object, previous }) => `${type} ${object.key.name}@${object.revision}<${previous?.revision ?? ''}`,
    );
  const numbers = ({ changes }: ChangePage) => changes.map(({ object }) => object.revision);
  const story = async (b: Bench) => {
    const a = await b.create('a');
    const other = await b.create('c', { resource: 'apps/deployments', namespace: 'other' });
    const a2 = await b.update(a, { text: 'two' });
    await b.remove(other);
    await b.create('node', { resource: 'nodes', namespace: '' });
    await b.update(a2, { text: 'three' });
  };

  describe('changes', () => {
    it('are read from either end, with what they replaced and who made them', async () => {
      const b = await bench();
      await story(b);
      const newest = await read(b, {});
      const lines = ['MODIFIED a@6<3', 'ADDED node@5<', 'DELETED c@4<2', 'MODIFIED a@3<1', 'ADDED c@2<', 'ADDED a@1<'];
      expect(told(newest)).toEqual(lines);
      expect(newest).toMatchObject({ more: false, reached: 1 });
      expect(newest.changes[0]?.actor).toEqual({ user: 'alice', client: 'suite/1' });
      const oldest = await read(b, { order: 'oldestFirst' });
      expect(told(oldest)).toEqual([...lines].reverse());
      expect(oldest).toMatchObject({ more: false, reached: 6 });
      expect(numbers(await read(b, { after: 2, upTo: 4 }))).toEqual([4, 3]);
      expect(await read(b, { after: 4, upTo: 4 })).toMatchObject({ changes: [], more: false });
    });

    it('come in pages from either end', async () => {
      const b = await bench();
      await story(b);
      const first = await read(b, { limit: 4 });
      expect([numbers(first), first.reached, first.more]).toEqual([[6, 5, 4, 3], 3, true]);
      const second = await read(b, { limit: 4, upTo: first.reached - 1 });
      expect([numbers(second), second.more]).toEqual([[2, 1], false]);
      const forward = await read(b, { limit: 4, order: 'oldestFirst' });
      expect([numbers(forward), forward.reached, forward.more]).toEqual([[1, 2, 3, 4], 4, true]);
      const rest = await read(b, { limit: 4, order: 'oldestFirst', after: forward.reached });
      expect([numbers(rest), rest.more]).toEqual([[5, 6], false]);
    });

    it('are found by object, by user and by what was done', async () => {
      const b = await bench();
      await story(b);
      const found = async (filter: ChangeRange['filter']) => numbers(await read(b, { filter }));
      expect(await found({ name: 'a' })).toEqual([6, 3, 1]);
      expect(await found({ group: 'apps', resource: 'deployments' })).toEqual([4, 2]);
      expect(await found({ resource: 'deployments' })).toEqual([4, 2]);
      expect(await found({ group: '' })).toEqual([6, 5, 3, 1]);
      expect(await found({ group: '', resource: 'deployments' })).toEqual([]);
      expect(await found({ namespaces: [''] })).toEqual([5]);
      expect(await found({ namespaces: ['other', ''], type: 'DELETED' })).toEqual([4]);
      expect(await found({ user: 'alice', name: 'node' })).toEqual([5]);
      expect(await found({ user: 'ali' })).toEqual([]);
      const page = await read(b, { filter: { name: 'a' }, limit: 2 });
      expect([numbers(page), page.reached, page.more]).toEqual([[6, 3], 3, true]);
    });

    it('hold no more than some megabytes a page, however large what they replaced was', async () => {
      const b = await bench();
      let object = await b.create('a', { text: LARGE });
      for (let i = 0; i < 5; i += 1) {
        object = await b.update(object, { text: 'small' });
        object = await b.update(object, { text: LARGE });
      }
      const page = await read(b, { upTo: 11 });
      expect([page.changes.length, page.more, page.reached]).toEqual([8, true, 4]);
      expect(numbers(await read(b, { upTo: page.reached - 1 }))).toEqual([3, 2, 1]);
    });

    it('go back as far as history does, and are not promised beyond', async () => {
      const b = await bench();
      await story(b);
      await b.under.storage.compact(b.ctx, b.cluster, 4);
      const kept = await read(b, {});
      expect([numbers(kept), kept.more]).toEqual([[6, 5], false]);
      expect(await read(b, { upTo: 3 })).toMatchObject({ changes: [], more: false });
      await expect(read(b, { order: 'oldestFirst', after: 3 })).rejects.toMatchObject({ code: 'expired' });
      expect(numbers(await read(b, { order: 'oldestFirst', after: 4 }))).toEqual([5, 6]);
      await expect(read(b, { upTo: 7 })).rejects.toMatchObject({ code: 'future' });
      const unknown = b.under.storage.changes(b.ctx, {
        cluster: 'none',
        after: 0,
        upTo: 0,
        order: 'newestFirst',
        limit: 1,
      });
      await expect(unknown).rejects.toMatchObject({ code: 'unknownCluster' });
    });

    it('keep which request made them', async () => {
      const b = await bench();
      const actor = { user: 'bob', client: 'kubectl', requestId: 'c0ffee' };
      const object = await b.create('a');
      const { key, revision: expected, body, attributes } = object;
      await b.under.storage.write(b.ctx, { op: 'update', expected, key, body, attributes, actor });
      const page = await read(b, { upTo: 2 });
      expect(page.changes.map((change) => change.actor)).toEqual([actor, { user: 'alice', client: 'suite/1' }]);
    });
  });

  describe('the revision of a time', () => {
    const timesOf = async (b: Bench, upTo: Revision) =>
      (await read(b, { upTo, order: 'oldestFirst' })).changes.map(({ time }) => time);
    const at = (b: Bench, time: number) => b.under.storage.revisionAt(b.ctx, b.cluster, time);
    /** Writes so that no two changes have the same time, whatever clock they are stamped by. */
    const apart = async (b: Bench, count: number) => {
      for (let i = 0; i < count; i += 1) {
        await nextMoment(b);
        await b.create(`at-${i}`);
      }
      return timesOf(b, count);
    };
    const nextMoment = async (b: Bench) => {
      (b.ctx.clock as FakeClock).step(10);
      const before = Date.now();
      while (Date.now() <= before + 1) await new Promise(setImmediate);
    };

    it('is the newest that was committed by then', async () => {
      const b = await bench();
      const times = await apart(b, 9);
      for (const [index, time] of times.entries()) {
        expect(await at(b, time)).toBe(index + 1);
        expect(await at(b, time - 1)).toBe(index);
      }
      expect(await at(b, Number(times[8]) + 1e9)).toBe(9);
    });

    it('is not known for times before the history that is kept', async () => {
      const b = await bench();
      const times = await apart(b, 4);
      await expect(at(b, 0)).rejects.toMatchObject({ code: 'expired' });
      await b.under.storage.compact(b.ctx, b.cluster, 2);
      expect(await at(b, Number(times[1]))).toBe(2);
      await expect(at(b, Number(times[1]) - 1)).rejects.toMatchObject({ code: 'expired' });
      expect(await at(b, Number(times[2]))).toBe(3);
      await expect(b.under.storage.revisionAt(b.ctx, 'none', 0)).rejects.toMatchObject({ code: 'unknownCluster' });
    });

    it('begins for a fork with the fork', async () => {
      const b = await bench();
      await apart(b, 3);
      const fork = new Bench(b.ctx, b.under, `${b.cluster}-fork`);
      const { createdAt } = await b.under.storage.forkCluster(b.ctx, b.cluster, 2, fork.cluster);
      expect(await at(fork, createdAt)).toBe(2);
      await expect(at(fork, createdAt - 1)).rejects.toMatchObject({ code: 'expired' });
      await fork.create('own');
      expect(await at(fork, Date.now() + 1e9)).toBe(3);
    });
  });
}
