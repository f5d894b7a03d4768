import { FakeClock, withSignal } from '@binnacle/machinery-context';
import { describe, expect, it } from 'vitest';
import { parseBody } from '../body.js';
import type { Scope, WatchOptions } from '../types.js';
import { ALICE, type Bench, line, WatchReader } from './fixture.js';

export function watchTests(bench: () => Promise<Bench>): void {
  const watch = async (b: Bench, options: WatchOptions, scope: Partial<Scope> = {}, ctx = b.ctx) =>
    new WatchReader(await b.under.reader.watch(ctx, { cluster: b.cluster, resource: 'pods', ...scope }, options));
  const web: Scope['matches'] = (attributes) => attributes.labels.app === 'web';

  describe('watches', () => {
    it('deliver every kind of change, in order, from a revision on', async () => {
      const b = await bench();
      const a = await b.create('a');
      const reader = await watch(b, { after: a.revision });
      const changed = await b.update(a, { text: 'x' });
      await b.create('b');
      await b.remove(changed);
      expect(await reader.changes(3)).toEqual(['MODIFIED a@2', 'ADDED b@3', 'DELETED a@4']);
      reader.watch.close();
    });

    it('deliver the past first when they start there', async () => {
      const b = await bench();
      const a = await b.create('a');
      await b.update(a);
      await b.create('b');
      const reader = await watch(b, { after: 0 });
      await b.create('c');
      expect(await reader.changes(4)).toEqual(['ADDED a@1', 'MODIFIED a@2', 'ADDED b@3', 'ADDED c@4']);
      reader.watch.close();
    });

    it('begin with the present state and a bookmark when no start is given', async () => {
      const b = await bench();
      await b.create('b');
      await b.create('a');
      await b.create('x', { resource: 'configmaps' });
      const reader = await watch(b, {});
      expect(await reader.changes(2)).toEqual(['ADDED a@2', 'ADDED b@1']);
      expect(await reader.next()).toEqual({ kind: 'bookmark', revision: 3, initial: true });
      await b.create('c');
      expect(await reader.changes(1)).toEqual(['ADDED c@4']);
      reader.watch.close();
    });

    it('say who made a change', async () => {
      const b = await bench();
      const reader = await watch(b, { after: 0 });
      await b.create('a');
      expect((await reader.change()).actor).toEqual(ALICE);
      reader.watch.close();
    });

    it('turn entering and leaving a selector into ADDED and DELETED', async () => {
      const b = await bench();
      const reader = await watch(b, { after: 0 }, { matches: web });
      const one = await b.create('a', { labels: { app: 'db' } });
      const two = await b.update(one, { labels: { app: 'web' }, text: 'in' });
      const three = await b.update(two, { labels: { app: 'web' }, text: 'still' });
      const four = await b.update(three, { labels: { app: 'db' }, text: 'out' });
      await b.remove(four);
      await b.create('end', { labels: { app: 'web' } });
      const seen = [await reader.change(), await reader.change(), await reader.change(), await reader.change()];
      expect(seen.map(line)).toEqual(['ADDED a@2', 'MODIFIED a@3', 'DELETED a@4', 'ADDED end@6']);
      const last = parseBody((seen[2] as (typeof seen)[0]).object);
      expect([last.metadata.labels, last.spec]).toEqual([{ app: 'web' }, { nodeName: '', text: 'still' }]);
      reader.watch.close();
    });

    it('judge selectors the same way when they replay the past', async () => {
      const b = await bench();
      const one = await b.create('a', { labels: { app: 'web' } });
      const two = await b.update(one, { labels: { app: 'db' } });
      await b.remove(two);
      const late = await watch(b, { after: 1 }, { matches: web });
      await b.create('end', { labels: { app: 'web' } });
      expect(await late.changes(2)).toEqual(['DELETED a@2', 'ADDED end@4']);
      late.watch.close();
    });

    it('keep to a namespace and a name', async () => {
      const b = await bench();
      const reader = await watch(b, { after: 0 }, { namespace: 'ns', name: 'a' });
      await b.create('a', { namespace: 'other' });
      await b.create('b', { namespace: 'ns' });
      await b.create('a', { namespace: 'ns' });
      expect(await reader.changes(1)).toEqual(['ADDED a@3']);
      reader.watch.close();
    });

    it('show many watchers the same order, nothing twice', async () => {
      const b = await bench();
      const readers = await Promise.all([0, 0, 0, 0].map((after) => watch(b, { after })));
      await Promise.all(Array.from({ length: 100 }, (_, i) => b.create(`p${i}`)));
      const [first, ...others] = await Promise.all(readers.map((reader) => reader.changes(100)));
      expect(first?.map((text) => Number(text.split('@')[1]))).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
      for (const other of others) expect(other).toEqual(first);
      for (const reader of readers) reader.watch.close();
    });

    it('send bookmarks once a minute that say how far they have read', async () => {
      const b = await bench();
      const clock = new FakeClock();
      const reader = await watch(b, { after: 0, bookmarks: true }, {}, { ...b.ctx, clock });
      await b.create('a');
      expect(await reader.changes(1)).toEqual(['ADDED a@1']);
      clock.step(60_000);
      expect(await reader.next()).toEqual({ kind: 'bookmark', revision: 1 });
      reader.watch.close();
    });

    it('end when they are closed and when their context ends', async () => {
      const b = await bench();
      const abort = new AbortController();
      const closed = await watch(b, { after: 0 });
      const aborted = await watch(b, { after: 0 }, {}, withSignal(b.ctx, abort.signal));
      closed.watch.close();
      abort.abort();
      await expect(closed.next()).rejects.toThrow('the watch has ended');
      await expect(aborted.next()).rejects.toThrow('the watch has ended');
    });

    it('told to conclude, end after what has happened', async () => {
      const b = await bench();
      const [reader, witness] = [await watch(b, { after: 0 }), await watch(b, { after: 0 })];
      await b.create('a');
      // Both have read on to the present: from here on the first to begin is told first.
      await Promise.all([reader.changes(1), witness.changes(1)]);
      await b.create('b');
      await witness.changes(1);
      reader.watch.conclude();
      await b.create('c');
      await witness.changes(1);
      expect(await reader.changes(1)).toEqual(['ADDED b@2']);
      await expect(reader.next()).rejects.toThrow('the watch has ended');
      witness.watch.close();
    });

    it('told to conclude while the past is read, end after all that had happened', async () => {
      const b = await bench();
      for (const name of ['a', 'b', 'c']) await b.create(name);
      const reader = await watch(b, { after: 0 });
      reader.watch.conclude();
      await b.create('d');
      expect(await reader.changes(3)).toEqual(['ADDED a@1', 'ADDED b@2', 'ADDED c@3']);
      await expect(reader.next()).rejects.toThrow('the watch has ended');
    });

    it('cut off a reader that does not keep up, which can resume', async () => {
      const b = await bench();
      const reader = await watch(b, { after: 0 });
      await b.create('a');
      expect(await reader.changes(1)).toEqual(['ADDED a@1']);
      for (let done = 0; done < 11_000; done += 1_000) {
        await Promise.all(Array.from({ length: 1_000 }, (_, i) => b.create(`p${done + i}`)));
      }
      // Another reader that has seen it all is the sign that the slow one has been sent it all.
      const keeping = await watch(b, { after: 1 });
      await keeping.changes(11_000);
      keeping.watch.close();
      const end = await drain(reader);
      expect(end.error).toMatchObject({ code: 'overloaded', info: { revision: end.last } });
      const resumed = await watch(b, { after: end.last });
      expect((await resumed.change()).object.revision).toBe(end.last + 1);
      resumed.watch.close();
    }, 60_000);

    it('refuse to start in the future', async () => {
      const b = await bench();
      await expect(watch(b, { after: 7 })).rejects.toMatchObject({ code: 'future' });
    });
  });
}

async function drain(reader: WatchReader): Promise<{ last: number; error: unknown }> {
  let last = 1;
  for (;;) {
    try {
      last = (await reader.change()).object.revision;
    } catch (error) {
      return { last, error };
    }
  }
}
