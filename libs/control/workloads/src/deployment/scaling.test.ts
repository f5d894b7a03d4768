import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { deployment, replicaSet } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { replicasAnnotations } from './annotations.js';
import type { Scale } from './rolling.js';
import { isScaling, planScaling } from './scaling.js';

const owner = (replicas: number, maxSurge: number) =>
  deployment({ spec: { replicas, strategy: { rollingUpdate: { maxSurge, maxUnavailable: 2 } } } });
/** A set that was scaled last when the Deployment wanted `desired`, with room for `most`. */
function set(
  name: string,
  replicas: number,
  desired: number,
  most: number,
  created = '2026-01-01T00:00:00Z',
): ReplicaSet {
  const one = replicaSet({
    metadata: { name, creationTimestamp: created },
    spec: { replicas },
    status: { replicas, availableReplicas: replicas },
  });
  return { ...one, metadata: { ...one.metadata, annotations: replicasAnnotations(one, desired, most) } };
}
const shown = (scales: readonly Scale[]): Record<string, number> =>
  Object.fromEntries(scales.map(({ set: one, to }) => [one.metadata.name, to]));

describe('isScaling', () => {
  test('only when the wanted count changed since', () => {
    expect(isScaling(owner(10, 3), { current: set('a', 10, 10, 13), old: [] })).toBe(false);
    expect(isScaling(owner(12, 3), { current: set('a', 10, 10, 13), old: [] })).toBe(true);
    expect(isScaling(owner(12, 3), { current: set('a', 0, 10, 13), old: [] })).toBe(false);
  });
});

describe('planScaling', () => {
  test('the only active set takes it all', () => {
    expect(shown(planScaling(owner(12, 3), { current: set('a', 10, 10, 13), old: [set('b', 0, 5, 6)] }))).toEqual({
      a: 12,
    });
  });

  test('with none active the newest set takes it', () => {
    expect(shown(planScaling(owner(4, 1), { current: set('a', 0, 0, 0), old: [set('b', 0, 0, 0)] }))).toEqual({ a: 4 });
  });

  test('in the middle of a rollout each gets its share, upstream documentation’s example', () => {
    // 10 wanted, surge 3: 8 old and 5 new. Scaled to 15, the 5 more are given 3 to the old and 2 to the new.
    const sets = { current: set('new', 5, 10, 13, '2026-01-02T00:00:00Z'), old: [set('old', 8, 10, 13)] };
    expect(shown(planScaling(owner(15, 3), sets))).toEqual({ old: 11, new: 7 });
  });

  test('shrinking, too, and never below zero', () => {
    const sets = { current: set('new', 5, 10, 13), old: [set('old', 8, 10, 13)] };
    const scaled = shown(planScaling(owner(5, 3), sets));
    expect(Object.values(scaled).reduce((a, b) => a + b, 0)).toBe(8);
    expect(shown(planScaling(owner(0, 3), sets))).toEqual({ old: 0, new: 0 });
  });

  test('a new set that is complete ends the old ones', () => {
    const sets = { current: set('new', 10, 10, 13), old: [set('old', 2, 12, 13)] };
    expect(shown(planScaling(owner(10, 3), sets))).toEqual({ old: 0 });
  });

  test('nothing changes where all is as wanted', () => {
    expect(planScaling(owner(10, 3), { current: set('a', 10, 10, 13), old: [] })).toEqual([]);
  });
});
