import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { IntOrString } from '@binnacle/machinery-meta';
import { deployment, replicaSet } from '@binnacle/testing-fixtures';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { available, limits, maxTotal, specReplicas, sum } from './limits.js';
import type { ReplicaSetsOf } from './replica-sets.js';
import { planRecreate, planRolling, type Scale } from './rolling.js';

const rolling = (replicas: number, maxSurge: IntOrString, maxUnavailable: IntOrString): Deployment =>
  deployment({ spec: { replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable } } } });
const set = (name: string, replicas: number, availableReplicas = replicas): ReplicaSet =>
  replicaSet({ metadata: { name }, spec: { replicas }, status: { replicas, availableReplicas } });
const shown = (scales: readonly Scale[]) => scales.map((scale) => [scale.set.metadata.name, scale.to]);

describe('limits', () => {
  test.each<[number, IntOrString, IntOrString, number, number]>([
    [10, '25%', '25%', 3, 2],
    [1, '25%', '25%', 1, 0],
    [10, 0, 0, 0, 1],
    [3, 0, '10%', 0, 1],
    [2, 0, 5, 0, 2],
  ])('of %i with %s and %s are %i and %i', (replicas, maxSurge, maxUnavailable, surge, unavailable) => {
    expect(limits(rolling(replicas, maxSurge, maxUnavailable))).toEqual({ surge, unavailable });
  });
});

describe('planRolling', () => {
  test.each<[string, Deployment, ReplicaSetsOf, Array<[string, number]>]>([
    ['grows into the surge first', rolling(10, 3, 2), { current: set('new', 0), old: [set('old', 10)] }, [['new', 3]]],
    [
      'then takes down as many old ones as may be missing',
      rolling(10, 3, 2),
      { current: set('new', 3, 0), old: [set('old', 10)] },
      [['old', 8]],
    ],
    [
      'and more as new ones become available',
      rolling(10, 3, 2),
      { current: set('new', 5, 5), old: [set('old', 8)] },
      [['old', 3]],
    ],
    [
      'takes down broken old ones before healthy ones',
      rolling(10, 3, 2),
      { current: set('new', 3, 0), old: [set('broken', 2, 0), set('good', 8, 8)] },
      [['broken', 0]],
    ],
    ['waits where nothing may be missing', rolling(4, 1, 0), { current: set('new', 1, 0), old: [set('old', 4)] }, []],
    ['shrinks a new set that is too big', rolling(2, 1, 1), { current: set('new', 5), old: [] }, [['new', 2]]],
    ['is done when all are new', rolling(3, 1, 1), { current: set('new', 3), old: [set('old', 0)] }, []],
    ['does nothing without a new set', rolling(3, 1, 1), { old: [set('old', 3)] }, []],
  ])('%s', (_, owner, sets, expected) => {
    expect(shown(planRolling(owner, sets))).toEqual(expected);
  });

  /** Carries a step out; then `ready` says how many of each set's Pods are available, at most all of them. */
  function carryOut(sets: ReplicaSetsOf, scales: readonly Scale[], ready: (most: number) => number): ReplicaSetsOf {
    const next = (one: ReplicaSet): ReplicaSet => {
      const replicas = scales.find((scale) => scale.set === one)?.to ?? specReplicas(one);
      const before = Math.min(available(one), replicas);
      const availableReplicas = before + ready(replicas - before);
      return { ...one, spec: { ...one.spec, selector: {}, replicas }, status: { replicas, availableReplicas } };
    };
    return { current: sets.current && next(sets.current), old: sets.old.map(next) };
  }

  test('whatever the limits and however slowly Pods start, it keeps within them and ends', () => {
    const count = fc.integer({ min: 0, max: 30 });
    const percent = fc.integer({ min: 0, max: 100 }).map((value): IntOrString => `${value}%`);
    const limit = fc.oneof<fc.Arbitrary<IntOrString>[]>(fc.integer({ min: 0, max: 10 }), percent);
    const paces = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(count, limit, limit, paces, (replicas, surge, unavailable, pace) => {
        const owner = rolling(replicas, surge, unavailable);
        const least = replicas - limits(owner).unavailable;
        let sets: ReplicaSetsOf = { current: set('new', 0), old: [set('old', replicas)] };
        for (let step = 0; step < 500; step += 1) {
          const lazy = pace[step % pace.length] ?? 1;
          sets = carryOut(sets, planRolling(owner, sets), (most) =>
            Math.min(most, step > 50 ? Math.max(1, lazy) : lazy),
          );
          const all = [...sets.old, ...(sets.current ? [sets.current] : [])];
          expect(sum(all, specReplicas)).toBeLessThanOrEqual(Math.max(maxTotal(owner), replicas));
          expect(sum(all, available)).toBeGreaterThanOrEqual(least);
        }
        expect([specReplicas(sets.current ?? set('', -1)), sum(sets.old, specReplicas)]).toEqual([replicas, 0]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('planRecreate', () => {
  const owner = deployment({ spec: { replicas: 3, strategy: { type: 'Recreate', rollingUpdate: undefined } } });
  test('first all old ones go, then, when their Pods are gone, the new ones come', () => {
    const sets = { current: set('new', 0), old: [set('old', 3)] };
    expect(shown(planRecreate(owner, sets, true))).toEqual([['old', 0]]);
    const emptied = { current: set('new', 0), old: [set('old', 0)] };
    expect(planRecreate(owner, emptied, true)).toEqual([]);
    expect(shown(planRecreate(owner, emptied, false))).toEqual([['new', 3]]);
  });
});
