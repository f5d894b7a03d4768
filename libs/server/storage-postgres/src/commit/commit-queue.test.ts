import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { Write } from '@binnacle/server-storage';
import { describe, expect, it } from 'vitest';
import { CommitQueue, type QueuedWrite } from './commit-queue.js';

interface Batch {
  cluster: string;
  names: string[];
  finish(): void;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function make(options: Partial<ConstructorParameters<typeof CommitQueue>[1]> = {}) {
  const clock = new FakeClock();
  const batches: Batch[] = [];
  const commit = (cluster: string, batch: readonly QueuedWrite[]) =>
    new Promise<void>((resolve) => {
      const finish = () => {
        for (const { write, resolve: stored } of batch) stored({ ...write, revision: 1 });
        resolve();
      };
      batches.push({ cluster, names: batch.map(({ write }) => write.key.name), finish });
    });
  const ctx = { signal: new AbortController().signal, clock, logger: silentLogger };
  const queue = new CommitQueue(ctx, {
    commit,
    parallel: 1,
    maxBatch: 4,
    maxBatchBytes: 1_000,
    maxQueued: 10,
    patience: 60_000,
    ...options,
  });
  const add = (cluster: string, name: string, signal = ctx.signal, size = 0) => {
    const key = { cluster, resource: 'pods', namespace: '', name };
    const actor = { user: '', client: '' };
    const write: Write = { op: 'create', key, body: Buffer.alloc(size), attributes: { labels: {}, fields: {} }, actor };
    return queue.add(write, signal);
  };
  return { queue, batches, add, clock, ctx };
}

describe('CommitQueue', () => {
  it('makes a batch of what comes while another is under way', async () => {
    const { batches, add } = make();
    void add('c', 'a');
    await nextTurn();
    for (const name of ['b', 'c', 'd', 'e', 'f']) void add('c', name);
    await nextTurn();
    expect(batches.map(({ names }) => names)).toEqual([['a']]);
    batches[0]?.finish();
    await nextTurn();
    await nextTurn();
    expect(batches[1]?.names).toEqual(['b', 'c', 'd', 'e']);
  });

  it('gives clusters turns, however much one of them has to write', async () => {
    const { batches, add } = make();
    for (let i = 0; i < 9; i += 1) void add('busy', `${i}`);
    void add('quiet', 'a');
    for (let turn = 0; turn < 3; turn += 1) {
      await nextTurn();
      await nextTurn();
      batches[turn]?.finish();
    }
    expect(batches.map(({ cluster }) => cluster)).toEqual(['busy', 'quiet', 'busy']);
  });

  it('never puts two writes of one key into a batch', async () => {
    const { batches, add } = make();
    for (const name of ['a', 'b', 'a', 'c']) void add('c', name);
    await nextTurn();
    expect(batches[0]?.names).toEqual(['a', 'b']);
  });

  it('sends many as two halves, the second without waiting for the first', async () => {
    const { batches, add } = make({ maxBatch: 100, maxQueued: 100 });
    for (let i = 0; i < 40; i += 1) void add('c', `${i}`);
    await nextTurn();
    expect(batches.map(({ names }) => names.length)).toEqual([20, 20]);
    for (let i = 40; i < 60; i += 1) void add('c', `${i}`);
    await nextTurn();
    expect(batches).toHaveLength(2);
    batches[0]?.finish();
    await nextTurn();
    await nextTurn();
    expect(batches[2]?.names).toHaveLength(20);
  });

  it('lets a few wait for the batch under way rather than follow it', async () => {
    const { batches, add } = make({ maxBatch: 100, maxQueued: 100 });
    for (let i = 0; i < 5; i += 1) void add('c', `${i}`);
    await nextTurn();
    for (let i = 5; i < 10; i += 1) void add('c', `${i}`);
    await nextTurn();
    expect(batches.map(({ names }) => names.length)).toEqual([5]);
  });

  it('lets nobody send a second batch while another cluster waits for its turn', async () => {
    const { batches, add } = make({ maxBatch: 100, maxQueued: 100 });
    for (let i = 0; i < 40; i += 1) void add('busy', `${i}`);
    void add('quiet', 'a');
    await nextTurn();
    expect(batches.map(({ cluster }) => cluster)).toEqual(['busy']);
    batches[0]?.finish();
    await nextTurn();
    await nextTurn();
    expect(batches[1]?.cluster).toBe('quiet');
  });

  it('keeps batches of large bodies small', async () => {
    const { batches, add, ctx } = make({ parallel: 4 });
    for (const [name, size] of [
      ['a', 600],
      ['b', 300],
      ['c', 200],
      ['d', 5_000],
    ] as const)
      void add('c', name, ctx.signal, size);
    for (let turn = 0; turn < 3; turn += 1) {
      await nextTurn();
      await nextTurn();
      batches[turn]?.finish();
    }
    expect(batches.map(({ names }) => names)).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  it('refuses what is too much, in that cluster only', async () => {
    const { add } = make();
    for (let i = 0; i < 10; i += 1) void add('full', `${i}`);
    await expect(add('full', 'more')).rejects.toMatchObject({ code: 'overloaded', info: { retryAfterSeconds: 1 } });
    expect(await Promise.race([add('other', 'a').catch(() => 'refused'), nextTurn()])).toBeUndefined();
  });

  it('tells a caller that gave up, and does not send its write', async () => {
    const { batches, add, clock } = make();
    const abort = new AbortController();
    void add('c', 'a');
    await nextTurn();
    const given = add('c', 'b', abort.signal);
    void add('c', 'c');
    await nextTurn();
    abort.abort(new Error('deadline'));
    clock.step(1_000);
    await expect(given).rejects.toThrow('deadline');
    batches[0]?.finish();
    await nextTurn();
    await nextTurn();
    expect(batches[1]?.names).toEqual(['c']);
  });

  it('tells a caller that gives up while its write is under way', async () => {
    const { add, clock } = make();
    const abort = new AbortController();
    const sent = add('c', 'a', abort.signal);
    await nextTurn();
    abort.abort(new Error('the client left'));
    clock.step(1_000);
    await expect(sent).rejects.toThrow('the client left');
  });

  it('refuses what has waited for too long, and does not send it', async () => {
    const { batches, add, clock } = make({ patience: 15_000 });
    void add('c', 'a');
    await nextTurn();
    const waiting = add('c', 'b');
    await nextTurn();
    clock.step(16_000);
    await expect(waiting).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('not stored'),
    });
    batches[0]?.finish();
    await nextTurn();
    expect(batches).toHaveLength(1);
  });

  it('finishes what it has when it is closed, and takes no more', async () => {
    const { queue, batches, add } = make();
    const stored = add('c', 'a');
    await nextTurn();
    const closed = queue.close();
    await expect(add('c', 'b')).rejects.toMatchObject({ code: 'unavailable' });
    batches[0]?.finish();
    await closed;
    expect((await stored).revision).toBe(1);
  });
});
