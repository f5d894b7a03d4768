import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateList, estimateWrite, type ListWork } from './estimate.js';
import { WatchCounts } from './watch-counts.js';

const work: fc.Arbitrary<ListWork> = fc.record({
  size: fc.option(fc.record({ objects: fc.nat(200_000), bytes: fc.nat(500_000_000) }), { nil: undefined }),
  limit: fc.constantFrom(0, 1, 50, 500, 5_000),
  isSingle: fc.boolean(),
  selects: fc.boolean(),
  converts: fc.boolean(),
});

describe('a list', () => {
  it('takes a whole number of seats, at least one and never more than it may', () => {
    fc.assert(
      fc.property(work, fc.nat(60), (one, most) => {
        const { initialSeats, isLong } = estimateList(one, most);
        expect(Number.isInteger(initialSeats)).toBe(true);
        expect(initialSeats).toBeGreaterThanOrEqual(1);
        expect(initialSeats).toBeLessThanOrEqual(most || 100);
        if (initialSeats > 1) expect(isLong).toBe(true);
      }),
    );
  });

  it('takes no fewer seats for more objects, a larger page, a selector or a conversion', () => {
    const sized = work.filter(({ size, isSingle }) => !isSingle && size !== undefined && size.objects > 0);
    fc.assert(
      fc.property(sized, fc.integer({ min: 2, max: 5 }), (one, times) => {
        const seats = (more: Partial<ListWork>) => estimateList({ ...one, ...more }, 0).initialSeats;
        const { objects = 0, bytes = 0 } = one.size ?? {};
        expect(seats({ size: { objects: objects * times, bytes: bytes * times } })).toBeGreaterThanOrEqual(seats({}));
        expect(seats({ limit: 0 })).toBeGreaterThanOrEqual(seats({}));
        expect(seats({ selects: true })).toBeGreaterThanOrEqual(seats({ selects: false }));
        expect(seats({ converts: true })).toBeGreaterThanOrEqual(seats({ converts: false }));
      }),
    );
  });

  it('of nothing takes one seat', () => {
    const nothing = { size: { objects: 0, bytes: 0 }, limit: 0, isSingle: false, selects: true, converts: true };
    expect(estimateList(nothing, 0)).toEqual({ initialSeats: 1, finalSeats: 0, additionalLatency: 0 });
  });
});

describe('a write', () => {
  it('brings the same work in the end, however few seats it has for it', () => {
    fc.assert(
      fc.property(fc.nat(3_000_000), fc.integer({ min: 10, max: 5_000 }), fc.nat(30), (bytes, watches, most) => {
        const { initialSeats, finalSeats, additionalLatency, isLong = false } = estimateWrite({ bytes, watches }, most);
        expect(isLong).toBe(bytes > 100_000);
        expect(initialSeats).toBe(Math.max(1, Math.min(Math.ceil(bytes / 100_000), most || 10, 10)));
        expect(finalSeats).toBeLessThanOrEqual(Math.min(most || 10, 10));
        expect(finalSeats * additionalLatency).toBeCloseTo(Math.ceil(watches / 10) * 5, 6);
      }),
    );
  });
});

describe('watches', () => {
  const watched = fc.record({
    cluster: fc.constantFrom('main', 'lab'),
    group: fc.constantFrom('', 'apps'),
    resource: fc.constantFrom('pods', 'nodes'),
    namespace: fc.constantFrom('', 'a', 'b'),
    name: fc.constantFrom('', 'x', 'y'),
  });
  const kind = fc.record({
    cluster: fc.constant('main'),
    group: fc.constant(''),
    resource: fc.constantFrom('pods', 'nodes'),
  });
  const changed = fc
    .tuple(kind, fc.constantFrom('', 'a', 'b'), fc.constantFrom('x', 'y'))
    .map(([one, namespace, name]) => ({ ...one, namespace, name }));

  it('are told of a change where their scope holds it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ of: watched, gone: fc.boolean() }), { maxLength: 20 }),
        changed,
        (all, change) => {
          const counts = new WatchCounts();
          const forgets = all.map(({ of }) => counts.add(of));
          all.forEach(({ gone }, at) => gone && forgets[at]?.());
          const expected = all.filter(
            ({ of, gone }) =>
              !gone &&
              of.cluster === change.cluster &&
              of.group === change.group &&
              of.resource === change.resource &&
              (of.namespace === '' || of.namespace === change.namespace) &&
              (of.name === '' || of.name === change.name),
          );
          expect(counts.interestedIn(change)).toBe(expected.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('that all ended leave nothing behind', () => {
    const counts = new WatchCounts();
    const one = { cluster: 'main', group: '', resource: 'pods', namespace: 'a', name: '' };
    const forgets = [counts.add(one), counts.add(one)];
    for (const forget of [...forgets, ...forgets]) forget();
    expect(counts.interestedIn({ ...one, name: 'x' })).toBe(0);
    counts.add(one);
    expect(counts.interestedIn({ ...one, name: 'x' })).toBe(1);
  });
});
