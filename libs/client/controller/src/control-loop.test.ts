import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  againAt,
  createController,
  done,
  type Enqueue,
  type Outcome,
  RunningControllers,
  TerminalError,
} from './index.js';

let abort: AbortController;
let clock: FakeClock;
beforeEach(() => {
  abort = new AbortController();
  clock = new FakeClock(0);
});
afterEach(() => abort.abort());

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function run(reconcile: (key: string) => Promise<Outcome>) {
  const seen: Array<[string, number]> = [];
  let enqueue: Enqueue | undefined;
  const controller = createController({
    name: 'test',
    reconciler: {
      reconcile: (_, key) => {
        seen.push([key, clock.now()]);
        return reconcile(key);
      },
    },
    sources: [{ start: (wake) => void (enqueue = wake), synced: () => Promise.resolve() }],
  });
  const ended = controller.run({ signal: abort.signal, clock, logger: silentLogger });
  return { seen, ended, wake: (key: string) => enqueue?.(key) };
}

test('reconciles what it is woken for and ends with its context', async () => {
  const { seen, wake, ended } = run(async () => done);
  wake('a');
  wake('a');
  await settle();
  expect(seen).toEqual([['a', 0]]);
  abort.abort();
  await ended;
});

test('looks again at the time it was told', async () => {
  const { seen, wake } = run(async () => (clock.now() < 100 ? againAt(100) : done));
  wake('a');
  await settle();
  clock.step(100);
  await settle();
  clock.step(1000);
  await settle();
  expect(seen).toEqual([
    ['a', 0],
    ['a', 100],
  ]);
});

test.each([
  ['a conflict', new StatusError(409, 'Conflict', 'lost'), 2],
  ['any failure', new Error('oops'), 2],
  ['a terminal failure', new TerminalError('never'), 1],
])('%s is retried as it deserves', async (_, error, times) => {
  let attempts = 0;
  const { seen, wake } = run(async () => {
    attempts += 1;
    if (attempts === 1) throw error;
    return done;
  });
  wake('a');
  await settle();
  clock.step(10_000);
  await settle();
  expect(seen).toHaveLength(times);
});

test('works when it is told to, where nobody runs it', async () => {
  const failure = new Error('not yet');
  let failing = true;
  const controller = createController({
    name: 'test',
    reconciler: {
      reconcile: async () => {
        if (failing) throw failure;
        return done;
      },
    },
    sources: [{ start: (wake) => wake('a'), synced: async () => undefined }],
  });
  const loop = controller.begin({ signal: abort.signal, clock, logger: silentLogger });
  await loop.synced();
  expect(loop.waiting).toBe(1);
  expect(await loop.turn()).toEqual({ key: 'a', milliseconds: 0, error: failure });
  expect(loop.waiting).toBe(0);
  failing = false;
  clock.step(5);
  expect(await loop.turn()).toEqual({ key: 'a', milliseconds: 0 });
  const next = loop.turn();
  abort.abort();
  expect(await next).toBeUndefined();
});

test('ends when what a source follows has ended', async () => {
  let finish = (): void => undefined;
  const following = new Promise<void>((resolve) => (finish = resolve));
  const source = { start: () => undefined, synced: async () => undefined, run: () => following };
  const controller = createController({ name: 'test', reconciler: { reconcile: async () => done }, sources: [source] });
  let ended = false;
  const running = controller.run({ signal: abort.signal, clock, logger: silentLogger }).then(() => (ended = true));
  abort.abort();
  await settle();
  expect(ended).toBe(false);
  finish();
  await running;
});

test.each([
  [undefined, 600],
  [false, undefined],
] as const)('tells what it has to do, where it wakes a cluster at rest: %s', async (wakes, nextAt) => {
  const begunAt = clock.now();
  let told = (): void => undefined;
  const synced = new Promise<void>((resolve) => (told = resolve));
  const controller = createController({
    name: 'test',
    reconciler: { reconcile: async () => againAt(begunAt + 600) },
    sources: [{ start: (wake) => wake('a'), synced: () => synced }],
    ...(wakes !== undefined && { wakes }),
  });
  const running = new RunningControllers({ signal: abort.signal, clock, logger: silentLogger }, [controller]);
  expect(running.pending).toEqual({ busy: true });
  told();
  await settle();
  expect(running.pending).toEqual({ busy: false, ...(nextAt !== undefined && { nextAt: begunAt + nextAt }) });
  abort.abort();
  await running.ended;
});
