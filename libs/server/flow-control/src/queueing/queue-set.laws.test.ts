import { FakeClock } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkEstimate } from '../types.js';
import { Entry } from './entry.js';
import { FlowStats } from './flow-stats.js';
import { Integrator } from './integrator.js';
import { QueueSet } from './queue-set.js';

type Step =
  | { readonly do: 'offer'; readonly flow: string; readonly estimate: WorkEstimate }
  | { readonly do: 'finish' | 'withdraw'; readonly which: number }
  | { readonly do: 'wait'; readonly milliseconds: number }
  | { readonly do: 'limit'; readonly seats: number; readonly queues: number };

const estimate: fc.Arbitrary<WorkEstimate> = fc.record({
  initialSeats: fc.integer({ min: 1, max: 5 }),
  finalSeats: fc.nat(5),
  additionalLatency: fc.constantFrom(0, 5, 20),
  isLong: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('offer' as const), flow: fc.constantFrom('a', 'b', 'c', 'd'), estimate }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('finish' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw' as const), which: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), milliseconds: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('limit' as const),
      seats: fc.integer({ min: 1, max: 6 }),
      queues: fc.constantFrom(1, 4, 16),
    }),
  },
);

/** A queue set with everything that was ever asked of it. */
class Bench {
  readonly clock = new FakeClock(0);
  readonly set = new QueueSet(this.clock);
  readonly entries: Entry[] = [];
  readonly stats = new FlowStats('level', 'schema');
  started = 0;
  turnedAway = 0;

  constructor() {
    this.limit(3, 4);
  }

  limit(seats: number, queues: number): void {
    this.set.configure({ kind: 'queue', queues, handSize: Math.min(3, queues), queueLengthLimit: 5 }, seats);
  }

  apply(one: Step): void {
    if (one.do === 'wait') return this.clock.step(one.milliseconds);
    if (one.do === 'limit') return this.limit(one.seats, one.queues);
    if (one.do === 'offer') return this.offer(one.flow, one.estimate);
    const state = one.do === 'finish' ? 'served' : 'waiting';
    const candidates = this.entries.filter((entry) => entry.state === state);
    const chosen = candidates[one.which % Math.max(1, candidates.length)];
    if (chosen) this.set[one.do](chosen);
  }

  private offer(flow: string, of: WorkEstimate): void {
    const entry = new Entry(of, this.stats, this.set.concurrencyLimit);
    const offered = this.set.offer(entry, flow);
    if (offered === 'queue-full') this.turnedAway += 1;
    else this.entries.push(entry);
    if (offered === 'waiting') entry.onStart = () => (this.started += 1);
  }

  in(state: Entry['state']): Entry[] {
    return this.entries.filter((entry) => entry.state === state);
  }
}

const seatsOf = (entries: readonly Entry[]) => entries.reduce((sum, { seats }) => sum + seats, 0);

function run(steps: readonly Step[], check: (bench: Bench) => void): Bench {
  const bench = new Bench();
  for (const one of steps) {
    bench.apply(one);
    check(bench);
  }
  return bench;
}

describe('whatever is asked of a queue set', () => {
  it('knows who waits and who is served, and gives the same figures to its metrics', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        run(steps, ({ set, stats, ...bench }) => {
          const [waiting, served] = [
            bench.entries.filter(({ state }) => state === 'waiting'),
            bench.entries.filter(({ state }) => state === 'served'),
          ];
          expect([set.waiting, set.seatsWaiting, set.executing]).toEqual([
            waiting.length,
            seatsOf(waiting),
            served.length,
          ]);
          expect([stats.waiting, stats.waitingSeats, stats.executing, stats.executingSeats]).toEqual([
            set.waiting,
            set.seatsWaiting,
            set.executing,
            set.seatsInUse,
          ]);
          expect(set.seatsInUse).toBeGreaterThanOrEqual(seatsOf(served));
          expect(set.queuesInUse.reduce((sum, queue) => sum + queue.waiting.size, 0)).toBe(waiting.length);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('takes no more seats than there are, but for one that is wider than all, alone', () => {
    const fixed = fc.array(
      step.filter((one) => one.do !== 'limit'),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(fixed, (steps) => {
        run(steps, ({ set }) => {
          if (set.seatsInUse > set.concurrencyLimit) expect(set.executing).toBeLessThanOrEqual(1);
        });
      }),
      { numRuns: 300 },
    );
  });

  it('keeps nobody waiting once all that was served is done', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = run(steps, () => undefined);
        for (let round = 0; round < 200 && !bench.set.isIdle; round += 1) {
          for (const entry of bench.in('served')) bench.set.finish(entry);
          bench.clock.step(30);
        }
        bench.clock.step(1_000);
        expect([bench.set.isIdle, bench.set.seatsInUse, bench.set.seatsWaiting]).toEqual([true, 0, 0]);
        expect(bench.set.queuesInUse).toEqual([]);
        expect(bench.stats.dispatched + bench.stats.rejected['time-out']).toBe(bench.entries.length);
        expect(bench.stats.rejected['queue-full']).toBe(bench.turnedAway);
        expect(bench.clock.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('serves the requests of one flow in the order they came, where it has one queue', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 2, maxLength: 20 }), (widths) => {
        const clock = new FakeClock(0);
        const set = new QueueSet(clock);
        set.configure({ kind: 'queue', queues: 1, handSize: 1, queueLengthLimit: 50 }, 3);
        const order: number[] = [];
        const entries = widths.map((initialSeats, at) => {
          const entry = new Entry({ initialSeats, finalSeats: 0, additionalLatency: 0 }, new FlowStats('l', 's'), 3);
          entry.onStart = () => order.push(at);
          if (set.offer(entry, 'a') === 'served' && !order.includes(at)) order.push(at);
          return entry;
        });
        while (!set.isIdle) for (const entry of entries) set.finish(entry);
        expect(order).toEqual(widths.map((_, at) => at));
      }),
    );
  });

  it('does nothing when what is over ends again', () => {
    const bench = new Bench();
    bench.apply({ do: 'offer', flow: 'a', estimate: { initialSeats: 1, finalSeats: 2, additionalLatency: 10 } });
    const [entry] = bench.entries;
    if (!entry) throw new Error('it was turned away');
    bench.set.withdraw(entry);
    bench.set.finish(entry);
    bench.set.finish(entry);
    bench.set.withdraw(entry);
    bench.clock.step(100);
    expect([bench.set.seatsInUse, bench.set.executing, bench.stats.rejected['time-out']]).toEqual([0, 0, 0]);
  });
});

describe('what a request is taken to need', () => {
  const entry = (of: WorkEstimate, most: number) => new Entry(of, new FlowStats('l', 's'), most);

  it.each<[WorkEstimate, number, object]>([
    [{ initialSeats: 1, finalSeats: 0, additionalLatency: 0 }, 10, { seats: 1, lingering: 0, work: 3 }],
    [{ initialSeats: 4, finalSeats: 0, additionalLatency: 0 }, 2, { seats: 4, lingering: 0, work: 12 }],
    [{ initialSeats: 1, finalSeats: 5, additionalLatency: 10 }, 10, { seats: 5, lingering: 10, work: 53 }],
    [{ initialSeats: 1, finalSeats: 5, additionalLatency: 10 }, 2, { seats: 2, lingering: 25, work: 53 }],
    [{ initialSeats: 1, finalSeats: 5, additionalLatency: 10 }, 0, { seats: 1, lingering: 0, work: 53 }],
  ])('%j with %i seats: %j', (of, most, expected) => expect(entry(of, most)).toMatchObject(expected));
});

describe('a value that is followed over time', () => {
  it('has the average, deviation and highest of what it was, for as long as it was so', () => {
    const pieces = fc.array(fc.record({ value: fc.nat(9), milliseconds: fc.integer({ min: 1, max: 50 }) }), {
      minLength: 1,
      maxLength: 10,
    });
    fc.assert(
      fc.property(pieces, (all) => {
        const clock = new FakeClock(0);
        const integrator = new Integrator(clock);
        for (const { value, milliseconds } of all) {
          integrator.set(value);
          clock.step(milliseconds);
        }
        const samples = all.flatMap(({ value, milliseconds }) => new Array<number>(milliseconds).fill(value));
        const mean = samples.reduce((sum, one) => sum + one, 0) / samples.length;
        const variance = samples.reduce((sum, one) => sum + (one - mean) ** 2, 0) / samples.length;
        const moments = integrator.reset();
        expect(moments.duration).toBe(samples.length);
        expect(moments.average).toBeCloseTo(mean, 9);
        expect(moments.deviation).toBeCloseTo(Math.sqrt(variance), 6);
        expect(moments.max).toBe(Math.max(...samples));
      }),
    );
  });

  it('begins anew with what it is', () => {
    const clock = new FakeClock(0);
    const integrator = new Integrator(clock);
    integrator.set(9);
    integrator.set(2);
    clock.step(10);
    expect(integrator.reset()).toMatchObject({ max: 9, average: 2, duration: 10 });
    expect(integrator.reset()).toEqual({ duration: 0, average: 0, deviation: 0, max: 2 });
    clock.step(10);
    expect(integrator.reset()).toEqual({ duration: 10, average: 2, deviation: 0, max: 2 });
  });
});
