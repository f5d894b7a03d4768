import type { PriorityLevelConfiguration } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import { suggestedPriorityLevels } from '@binnacle/apis-kubernetes/flowcontrol/v1/bootstrap';
import { FakeClock } from '@binnacle/machinery-context';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Entry } from '../queueing/entry.js';
import { FlowStats } from '../queueing/flow-stats.js';
import { ONE_SEAT } from '../types.js';
import { PriorityLevel } from './priority-level.js';
import { PriorityLevels } from './priority-levels.js';

type Limited = NonNullable<NonNullable<PriorityLevelConfiguration['spec']>['limited']>;

const level = (name: string, limited: Partial<Limited> = {}): PriorityLevelConfiguration => ({
  apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
  kind: 'PriorityLevelConfiguration',
  metadata: { name, uid: `${name}-uid` },
  spec: {
    type: 'Limited',
    limited: { nominalConcurrencyShares: 10, limitResponse: { type: 'Reject' }, ...limited },
  },
});
const queuing = (queues: number, handSize: number) =>
  ({ type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 5 } }) as Limited['limitResponse'];

/** Takes as many seats of a level as it is given, for as long as a period. */
function occupy(levels: PriorityLevels, name: string, seats: number): void {
  const found = levels.find(name);
  for (let at = 0; at < seats; at += 1) {
    found?.queues.offer(new Entry(ONE_SEAT, new FlowStats(name, 's'), 99), `${at}`);
  }
}
const limits = (levels: PriorityLevels) =>
  Object.fromEntries(levels.all().map(({ name, queues }) => [name, queues.concurrencyLimit]));

describe('what a level may have', () => {
  it.each<[string, Partial<Limited>, object]>([
    ['its shares, and as much more as there is', {}, { nominal: 50, lower: 50, upper: 150 }],
    ['less where it lends', { lendablePercent: 50 }, { nominal: 50, lower: 25, upper: 150 }],
    ['all of it lent', { lendablePercent: 100 }, { nominal: 50, lower: 0, upper: 150 }],
    ['no more where it may not borrow', { borrowingLimitPercent: 0 }, { nominal: 50, lower: 50, upper: 50 }],
    ['a part more where it may borrow a part', { borrowingLimitPercent: 30 }, { nominal: 50, lower: 50, upper: 65 }],
    ['nothing without shares', { nominalConcurrencyShares: 0 }, { nominal: 0, lower: 0, upper: 100 }],
  ])('%s', (_, limited, bounds) => {
    const one = new PriorityLevel(level('a', limited), new FakeClock());
    one.allot(100, 20);
    expect(one.bounds).toEqual(bounds);
  });

  it('is nothing where nobody has shares', () => {
    const one = new PriorityLevel(level('a'), new FakeClock());
    one.allot(100, 0);
    expect(one.bounds.nominal).toBe(0);
  });

  it.each<[Limited['limitResponse'], number]>([
    [{ type: 'Reject' }, 0],
    [queuing(64, 6), 3],
    [queuing(64, 1), 3],
    [queuing(64, 20), 1],
    [queuing(8, 8), 2],
  ])('for one request, with %j: %i seats of 20', (limitResponse, most) => {
    const one = new PriorityLevel(level('a', { limitResponse }), new FakeClock());
    one.allot(20, 10);
    expect(one.mostSeats).toBe(most);
  });

  it('tells flows apart where there is more than one queue', () => {
    const apart = (limitResponse: Limited['limitResponse']) =>
      new PriorityLevel(level('a', { limitResponse }), new FakeClock()).tellsFlowsApart;
    expect([apart(queuing(2, 1)), apart(queuing(1, 1)), apart({ type: 'Reject' })]).toEqual([true, false, false]);
  });
});

describe('demand', () => {
  const moments = (average: number, deviation = 0, max = average, duration = 10_000) => ({
    average,
    deviation,
    max,
    duration,
  });

  it('rises at once and falls slowly', () => {
    const one = new PriorityLevel(level('a'), new FakeClock());
    one.noteDemand(moments(20, 5));
    expect(one.demand.smoothed).toBe(25);
    one.noteDemand(moments(0));
    expect(one.demand.smoothed).toBeCloseTo(25 * 0.977, 9);
    for (let period = 0; period < 30; period += 1) one.noteDemand(moments(0));
    expect(one.demand.smoothed).toBeLessThan(13);
    expect(one.demand.smoothed).toBeGreaterThan(11);
  });

  it('of no time changes nothing but the most that was asked for', () => {
    const one = new PriorityLevel(level('a'), new FakeClock());
    one.noteDemand(moments(20));
    one.noteDemand(moments(0, 0, 7.6, 0));
    expect(one.demand).toEqual({ average: 20, deviation: 0, highWatermark: 8, smoothed: 20 });
  });
});

describe('seats', () => {
  const make = (...objects: PriorityLevelConfiguration[]) => {
    const clock = new FakeClock(0);
    const levels = new PriorityLevels(clock, 100);
    levels.digest(objects);
    return { clock, levels };
  };

  it('that one level does not need are lent to one that wants more, and come back when they are needed', () => {
    const { clock, levels } = make(level('busy', { lendablePercent: 90 }), level('idle', { lendablePercent: 90 }));
    for (let period = 0; period < 5; period += 1) {
      occupy(levels, 'busy', 40);
      clock.step(10_000);
      levels.adjust();
    }
    const lent = limits(levels);
    expect(lent.busy).toBeGreaterThan(levels.find('busy')?.bounds.nominal ?? 0);
    expect(lent.idle).toBeLessThan(levels.find('idle')?.bounds.nominal ?? 0);
    occupy(levels, 'idle', lent.idle ?? 0);
    clock.step(10_000);
    levels.adjust();
    expect(limits(levels).idle).toBeGreaterThanOrEqual(lent.idle ?? 0);
  });

  it('of a level that lends nothing stay its own', () => {
    const { clock, levels } = make(level('busy'), level('mean', { lendablePercent: 0 }));
    occupy(levels, 'busy', 100);
    clock.step(10_000);
    levels.adjust();
    expect(limits(levels).mean).toBe(levels.find('mean')?.bounds.nominal);
  });

  it('are never more than a level may have, nor fewer than it keeps, whatever is asked', () => {
    const shape = fc.record({
      nominalConcurrencyShares: fc.integer({ min: 1, max: 50 }),
      lendablePercent: fc.nat(100),
      borrowingLimitPercent: fc.option(fc.nat(200), { nil: undefined }),
    });
    const asked = fc.array(fc.array(fc.nat(60), { minLength: 3, maxLength: 3 }), { maxLength: 4 });
    fc.assert(
      fc.property(fc.tuple(shape, shape, shape), asked, (shapes, periods) => {
        const { clock, levels } = make(...shapes.map((one, at) => level(`l${at}`, one)));
        for (const wanted of periods) {
          wanted.forEach((seats, at) => occupy(levels, `l${at}`, seats));
          clock.step(10_000);
          levels.adjust();
          for (const { bounds, queues, isExempt } of levels.all()) {
            if (isExempt) continue;
            expect(queues.concurrencyLimit).toBeGreaterThanOrEqual(bounds.lower);
            expect(queues.concurrencyLimit).toBeLessThanOrEqual(bounds.upper);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('a configuration', () => {
  it('has the mandatory levels whether they are there or not, and not those that contradict themselves', () => {
    const levels = new PriorityLevels(new FakeClock(), 100);
    expect(() => levels.catchAll).toThrow('has not been configured');
    const exempt = level('exempt');
    const odd = { ...level('odd'), spec: { type: 'Exempt' as const } };
    const empty = { ...level('empty'), spec: { type: 'Limited' as const } };
    levels.digest([exempt, odd, empty]);
    expect(
      levels
        .all()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['catch-all', 'exempt']);
    expect(levels.find('exempt')?.isExempt).toBe(true);
  });

  it('that changes a level keeps who waits in it', () => {
    const levels = new PriorityLevels(new FakeClock(), 100);
    levels.digest([level('a', { limitResponse: queuing(4, 1) })]);
    const before = levels.find('a');
    levels.digest([level('a', { limitResponse: queuing(8, 2), nominalConcurrencyShares: 50 })]);
    expect(levels.find('a')).toBe(before);
    expect(before?.shares).toBe(50);
  });

  it('that wants a quiescing level again has it as it was', () => {
    const levels = new PriorityLevels(new FakeClock(), 100);
    levels.digest([level('a')]);
    occupy(levels, 'a', 1);
    levels.digest([]);
    expect(levels.find('a')?.quiescing).toBe(true);
    levels.digest([level('a')]);
    expect(levels.find('a')?.quiescing).toBe(false);
  });

  it('uses the schemas whose level is there', () => {
    const levels = new PriorityLevels(new FakeClock(), 100);
    levels.digest([...suggestedPriorityLevels, level('a')]);
    const schema = (name: string, to: string) =>
      ({ metadata: { name }, spec: { priorityLevelConfiguration: { name: to } } }) as never;
    const names = levels.usable([schema('good', 'a'), schema('bad', 'gone')]).map(({ metadata }) => metadata.name);
    expect(names).toEqual(['good', 'exempt', 'catch-all']);
  });
});
