import type { Probe } from '@binnacle/apis-kubernetes/core/v1';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { fakeContext } from '../testing/fakes.js';
import type { ProbeResult } from './dial.js';
import { type ProbeType, ProbeWorker } from './probe-worker.js';

const turn = () => new Promise((resolve) => setImmediate(resolve));
let ctx = fakeContext();
let runs: number[];
let changes: (boolean | undefined)[];
let complaints: string[];
let results: (boolean | Error)[];
let mayRun: boolean;

beforeEach(() => {
  ctx = fakeContext();
  [runs, changes, complaints, results, mayRun] = [[], [], [], [], true];
});

function worker(type: ProbeType, probe: Probe = {}): ProbeWorker {
  const begun = ctx.clock.now();
  const made: ProbeWorker = new ProbeWorker(ctx, {
    type,
    probe,
    startedAt: begun,
    mayRun: () => mayRun,
    run: async (): Promise<ProbeResult> => {
      runs.push((ctx.clock.now() - begun) / 1000);
      const result = results.shift() ?? true;
      if (result instanceof Error) throw result;
      return { passed: result, output: result ? '' : 'no' };
    },
    changed: () => changes.push(made.verdict),
    failed: (output) => complaints.push(output),
  });
  return made;
}

/** Lets so many seconds pass, one by one. */
async function pass(seconds: number): Promise<void> {
  ctx.clock.step(0);
  for (let at = 0; at < seconds; at += 1) {
    await turn();
    ctx.clock.step(1_000);
  }
  await turn();
}

describe('a probe', () => {
  test.each<[ProbeType, boolean | undefined]>([
    ['startup', undefined],
    ['readiness', false],
    ['liveness', true],
  ])('of %s that has not run yet says %s', (type, verdict) => expect(worker(type).verdict).toBe(verdict));

  test('runs after its delay, then every period', async () => {
    worker('readiness', { initialDelaySeconds: 3, periodSeconds: 5 });
    await pass(14);
    expect(runs).toEqual([3, 8, 13]);
  });

  test('runs every ten seconds unless it is said', async () => {
    worker('readiness');
    await pass(21);
    expect(runs).toEqual([0, 10, 20]);
  });

  test('of a container that began long ago runs at once', async () => {
    const late = new ProbeWorker(ctx, {
      type: 'liveness',
      probe: { initialDelaySeconds: 30 },
      startedAt: ctx.clock.now() - 60_000,
      mayRun: () => true,
      run: async () => ({ passed: Boolean(runs.push(0)), output: '' }),
      changed: () => undefined,
      failed: () => undefined,
    });
    await pass(1);
    expect([runs, late.verdict]).toEqual([[0], true]);
  });

  test('waits until it may run', async () => {
    mayRun = false;
    worker('liveness', { periodSeconds: 1 });
    await pass(5);
    expect(runs).toEqual([]);
    mayRun = true;
    await pass(2);
    expect(runs.length).toBeGreaterThan(0);
  });

  test('that cannot be run counts neither way', async () => {
    results = [false, false, new Error('no runtime'), false];
    const one = worker('liveness', { periodSeconds: 1, failureThreshold: 3 });
    await pass(2);
    expect(one.verdict).toBe(true);
    await pass(1);
    expect([one.verdict, complaints]).toEqual([false, ['no', 'no', 'no']]);
  });

  test('stops when it is told to, even while it runs', async () => {
    results = [false, false, false];
    const one = worker('liveness', { periodSeconds: 1, failureThreshold: 1 });
    ctx.clock.step(0);
    one.stop();
    await pass(5);
    expect([runs.length, one.verdict, changes]).toEqual([1, true, []]);
  });

  test('of startup is over once it is known', async () => {
    results = [false, true];
    const one = worker('startup', { periodSeconds: 1, failureThreshold: 3 });
    await pass(6);
    expect([runs, one.verdict, changes]).toEqual([[0, 1], true, [true]]);
  });

  test('of liveness is over once it failed, for the container is about to end', async () => {
    results = [false];
    worker('liveness', { periodSeconds: 1, failureThreshold: 1 });
    await pass(5);
    expect(runs).toEqual([0]);
  });

  test('changes its verdict after as many in a row as it says, and tells of it once', async () => {
    const probe = fc.record({
      successThreshold: fc.integer({ min: 1, max: 3 }),
      failureThreshold: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(probe, fc.array(fc.boolean(), { minLength: 1, maxLength: 15 }), async (thresholds, outcomes) => {
        [ctx, runs, changes, results] = [fakeContext(), [], [], [...outcomes]];
        const one = worker('readiness', { ...thresholds, periodSeconds: 1 });
        const expected: boolean[] = [];
        let verdict = false;
        outcomes.forEach((passed, at) => {
          const needed = passed ? thresholds.successThreshold : thresholds.failureThreshold;
          const isStreak = at + 1 >= needed && outcomes.slice(at + 1 - needed, at + 1).every((one) => one === passed);
          if (!isStreak || verdict === passed) return;
          verdict = passed;
          expected.push(passed);
        });
        await pass(outcomes.length - 1);
        ctx.clock.step(0);
        await turn();
        one.stop();
        expect(changes).toEqual(expected);
        expect(one.verdict).toBe(verdict);
      }),
      { numRuns: 100 },
    );
  });
});
