import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { podInfo } from '../../pod/pod-info.js';
import { cluster, info, node } from '../../testing/builders.js';
import { fit as nodeResourcesFit } from '../../testing/default-plugins.js';
import { type Candidate, cheapest, isCandidate, moreImportant, selectVictims } from './victims.js';

const victim = (priority: number, startTime = '2026-01-01T00:00:00Z') => {
  return podInfo({ ...info('v', { priority }).pod, status: { startTime } });
};
const candidate = (node: string, victims: Candidate['victims'], violations = 0): Candidate => ({
  node,
  victims,
  violations,
});

describe('of several nodes, room is made where', () => {
  test.each<[string, Candidate[], string]>([
    [
      'fewest budgets are overdrawn',
      [candidate('a', [victim(1)], 1), candidate('b', [victim(99), victim(99)], 0)],
      'b',
    ],
    [
      'the highest priority that goes is the lowest',
      [candidate('a', [victim(9)]), candidate('b', [victim(8), victim(8), victim(8)])],
      'b',
    ],
    [
      'the priorities that go come to least',
      [candidate('a', [victim(9), victim(9)]), candidate('b', [victim(9), victim(1)])],
      'b',
    ],
    [
      'one goes rather than two, though their priorities are below zero',
      [candidate('a', [victim(-5), victim(-9)]), candidate('b', [victim(-5)])],
      'b',
    ],
    [
      'the most important has run for the shortest time',
      [candidate('a', [victim(5)]), candidate('b', [victim(5, '2026-06-01T00:00:00Z')])],
      'b',
    ],
    [
      'and among several as important, the oldest of them counts',
      [
        candidate('a', [victim(5, '2026-02-01T00:00:00Z'), victim(5, '2026-05-01T00:00:00Z')]),
        candidate('b', [victim(5, '2026-03-01T00:00:00Z'), victim(5, '2026-04-01T00:00:00Z')]),
      ],
      'b',
    ],
    ['it was looked first, where all is alike', [candidate('a', [victim(5)]), candidate('b', [victim(5)])], 'a'],
  ])('%s', (_, candidates, chosen) => expect(cheapest(candidates)?.node).toBe(chosen));

  test('there is none', () => expect(cheapest([])).toBeUndefined());

  test('the order in which they were found does not matter, but among equals', () => {
    const some = fc.array(
      fc.record({
        violations: fc.nat(1),
        victims: fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 5 },
    );
    const cost = ({ violations, victims }: { violations: number; victims: number[] }) => {
      const [first = 0] = victims;
      return [violations, first, victims.reduce((sum, one) => sum + one + 2 ** 31, 0), victims.length].join();
    };
    fc.assert(
      fc.property(some, (list) => {
        const sorted = list.map((one) => ({ ...one, victims: [...one.victims].sort((a, b) => b - a) }));
        const all = sorted.map((one, at) =>
          candidate(
            `${at}`,
            one.victims.map((priority) => victim(priority)),
            one.violations,
          ),
        );
        const [forth, back] = [cheapest(all), cheapest([...all].reverse())];
        const costOf = (chosen: Candidate | undefined) =>
          cost(sorted[Number(chosen?.node)] ?? { violations: 0, victims: [] });
        expect(costOf(forth)).toBe(costOf(back));
      }),
    );
  });
});

test('who is more important has the higher priority, or was there first', () => {
  const [old, young, high] = [victim(1), victim(1, '2026-06-01T00:00:00Z'), victim(2, '2026-07-01T00:00:00Z')];
  expect([young, high, old].sort(moreImportant)).toEqual([high, old, young]);
  expect(moreImportant(old, victim(1))).toBe(0);
});

test('who goes is of lower priority, leaves room enough, and no more go than must', () => {
  const pods = fc.array(fc.record({ cpu: fc.integer({ min: 1, max: 4 }), priority: fc.integer({ min: 0, max: 4 }) }), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(pods, fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 5 }), (there, cpu, priority) => {
      const placed = there.map((one, at) => info(`v${at}`, { cpu: `${one.cpu}`, priority: one.priority }));
      const view = cluster([node('n', { cpu: '8' })], { n: placed });
      const pod = info('p', { cpu: `${cpu}`, priority });
      const verdict = selectVictims(pod, 0, { cluster: view, filters: [nodeResourcesFit], budgetsOf: () => [] });
      const taken = (gone: ReadonlySet<string>) =>
        there.reduce((sum, one, at) => (gone.has(`v${at}`) ? sum : sum + one.cpu), 0);
      const lower = new Set(placed.filter((one) => one.priority < priority).map(({ name }) => name));
      const canFit = lower.size > 0 && taken(lower) + cpu <= 8;
      expect(isCandidate(verdict)).toBe(canFit);
      if (!isCandidate(verdict)) return;
      const gone = new Set(verdict.victims.map(({ name }) => name));
      expect([...gone].every((name) => lower.has(name))).toBe(true);
      expect(taken(gone) + cpu).toBeLessThanOrEqual(8);
      for (const name of gone) expect(taken(new Set([...gone].filter((one) => one !== name))) + cpu).toBeGreaterThan(8);
    }),
    { numRuns: 300 },
  );
});
