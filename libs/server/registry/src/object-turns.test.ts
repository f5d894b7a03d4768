import { fixedResourceSets } from './resource-sets.js';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { MemoryStorage } from '@binnacle/server-storage';
import { describe, expect, test } from 'vitest';
import { admitEverything, Registry, systemContext } from './index.js';
import { ObjectTurns } from './object-turns.js';

const never = new AbortController();

describe('the turns of an object', () => {
  test('are given in the order they were asked for, and at once where nobody writes', async () => {
    const turns = new ObjectTurns();
    const order: number[] = [];
    const write = async (at: number) => {
      const turn = turns.take('a', never);
      if (turn) await turn;
      order.push(at);
      await Promise.resolve();
      turns.give('a');
    };
    expect(turns.take('b', never)).toBeUndefined();
    await Promise.all([0, 1, 2, 3].map(write));
    expect(order).toEqual([0, 1, 2, 3]);
    expect(turns.take('a', never)).toBeUndefined();
  });

  test('are not waited for by who has left', async () => {
    const turns = new ObjectTurns();
    turns.take('a', never);
    const leaving = new AbortController();
    const left = turns.take('a', leaving);
    const next = turns.take('a', never);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    turns.give('a');
    await next;
    await expect(turns.take('a', leaving)).rejects.toThrow('gone');
  });
});

test('many who change one object at once make no change twice', async () => {
  const abort = new AbortController();
  const ctx = systemContext({ signal: abort.signal, clock: new FakeClock(), logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  const registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  const store = registry.get('', 'v1', 'configmaps');
  const place = { namespace: 'default', name: 'hot' };
  const made = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hot' }, data: {} };
  await store.create(ctx, { namespace: 'default' }, made as unknown as UnstructuredObject);
  let changes = 0;
  const add = (at: number) =>
    store.update(ctx, place, (current) => {
      changes += 1;
      return { ...current, data: { ...(current.data as object), [`k${at}`]: 'v' } };
    });
  await Promise.all(Array.from({ length: 50 }, (_, at) => add(at)));
  expect(Object.keys(store.decode(await store.get(ctx, place)).data as object)).toHaveLength(50);
  expect(changes).toBe(50);
});
