import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, type ListOptions, type ListResult, type Scope } from '@binnacle/server-storage';
import { expect, test } from 'vitest';
import { PastStates } from './past-states.js';

const BODY = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', uid: 'x'.repeat(940) } });
const LIMITS = { stateBytes: 10_000, bytes: 25_000, idleAfter: 60_000, longest: 300_000 };

/** A store of some objects of about a kilobyte, which counts who reads them. */
function bench(counts: Record<string, number>) {
  const clock = new FakeClock();
  const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  const reads: string[] = [];
  let hold: Promise<void> | undefined;
  const list = async (_: unknown, { cluster, resource }: Scope, { bytes = 0 }: ListOptions): Promise<ListResult> => {
    reads.push(resource);
    await hold;
    const all = Array.from({ length: counts[resource] ?? 0 }, (_value, at) => ({
      key: { cluster, resource, namespace: '', name: String(at).padStart(6, '0') },
      revision: 1,
      body: BODY,
      attributes: { labels: {}, fields: {} },
    }));
    const most = Math.floor(bytes / BODY.length) + 1;
    return { revision: 5, items: all.slice(0, most), more: most < all.length };
  };
  const states = new PastStates(ctx, { list }, LIMITS);
  const of = (resource: string, revision = 5) => ({ cluster: 'main', incarnation: '1', resource, revision });
  return { clock, ctx, states, reads, of, wait: (on: Promise<void>) => (hold = on) };
}

test('a state is read once for all who look at it', async () => {
  const { ctx, states, reads, of } = bench({ pods: 3 });
  const [one, other] = await Promise.all([states.read(ctx, of('pods')), states.read(ctx, of('pods'))]);
  expect(one).toBe(other);
  expect(one?.size).toBe(3);
  expect(await states.known(of('pods'))).toBe(one);
  expect(states.known(of('pods', 6))).toBeUndefined();
  expect(reads).toEqual(['pods']);
});

test('what is too large is not kept, and that is remembered', async () => {
  const { ctx, states, reads, of } = bench({ pods: 700 });
  expect(await states.read(ctx, of('pods'))).toBeUndefined();
  expect(await states.read(ctx, of('pods'))).toBeUndefined();
  expect(reads).toEqual(['pods']);
  expect(states.bytes).toBe(0);
});

test('all together they hold no more than they may: what was looked at longest ago goes', async () => {
  const { ctx, clock, states, reads, of } = bench({ a: 9, b: 9, c: 9 });
  for (const resource of ['a', 'b', 'a', 'c', 'a', 'b']) {
    await states.read(ctx, of(resource));
    clock.step(1);
  }
  expect(states.bytes).toBeLessThanOrEqual(LIMITS.bytes);
  expect(reads).toEqual(['a', 'b', 'c', 'b']);
});

test('they go a minute after the last look, and after five in any case', async () => {
  const { ctx, clock, states, of } = bench({ a: 1, b: 1 });
  await states.read(ctx, of('a'));
  await states.read(ctx, of('b'));
  for (let minute = 0; minute < 3; minute += 1) {
    clock.step(45_000);
    await states.read(ctx, of('a'));
  }
  expect([states.known(of('a')) !== undefined, states.known(of('b'))]).toEqual([true, undefined]);
  for (let second = 0; second < 300; second += 30) {
    clock.step(30_000);
    states.known(of('a'));
  }
  expect(states.known(of('a'))).toBeUndefined();
  clock.step(120_000);
  expect(clock.pending).toBe(0);
});

test('whoever leaves waits no longer, the others do; a failure is not kept', async () => {
  const { ctx, states, reads, of, wait } = bench({ a: 1 });
  const abort = new AbortController();
  let fail: (error: Error) => void = () => undefined;
  wait(new Promise((_, reject) => (fail = reject)));
  const left = states.read({ ...ctx, signal: abort.signal }, of('a'));
  const other = states.read(ctx, of('a'));
  abort.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  fail(new Error('no database'));
  await expect(other).rejects.toThrow('no database');
  wait(Promise.resolve());
  expect((await states.read(ctx, of('a')))?.size).toBe(1);
  expect(reads).toEqual(['a', 'a']);
});

test('what nobody waits for any more is not read', async () => {
  const { ctx, states, reads, of, wait } = bench({ a: 1 });
  let go: () => void = () => undefined;
  wait(new Promise((resolve) => (go = resolve)));
  const abort = new AbortController();
  const leaving = { ...ctx, signal: abort.signal };
  const all = Promise.allSettled(Array.from({ length: 9 }, (_, at) => states.read(leaving, of('a', at))));
  abort.abort(new Error('left'));
  expect((await all).every(({ status }) => status === 'rejected')).toBe(true);
  go();
  expect((await states.read(ctx, of('a', 7)))?.size).toBe(1);
  expect(reads.length).toBeLessThanOrEqual(3);
});

test('there are not more of them than anybody looks at, however small', async () => {
  const { ctx, states, of } = bench({});
  for (let revision = 0; revision < 600; revision += 1) await states.read(ctx, of('none', revision));
  expect([states.known(of('none', 0)), states.known(of('none', 599)) !== undefined]).toEqual([undefined, true]);
});
