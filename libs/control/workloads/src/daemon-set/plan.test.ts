import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CREATED_AT, daemonSet, node, type Overrides, pod, runningPod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { daemonView } from './daemons.js';
import { FailureBackoff } from './failure-backoff.js';
import { updateLimits } from './limits.js';
import { BURST_DAEMONS, planUpkeep } from './plan.js';
import { daemonPod } from './pod-of.js';
import { planRolling } from './rolling.js';
import { daemonSetStatus } from './status.js';

const NOW = Date.parse(CREATED_AT) + 60_000;
const HASH = 'new';
const rolls = (maxSurge: number | string, maxUnavailable: number | string, more: Overrides<DaemonSet['spec']> = {}) =>
  daemonSet({
    spec: { ...more, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } } },
  });
const SET = rolls(0, 1);

const daemon = (on: string, name: string, hash: string, more: Overrides<Pod> = {}) =>
  runningPod(on, '10.244.0.1', {
    ...more,
    metadata: { name, labels: { 'controller-revision-hash': hash }, ...more.metadata },
  });
const next = (on: string, more?: Overrides<Pod>) => daemon(on, `next-${on}`, HASH, more);
const old = (on: string, more?: Overrides<Pod>) => daemon(on, `old-${on}`, 'old', more);
const UNREADY = { status: { conditions: [] } };
const LEAVING = { metadata: { deletionTimestamp: CREATED_AT } };
const ended = (phase: string) => ({ status: { phase, conditions: [] } });
const nodes = (...names: string[]): Node[] => names.map((name) => node({ metadata: { name } }));
const tainted = (name: string, effect: string): Node =>
  node({ metadata: { name }, spec: { taints: [{ key: 'example.com/x', effect }] } });

const names = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.name);
const viewOf = (set: DaemonSet, there: readonly Node[], pods: readonly Pod[], now = NOW) =>
  daemonView(set, HASH, { nodes: there, pods }, now);

function upkeep(set: DaemonSet, there: readonly Node[], pods: readonly Pod[]) {
  const { create, remove } = planUpkeep(viewOf(set, there, pods), () => undefined);
  return [create, names(remove)];
}

describe('a daemon on every node', () => {
  const surges = rolls(1, 0);
  const waiting = (on: string) => {
    const made = daemonPod(SET, on, HASH);
    return { ...made, metadata: { ...made.metadata, name: `waiting-${on}` } };
  };
  test.each<[string, DaemonSet, Node[], Pod[], unknown]>([
    ['comes where none is', SET, nodes('a', 'b'), [next('a')], [['b'], []]],
    ['is not doubled while it has no node yet', SET, nodes('a'), [waiting('a')], [[], []]],
    ['waits for one that leaves', SET, nodes('a'), [next('a', LEAVING)], [[], []]],
    ['comes at once beside one that leaves, where two may be', surges, nodes('a'), [next('a', LEAVING)], [['a'], []]],
    [
      'comes in the place of one that ended and leaves',
      SET,
      nodes('a'),
      [next('a', { ...LEAVING, ...ended('Failed') })],
      [['a'], []],
    ],
    ['is deleted where it failed', SET, nodes('a'), [next('a', ended('Failed'))], [[], ['next-a']]],
    ['is deleted where it ended well', SET, nodes('a'), [next('a', ended('Succeeded'))], [[], ['next-a']]],
    [
      'is only one: the oldest',
      SET,
      nodes('a'),
      [next('a', { metadata: { creationTimestamp: '2026-01-02T00:00:00Z' } }), old('a')],
      [[], ['next-a']],
    ],
    ['does not come behind a taint', SET, [tainted('a', 'NoSchedule')], [], [[], []]],
    ['stays behind a taint', SET, [tainted('a', 'NoSchedule')], [next('a')], [[], []]],
    [
      'goes from where it may not stay',
      SET,
      [tainted('a', 'NoExecute')],
      [next('a'), old('a', LEAVING)],
      [[], ['next-a']],
    ],
    [
      'without a node goes with the node it was meant for',
      SET,
      nodes(),
      [waiting('a'), next('b')],
      [[], ['waiting-a']],
    ],
  ])('%s', (_, set, there, pods, expected) => {
    expect(upkeep(set, there, pods)).toEqual(expected);
  });

  test.each<[string, Pod[], string[]]>([
    ['both stay while the new one is not ready', [next('a', UNREADY), old('a')], []],
    ['the old one goes when the new one is', [next('a'), old('a')], ['old-a']],
    ['the old one goes when it is not ready itself', [next('a', UNREADY), old('a', UNREADY)], ['old-a']],
    [
      'a third goes in any case',
      [
        next('a', UNREADY),
        old('a'),
        daemon('a', 'third', 'older', { metadata: { creationTimestamp: '2026-01-02T00:00:00Z' } }),
      ],
      ['third'],
    ],
  ])('where two may be, %s', (_, pods, removed) => {
    expect(upkeep(surges, nodes('a'), pods)).toEqual([[], removed]);
  });

  test('a failed one is left for a while, and says until when', () => {
    const plan = planUpkeep(
      viewOf(SET, nodes('a', 'b'), [next('a', ended('Failed')), next('b', ended('Failed'))]),
      (name) => (name === 'a' ? NOW + 5 : undefined),
    );
    expect(plan).toMatchObject({ create: [], againAt: NOW + 5, ended: [{ node: 'b' }] });
    expect(names(plan.remove)).toEqual(['next-b']);
  });

  test('no more than a burst come at once', () => {
    const many = nodes(...Array.from({ length: BURST_DAEMONS + 1 }, (_, index) => `n${index}`));
    expect(planUpkeep(viewOf(SET, many, []), () => undefined).create).toHaveLength(BURST_DAEMONS);
  });
});

describe('an update', () => {
  const three = nodes('a', 'b', 'c');
  const step = (set: DaemonSet, pods: Pod[], there = three) => {
    const { create, remove } = planRolling(viewOf(set, there, pods));
    return [create, names(remove)];
  };
  test.each<[string, DaemonSet, Pod[], unknown]>([
    ['takes one', SET, [old('a'), old('b'), old('c')], [[], ['old-a']]],
    ['takes as many as may be unavailable', rolls(0, 2), [old('a'), old('b'), old('c')], [[], ['old-a', 'old-b']]],
    ['rounds a share up', rolls(0, '34%'), [old('a'), old('b'), old('c')], [[], ['old-a', 'old-b']]],
    ['waits for a node without a daemon', SET, [old('b'), old('c')], [[], []]],
    ['waits for one that leaves', SET, [old('a', LEAVING), old('b'), old('c')], [[], []]],
    ['waits for a new one that is not available', SET, [next('a', UNREADY), old('b'), old('c')], [[], []]],
    ['goes on when it is', SET, [next('a'), old('b'), old('c')], [[], ['old-b']]],
    [
      'takes what is of no use in any case',
      SET,
      [old('a', UNREADY), old('b', UNREADY), old('c')],
      [[], ['old-a', 'old-b']],
    ],
    ['is over', SET, [next('a'), next('b'), next('c')], [[], []]],
    ['allows one where neither is allowed', rolls(0, 0), [old('a'), old('b'), old('c')], [[], ['old-a']]],
    [
      'is left to who deletes',
      daemonSet({ spec: { updateStrategy: { type: 'OnDelete', rollingUpdate: undefined } } }),
      [old('a')],
      [[], []],
    ],
    ['with surge makes one beside', rolls(1, 0), [old('a'), old('b'), old('c')], [['a'], []]],
    ['with surge waits for it', rolls(1, 0), [old('a'), next('a', UNREADY), old('b'), old('c')], [[], []]],
    [
      'with surge then deletes the old one, and goes on',
      rolls(1, 0),
      [old('a'), next('a'), old('b'), old('c')],
      [['b'], ['old-a']],
    ],
    [
      'with surge replaces what is of no use in any case',
      rolls(1, 0),
      [old('a', UNREADY), old('b', UNREADY), old('c')],
      [['a', 'b', 'c'], []],
    ],
  ])('%s', (_, set, pods, expected) => {
    expect(step(set, pods)).toEqual(expected);
  });

  test('a node that is not in order counts as one without', () => {
    const twice = [old('a'), daemon('a', 'again', 'old'), old('b'), old('c')];
    expect(step(SET, twice)).toEqual([[], []]);
    expect(step(rolls(1, 0), twice)).toEqual([[], []]);
  });

  test.each<[string, Pod[], unknown]>([
    ['of no use goes', [old('x', UNREADY)], [[], ['old-x']]],
    ['of use stays while others are missing', [old('x')], [[], []]],
    ['of use goes when there are enough others', [old('x'), next('a')], [[], ['old-x']]],
  ])('with surge, an old one on a node that wants none any more, %s', (_, pods, expected) => {
    expect(step(rolls(1, 0), pods, [...nodes('a'), tainted('x', 'NoSchedule')])).toEqual(expected);
  });

  test.each([
    [rolls(0, 1), { surge: 0, unavailable: 1 }],
    [rolls('10%', 0), { surge: 1, unavailable: 0 }],
    [rolls(0, '50%'), { surge: 0, unavailable: 2 }],
  ])('limits are of the nodes that want a daemon', (set, expected) => {
    expect(updateLimits(set, 3)).toEqual(expected);
  });
});

describe('the status', () => {
  const status = (set: DaemonSet, pods: Pod[], there = nodes('a', 'b', 'c')) =>
    daemonSetStatus(viewOf(set, there, pods), 0);

  test('counts nodes by what is on them', () => {
    const there = [...nodes('a', 'b', 'c'), tainted('x', 'NoSchedule')];
    expect(status(SET, [next('a'), old('b', UNREADY), old('x')], there)).toEqual({
      observedGeneration: 1,
      desiredNumberScheduled: 3,
      currentNumberScheduled: 2,
      numberMisscheduled: 1,
      numberReady: 1,
      updatedNumberScheduled: 1,
      numberAvailable: 1,
      numberUnavailable: 2,
    });
  });

  test('of two daemons of a node the older counts', () => {
    const young = { metadata: { creationTimestamp: '2026-01-02T00:00:00Z' } };
    expect(status(SET, [next('a', young), old('a', UNREADY)])).toMatchObject({
      numberReady: 0,
      updatedNumberScheduled: 0,
    });
  });

  test('who is ready for long enough is available', () => {
    const slow = rolls(0, 1, { minReadySeconds: 61 });
    expect(status(slow, [next('a')])).toMatchObject({ numberReady: 1, numberAvailable: 0, numberUnavailable: 3 });
  });

  test('says how many names were taken', () => {
    expect(daemonSetStatus(viewOf(SET, [], [pod()]), 2)).toMatchObject({ collisionCount: 2 });
  });
});

test('a failed daemon waits a second, then twice as long each time, and at most a quarter of an hour', () => {
  const backoff = new FailureBackoff();
  expect(backoff.endOf('a', 0)).toBeUndefined();
  const ends = Array.from({ length: 12 }, () => {
    backoff.next('a', 0);
    return backoff.endOf('a', 0);
  });
  expect(ends.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(ends.at(-1)).toBe(900_000);
  expect(backoff.endOf('a', 900_000)).toBeUndefined();
  backoff.next('b', 1_800_001);
  backoff.next('a', 1_800_001);
  expect(backoff.endOf('a', 1_800_001)).toBe(1_801_001);
});
