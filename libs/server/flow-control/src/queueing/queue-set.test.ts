import { FakeClock } from '@binnacle/machinery-context';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ONE_SEAT } from '../types.js';
import { Entry } from './entry.js';
import { FlowStats } from './flow-stats.js';
import { QueueSet } from './queue-set.js';

interface Flow {
  readonly isLong?: boolean;
  readonly name: string;
  /** Requests that are under way at any time. */
  readonly concurrency: number;
  readonly milliseconds: number;
  readonly seats: number;
}

interface Served {
  requests: number;
  seatMilliseconds: number;
  longestWait: number;
}

const LIMIT = 4;

/** Clients that ask again as soon as they are answered, over so many milliseconds. */
function simulate(flows: readonly Flow[], duration: number, queues = 64): Map<string, Served> {
  const clock = new FakeClock(0);
  const set = new QueueSet(clock);
  set.configure({ kind: 'queue', queues, handSize: Math.min(6, queues), queueLengthLimit: 1000 }, LIMIT);
  const served = new Map<string, Served>();
  const ask = (flow: Flow): void => {
    const entry = new Entry(
      { ...ONE_SEAT, initialSeats: flow.seats, isLong: flow.isLong ?? false },
      new FlowStats('level', 'schema'),
      LIMIT,
    );
    const start = () => {
      const result = served.get(flow.name) as Served;
      result.longestWait = Math.max(result.longestWait, clock.now() - entry.arrivedAt);
      clock.after(flow.milliseconds, () => {
        result.requests += 1;
        result.seatMilliseconds += flow.milliseconds * flow.seats;
        set.finish(entry);
        if (clock.now() < duration) ask(flow);
      });
    };
    if (set.offer(entry, flow.name) === 'served') start();
    else entry.onStart = start;
  };
  for (const flow of flows) {
    served.set(flow.name, { requests: 0, seatMilliseconds: 0, longestWait: 0 });
    for (let at = 0; at < flow.concurrency; at += 1) ask(flow);
  }
  clock.step(duration + 60_000);
  expect(set.isIdle).toBe(true);
  expect(set.seatsInUse).toBe(0);
  return served;
}

describe('one flow that asks for everything', () => {
  it('makes a light one wait for no more than what is being served', () => {
    const flood = { name: 'flood', concurrency: 300, milliseconds: 20, seats: 1 };
    const light = { name: 'light', concurrency: 1, milliseconds: 5, seats: 1 };
    const result = simulate([flood, light], 5_000);
    expect(result.get('light')?.longestWait).toBeLessThanOrEqual(40);
    expect(result.get('light')?.requests).toBeGreaterThan(150);
  });

  it('does not make a light one wait for the end of its long requests', () => {
    const long = { name: 'long', concurrency: 100, milliseconds: 900, seats: 1, isLong: true };
    const light = { name: 'light', concurrency: 1, milliseconds: 5, seats: 1 };
    const result = simulate([long, light], 5_000);
    expect(result.get('light')?.longestWait).toBe(0);
    expect(result.get('long')?.requests).toBeGreaterThan(9);
  });

  it('gains nothing from wide requests', () => {
    const wide = { name: 'wide', concurrency: 100, milliseconds: 50, seats: 4 };
    const light = { name: 'light', concurrency: 1, milliseconds: 5, seats: 1 };
    const result = simulate([wide, light], 5_000);
    // Each of the six queues a flow may fill comes in turn.
    expect(result.get('light')?.longestWait).toBeLessThanOrEqual(6 * 50);
  });
});

describe('flows that ask for as much as they can get', () => {
  it('get about the same, whatever their requests are like, and none waits without an end', () => {
    const flow = fc.record({
      concurrency: fc.integer({ min: 12, max: 60 }),
      milliseconds: fc.integer({ min: 1, max: 40 }),
      seats: fc.integer({ min: 1, max: 2 }),
    });
    fc.assert(
      fc.property(fc.array(flow, { minLength: 2, maxLength: 4 }), (drawn) => {
        const flows = drawn.map((each, at) => ({ ...each, name: `flow ${at}` }));
        const results = [...simulate(flows, 8_000, 512).values()];
        const shares = results.map(({ seatMilliseconds }) => seatMilliseconds);
        expect(Math.min(...shares)).toBeGreaterThan(Math.max(...shares) / 4);
        for (const { longestWait } of results) expect(longestWait).toBeLessThan(8_000);
      }),
      { numRuns: 15, seed: 7 },
    );
  });
});

describe('a queue set', () => {
  const entry = (initialSeats = 1) => new Entry({ ...ONE_SEAT, initialSeats }, new FlowStats('level', 'schema'), LIMIT);

  it('turns away what finds its queue full and no seat', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'queue', queues: 1, handSize: 1, queueLengthLimit: 2 }, 1);
    const offers = [1, 2, 3, 4].map(() => set.offer(entry(), 'a'));
    expect(offers).toEqual(['served', 'waiting', 'waiting', 'queue-full']);
  });

  it('turns away what finds no seat where there are no queues', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'reject' }, 1);
    expect([set.offer(entry(), 'a'), set.offer(entry(), 'a')]).toEqual(['served', 'concurrency-limit']);
  });

  it('serves what is exempt, whatever else there is', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'exempt' }, 0);
    for (let at = 0; at < 1000; at += 1) expect(set.offer(entry(10), 'a')).toBe('served');
  });

  it('serves what is wider than all there is alone', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'queue', queues: 8, handSize: 1, queueLengthLimit: 9 }, 2);
    const [narrow, wide] = [entry(), entry(5)];
    expect(set.offer(narrow, 'a')).toBe('served');
    expect(set.offer(wide, 'b')).toBe('waiting');
    set.finish(narrow);
    expect(wide.state).toBe('served');
  });

  it('leaves half of the seats to what is short', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'queue', queues: 64, handSize: 1, queueLengthLimit: 2 }, 4);
    const long = () => new Entry({ ...ONE_SEAT, isLong: true }, new FlowStats('level', 'schema'), LIMIT);
    const lists = Array.from({ length: 5 }, long);
    expect(lists.map((each) => set.offer(each, 'a'))).toEqual(['served', 'served', 'waiting', 'waiting', 'queue-full']);
    expect([set.offer(entry(), 'b'), set.offer(entry(), 'c'), set.offer(entry(), 'd')]).toEqual([
      'served',
      'served',
      'waiting',
    ]);
    set.finish(lists[0] as Entry);
    expect(set.seatsInUse).toBe(4);
  });

  it('serves what is long where there is but one seat', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'queue', queues: 1, handSize: 1, queueLengthLimit: 2 }, 1);
    const [first, second] = [1, 2].map(() => new Entry({ ...ONE_SEAT, isLong: true }, new FlowStats('l', 's'), LIMIT));
    expect([set.offer(first as Entry, 'a'), set.offer(second as Entry, 'a')]).toEqual(['served', 'waiting']);
    set.finish(first as Entry);
    expect(second?.state).toBe('served');
  });

  it('forgets who left while waiting', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'queue', queues: 1, handSize: 1, queueLengthLimit: 9 }, 1);
    const [first, second, third] = [entry(), entry(), entry()];
    for (const each of [first, second, third]) set.offer(each, 'a');
    set.withdraw(second);
    set.finish(first);
    expect([second.state, third.state, set.waiting]).toEqual(['gone', 'served', 0]);
  });

  it('lets those through that wait as soon as it may', () => {
    const set = new QueueSet(new FakeClock());
    set.configure({ kind: 'queue', queues: 4, handSize: 2, queueLengthLimit: 9 }, 1);
    const all = Array.from({ length: 6 }, () => entry());
    for (const each of all) set.offer(each, 'a');
    set.configure({ kind: 'queue', queues: 1, handSize: 1, queueLengthLimit: 1 }, 4);
    expect(all.filter(({ state }) => state === 'served')).toHaveLength(4);
    set.configure({ kind: 'reject' }, 6);
    expect(all.filter(({ state }) => state === 'served')).toHaveLength(6);
  });

  it('keeps the seats of a write until watchers have been told', () => {
    const clock = new FakeClock();
    const set = new QueueSet(clock);
    set.configure({ kind: 'queue', queues: 1, handSize: 1, queueLengthLimit: 1 }, 4);
    const estimate = { initialSeats: 1, finalSeats: 3, additionalLatency: 15 };
    const write = new Entry(estimate, new FlowStats('level', 'schema'), LIMIT);
    set.offer(write, 'a');
    set.finish(write);
    expect(set.seatsInUse).toBe(3);
    clock.step(15);
    expect(set.seatsInUse).toBe(0);
  });
});
