import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { ChangeItem, StoredObject } from '@binnacle/server-storage';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChangeWindow } from './change-window.js';
import { ResourceCache } from './resource-cache.js';
import { RevisionWaiters } from './revision-waiters.js';

const stored = (name: string, revision: number, size = 1, fields: Record<string, string> = {}): StoredObject => ({
  key: { cluster: 'main', resource: 'pods', namespace: 'default', name },
  revision,
  body: Buffer.alloc(size),
  attributes: { labels: {}, fields },
});
const item = (revision: number, size = 1) =>
  ({
    kind: 'change',
    change: { type: 'ADDED', object: stored(`o${revision}`, revision, size) },
  }) as unknown as ChangeItem;
const revisions = (items: readonly ChangeItem[]) => items.map(({ change }) => change.object.revision);
const span = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => item(from + at));

describe('a window of changes', () => {
  test('tells what came after a revision it reaches', () => {
    const window = new ChangeWindow(10, { changes: 5, bytes: 1_000 });
    window.add(span(11, 13));
    expect([revisions(window.after(10)), revisions(window.after(12)), window.after(13)]).toEqual([
      [11, 12, 13],
      [13],
      [],
    ]);
    expect([window.reaches(9), window.reaches(10)]).toEqual([false, true]);
  });

  test('lets go of the oldest where there are too many, or too much', () => {
    const many = new ChangeWindow(0, { changes: 3, bytes: 1_000 });
    many.add(span(1, 5));
    expect([many.start, many.size, many.bytes, revisions(many.after(2))]).toEqual([2, 3, 3, [3, 4, 5]]);
    const much = new ChangeWindow(0, { changes: 100, bytes: 10 });
    much.add([item(1, 6), item(2, 6)]);
    expect([much.start, much.bytes]).toEqual([1, 6]);
    much.add([item(3, 50)]);
    expect([much.start, much.size, much.bytes]).toEqual([3, 0, 0]);
  });

  test('takes older ones before it, as far as there is room', () => {
    const window = new ChangeWindow(10, { changes: 5, bytes: 1_000 });
    window.add(span(11, 12));
    expect([window.hasRoomFor(3), window.hasRoomFor(4)]).toEqual([true, false]);
    window.prepend(span(8, 10));
    expect([window.start, revisions(window.after(7))]).toEqual([7, [8, 9, 10, 11, 12]]);
    window.trim(2);
    expect(revisions(window.after(window.start))).toEqual([11, 12]);
  });

  test('is consecutive and within its bounds, whatever is done to it', () => {
    const step = fc.oneof(
      fc.record({ add: fc.nat({ max: 40 }), size: fc.nat({ max: 9 }) }),
      fc.record({ trim: fc.nat({ max: 100 }) }),
    );
    fc.assert(
      fc.property(fc.array(step), fc.integer({ min: 1, max: 30 }), (steps, changes) => {
        const window = new ChangeWindow(0, { changes, bytes: 100 });
        let newest = 0;
        for (const each of steps) {
          if ('trim' in each) window.trim(each.trim);
          else window.add(Array.from({ length: each.add }, () => item((newest += 1), each.size)));
          const held = revisions(window.after(window.start));
          expect(held).toEqual(Array.from({ length: window.size }, (_, at) => window.start + 1 + at));
          expect(window.start + window.size).toBe(newest);
          expect(window.size).toBeLessThanOrEqual(changes);
          expect(window.bytes).toBe(
            window.after(window.start).reduce((sum, { change }) => sum + change.object.body.length, 0),
          );
          expect(window.bytes).toBeLessThanOrEqual(100);
        }
      }),
    );
  });
});

describe('the objects of a resource', () => {
  const FIELD = 'spec.nodeName';
  const on = (node: string) => ({ cluster: 'main', resource: 'pods', index: { field: FIELD, value: node } });
  const names = (cache: ResourceCache, node: string) =>
    [...cache.candidates(on(node)).range()].map(({ key }) => key.name);

  test('are counted and weighed as they come, change and go', () => {
    const cache = new ResourceCache([]);
    expect(cache.apply('a', stored('a', 1, 10))).toBeUndefined();
    expect(cache.apply('a', stored('a', 2, 4))?.revision).toBe(1);
    cache.apply('b', stored('b', 3, 6));
    expect(cache.size).toEqual({ objects: 2, bytes: 10 });
    expect(cache.apply('a', undefined)?.revision).toBe(2);
    expect(cache.apply('a', undefined)).toBeUndefined();
    expect(cache.size).toEqual({ objects: 1, bytes: 6 });
  });

  test('are found by an indexed field as it is now, and all of them where it has no index or no value', () => {
    const cache = new ResourceCache([FIELD]);
    cache.apply('a', stored('a', 1, 1, { [FIELD]: 'n' }));
    cache.apply('b', stored('b', 2, 1));
    expect([names(cache, 'n'), names(cache, 'm'), names(cache, '')]).toEqual([['a'], [], ['a', 'b']]);
    cache.apply('a', stored('a', 3, 1, { [FIELD]: 'm' }));
    expect([names(cache, 'n'), names(cache, 'm')]).toEqual([[], ['a']]);
    cache.apply('a', undefined);
    expect(names(cache, 'm')).toEqual([]);
  });

  test('have another index when the fields become others', () => {
    const cache = new ResourceCache([]);
    cache.apply('a', stored('a', 1, 1, { [FIELD]: 'n' }));
    cache.apply('b', stored('b', 2, 1));
    expect(names(cache, 'n')).toEqual(['a', 'b']);
    cache.index([FIELD]);
    expect(names(cache, 'n')).toEqual(['a']);
    cache.index([]);
    expect(names(cache, 'n')).toEqual(['a', 'b']);
  });
});

describe('readers that wait for a revision', () => {
  const ctx = (signal: AbortSignal) => ({ signal, clock: new FakeClock(), logger: silentLogger });

  test('go on when it is reached, the others later', async () => {
    const waiters = new RevisionWaiters();
    const over: number[] = [];
    const { signal } = new AbortController();
    const waiting = [5, 7].map((revision) => waiters.wait(ctx(signal), revision).then(() => over.push(revision)));
    waiters.reached(6);
    await waiting[0];
    expect(over).toEqual([5]);
    waiters.reached(7);
    await waiting[1];
    expect(over).toEqual([5, 7]);
  });

  test('are told when it never will be, or when nobody waits for them any more', async () => {
    const waiters = new RevisionWaiters();
    const abort = new AbortController();
    const [first, second] = [waiters.wait(ctx(new AbortController().signal), 9), waiters.wait(ctx(abort.signal), 9)];
    abort.abort(new Error('the client has gone'));
    await expect(second).rejects.toThrow('the client has gone');
    waiters.rejectAll(new Error('the cluster was deleted'));
    await expect(first).rejects.toThrow('the cluster was deleted');
    await expect(waiters.wait(ctx(abort.signal), 1)).rejects.toThrow('the client has gone');
  });
});
