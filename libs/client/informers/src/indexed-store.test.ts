import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backoff } from './backoff.js';
import { IndexedStore } from './indexed-store.js';
import { keyOf, splitKey } from './object-key.js';
import { Waiters } from './waiters.js';

interface Labelled extends KubeObject {
  readonly on?: readonly string[];
}
const object = (name: string, on: readonly string[] = [], namespace = 'default'): Labelled => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace },
  on,
});
const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name).sort();

describe('a store with indexes', () => {
  test('finds what is there by key, namespace and index, and says what it replaced', () => {
    const store = new IndexedStore<Labelled>();
    store.addIndex('node', ({ on = [] }) => on);
    const first = object('a', ['n']);
    expect(store.put(first)).toBeUndefined();
    store.put(object('b', ['n', 'm']));
    store.put(object('c', [], 'shop'));
    expect([names(store.byIndex('node', 'n')), names(store.byIndex('node', 'm')), names(store.list('shop'))]).toEqual([
      ['a', 'b'],
      ['b'],
      ['c'],
    ]);
    expect(store.put(object('a', ['m']))).toBe(first);
    expect([names(store.byIndex('node', 'n')), names(store.byIndex('node', 'm'))]).toEqual([['b'], ['a', 'b']]);
    expect(store.remove('default/a')?.metadata.name).toBe('a');
    expect([store.remove('default/a'), store.size, store.byIndex('node', 'nowhere')]).toEqual([undefined, 2, []]);
  });

  test('has an index of what was there before it, and refuses one that there is not', () => {
    const store = new IndexedStore<Labelled>();
    store.put(object('a', ['n']));
    store.addIndex('node', ({ on = [] }) => on);
    store.addIndex('node', () => ['another']);
    expect(names(store.byIndex('node', 'n'))).toEqual(['a']);
    expect(() => store.byIndex('zone', 'z')).toThrow('there is no index "zone"');
  });

  test('says by every index what a search of all says', () => {
    const values = fc.uniqueArray(fc.constantFrom('x', 'y', 'z'));
    const step = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), values, gone: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const store = new IndexedStore<Labelled>();
        store.addIndex('on', ({ on = [] }) => on);
        for (const { name, values: on, gone } of steps) {
          if (gone) store.remove(`default/${name}`);
          else store.put(object(name, on));
        }
        for (const value of ['x', 'y', 'z'])
          expect(names(store.byIndex('on', value))).toEqual(
            names(store.list().filter(({ on }) => on?.includes(value))),
          );
      }),
    );
  });
});

test('a key and where an object is are one and the same', () => {
  expect(keyOf(object('a'))).toBe('default/a');
  expect(splitKey('default/a')).toEqual({ namespace: 'default', name: 'a' });
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } };
  expect([keyOf(node), splitKey('n').name]).toEqual(['n', 'n']);
});

describe('those who wait', () => {
  const ctx = (signal: AbortSignal) => ({ signal, clock: new FakeClock(), logger: silentLogger });

  test('go on as soon as what they wait for is so, and not before', async () => {
    const waiters = new Waiters();
    let holds = false;
    let over = false;
    const waiting = waiters.until(ctx(new AbortController().signal), () => holds).then(() => (over = true));
    waiters.check();
    await Promise.resolve();
    expect(over).toBe(false);
    holds = true;
    waiters.check();
    await waiting;
    expect(over).toBe(true);
  });

  test('do not wait for what is so already, and give up with their context', async () => {
    const waiters = new Waiters();
    const abort = new AbortController();
    await waiters.until(ctx(abort.signal), () => true);
    const waiting = waiters.until(ctx(abort.signal), () => false);
    abort.abort(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(waiters.until(ctx(abort.signal), () => false)).rejects.toThrow('over');
  });
});

test('pauses double up to a limit, each shortened at random, and begin anew after a success', async () => {
  const backoff = new Backoff({ first: 100, most: 400 });
  const clock = new FakeClock(0);
  const pause = async () => {
    const waiting = backoff.wait({ signal: new AbortController().signal, clock, logger: silentLogger });
    const from = clock.now();
    clock.stepTo(clock.nextAt ?? 0);
    await waiting;
    return clock.now() - from;
  };
  for (const longest of [100, 200, 400, 400]) {
    const length = await pause();
    expect(length).toBeGreaterThanOrEqual(longest / 2);
    expect(length).toBeLessThanOrEqual(longest);
  }
  backoff.reset();
  expect(await pause()).toBeLessThanOrEqual(100);
});
