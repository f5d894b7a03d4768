import type { ControllerRevision, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import {
  CREATED_AT,
  controllerRevision,
  type Overrides,
  override,
  persistentVolumeClaim,
  runningPod,
  statefulSet,
} from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { nextAvailability } from '../pods/pod-state.js';
import { BURST_MEMBERS, planStatefulSet, type SetView } from './plan.js';
import { podOf } from './pod-of.js';
import { statefulSetStatus } from './status.js';

const NOW = Date.parse(CREATED_AT) + 60_000;
const template = (image: string) => ({
  data: { spec: { template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image }] } } } },
});
const A = controllerRevision({ metadata: { name: 'web-a' }, ...template('a') });
const B = controllerRevision({ metadata: { name: 'web-b' }, ...template('b'), revision: 2 });

const setOf = (spec: Overrides<StatefulSet['spec']> = {}, rest: Overrides<StatefulSet> = {}) =>
  statefulSet({ ...rest, spec: { replicas: 3, ...spec } });

interface Given {
  readonly revision?: ControllerRevision;
  readonly pod?: Overrides<Pod>;
}

/** A member that runs, ready since the fixtures were made. */
function member(ordinal: number, { revision = A, pod }: Given = {}, set = setOf()): Pod {
  const { metadata, spec } = podOf(statefulSet({ spec: set.spec }), { current: revision, update: revision }, ordinal);
  const labels = { ...metadata.labels };
  const made = runningPod('node-1', '10.244.0.1', { metadata: { name: metadata.name, labels } });
  return override({ ...made, spec: { ...made.spec, ...spec } } as Pod, pod);
}

const pending = (ordinal: number, more: Given = {}) =>
  member(ordinal, { ...more, pod: { status: { phase: 'Pending', conditions: [] } } });
const unready = (ordinal: number, more: Given = {}) =>
  member(ordinal, { ...more, pod: { status: { conditions: [] } } });
const leaving = (ordinal: number, more: Given = {}) =>
  member(ordinal, { ...more, pod: { metadata: { deletionTimestamp: CREATED_AT } } });
const failed = (ordinal: number, phase = 'Failed') => member(ordinal, { pod: { status: { phase, conditions: [] } } });

function view(set: StatefulSet, pods: readonly Pod[], more: Partial<SetView> = {}): SetView {
  return { set, pods, current: A, update: A, claim: () => undefined, now: NOW, ...more };
}

/** `create web-1` and the like, in order. */
const steps = (given: SetView): string[] =>
  planStatefulSet(given)
    .flat(2)
    .map(({ act, pod }) => `${act} ${pod.metadata.name}`);

const PARALLEL = { podManagementPolicy: 'Parallel' };
const all = (...ordinals: number[]) => ordinals.map((ordinal) => member(ordinal));

test.each(['OrderedReady', 'Parallel'])(
  '%s: a set that wants more than a machine can hold is begun all the same',
  (podManagementPolicy) => {
    const planned = steps(view(setOf({ replicas: 2 ** 31 - 1, podManagementPolicy }), all(0, 2)));
    expect(planned[0]).toBe('create web-1');
    expect(planned.length).toBe(podManagementPolicy === 'Parallel' ? BURST_MEMBERS : 1);
  },
);

describe('in order', () => {
  test.each<[string, StatefulSet, readonly Pod[], string[]]>([
    ['the first comes first', setOf(), [], ['create web-0']],
    ['the next comes when the one before is ready', setOf(), all(0), ['create web-1']],
    ['nothing comes after one that is not ready', setOf(), [unready(0)], []],
    ['nothing comes after one that is on its way out', setOf(), [leaving(0), member(1)], []],
    ['a gap is filled first', setOf(), all(0, 2), ['create web-1']],
    ['a failed one is deleted, and nothing else is done', setOf(), [failed(0), member(1)], ['delete web-0']],
    ['one that ended well is deleted too', setOf(), [failed(0, 'Succeeded')], ['delete web-0']],
    ['what is complete is left alone', setOf(), all(0, 1, 2), []],
    ['the highest out of range goes first', setOf({ replicas: 1 }), all(0, 1, 2), ['delete web-2']],
    ['one that goes is waited for', setOf({ replicas: 1 }), [member(0), member(1), leaving(2)], []],
    [
      'an unready one lower down holds the others',
      setOf({ replicas: 1 }),
      [member(0), unready(1), member(2)],
      ['delete web-2'],
    ],
    ['the first that is unready may go itself', setOf({ replicas: 1 }), [member(0), unready(1)], ['delete web-1']],
    [
      'of two that are unready the lower is waited for',
      setOf({ replicas: 1 }),
      [member(0), unready(1), unready(2)],
      [],
    ],
    ['ordinals begin where the spec says', setOf({ ordinals: { start: 5 } }), all(5), ['create web-6']],
    ['those before the start go', setOf({ replicas: 1, ordinals: { start: 1 } }), all(0, 1), ['delete web-0']],
  ])('%s', (_, set, pods, expected) => {
    expect(steps(view(set, pods))).toEqual(expected);
  });

  test('a Pod must be available before the next comes', () => {
    const set = setOf({ minReadySeconds: 61 });
    expect(steps(view(set, all(0)))).toEqual([]);
    expect(steps(view(set, all(0), { now: NOW + 1000 }))).toEqual(['create web-1']);
    expect(nextAvailability(all(0), 61, NOW)).toBe(NOW + 1000);
  });

  test('a set on its way out does nothing', () => {
    expect(steps(view(setOf({}, { metadata: { deletionTimestamp: CREATED_AT } }), []))).toEqual([]);
  });

  test('a Pod that lost its label is mended', () => {
    const nameless = member(0, { pod: { metadata: { labels: { 'statefulset.kubernetes.io/pod-name': undefined } } } });
    expect(steps(view(setOf({ replicas: 1 }), [nameless]))).toEqual(['mend web-0']);
  });
});

describe('in parallel', () => {
  test.each<[string, readonly Pod[], string[]]>([
    ['all are made at once', [], ['create web-0', 'create web-1', 'create web-2']],
    ['others do not wait for one that is unready', [unready(0)], ['create web-1', 'create web-2']],
    ['a failed one goes while others come', [failed(0)], ['delete web-0', 'create web-1', 'create web-2']],
    ['all out of range go at once', all(0, 1, 2, 3, 4), ['delete web-4', 'delete web-3']],
  ])('%s', (_, pods, expected) => {
    expect(steps(view(setOf(PARALLEL), pods))).toEqual(expected);
  });
});

describe('a rolling update', () => {
  const rolled = { update: B };
  const newer = (ordinal: number) => member(ordinal, { revision: B });
  const strategy = (rollingUpdate: object) => ({ updateStrategy: { type: 'RollingUpdate', rollingUpdate } });
  test.each<[string, StatefulSet, readonly Pod[], string[]]>([
    ['begins with the last', setOf(), all(0, 1, 2), ['update web-2']],
    ['goes on downwards', setOf(), [...all(0, 1), newer(2)], ['update web-1']],
    ['waits for the one it made', setOf(), [...all(0, 1), unready(2, { revision: B })], []],
    ['ends', setOf(), [newer(0), newer(1), newer(2)], []],
    ['leaves those below the partition', setOf(strategy({ partition: 2 })), [...all(0, 1), newer(2)], []],
    ['renews those above the partition', setOf(strategy({ partition: 1 })), [...all(0, 1), newer(2)], ['update web-1']],
    [
      'counts the partition from the first ordinal',
      setOf({ ...strategy({ partition: 1 }), ordinals: { start: 3 } }),
      all(3, 4, 5),
      ['update web-5'],
    ],
    [
      'renews as many as may be unavailable',
      setOf(strategy({ partition: 0, maxUnavailable: 2 })),
      all(0, 1, 2),
      ['update web-2', 'update web-1'],
    ],
    [
      'counts those unavailable already',
      setOf({ ...PARALLEL, ...strategy({ partition: 0, maxUnavailable: 2 }) }),
      [unready(0), ...all(1, 2)],
      ['update web-2'],
    ],
    [
      'rounds a share down, but not to nothing',
      setOf(strategy({ partition: 0, maxUnavailable: '10%' })),
      all(0, 1, 2),
      ['update web-2'],
    ],
    [
      'renews nothing by itself on deletion',
      setOf({ updateStrategy: { type: 'OnDelete', rollingUpdate: undefined } }),
      all(0, 1, 2),
      [],
    ],
  ])('%s', (_, set, pods, expected) => {
    expect(steps(view(set, pods, rolled))).toEqual(expected);
  });

  test.each<[string, StatefulSet, number, string]>([
    ['below the partition at the current revision', setOf(strategy({ partition: 1 })), 0, 'a'],
    ['from the partition on at the new one', setOf(strategy({ partition: 1 })), 1, 'b'],
    [
      'without a partition, as many as were current',
      setOf(
        { updateStrategy: { type: 'RollingUpdate', rollingUpdate: undefined } },
        { status: { currentReplicas: 1 } },
      ),
      0,
      'a',
    ],
    ['on deletion at the new one', setOf({ updateStrategy: { type: 'OnDelete', rollingUpdate: undefined } }), 0, 'b'],
  ])('a member is made %s', (_, set, ordinal, image) => {
    const pod = podOf(set, { current: A, update: B }, ordinal);
    expect(pod.spec?.containers[0]?.image).toBe(image);
    expect(pod.metadata.labels?.['controller-revision-hash']).toBe(`web-${image}`);
  });
});

describe('claims', () => {
  const templates = { volumeClaimTemplates: [persistentVolumeClaim({ metadata: { labels: { tier: 'x' } } })] };
  const claim = (name: string, metadata: Overrides<PersistentVolumeClaim>['metadata'] = {}) =>
    persistentVolumeClaim({ metadata: { name, ...metadata } });

  test('a member mounts its own, in the place of a volume of that name', () => {
    const pod = podOf(setOf(templates), { current: A, update: A }, 4);
    expect(pod.spec?.volumes).toEqual([{ name: 'data', persistentVolumeClaim: { claimName: 'data-web-4' } }]);
  });

  test('those that lack are made for a Pod that waits', () => {
    const set = setOf({ replicas: 1, ...templates });
    const pod = member(0, { pod: { status: { phase: 'Pending', conditions: [] } } }, set);
    expect(steps(view(set, [pod]))).toEqual(['claim web-0']);
    expect(steps(view(set, [pod], { claim }))).toEqual([]);
  });

  test('a Pod without its claims is mended', () => {
    const set = setOf({ replicas: 1, ...templates });
    expect(steps(view(set, all(0), { claim }))).toEqual(['mend web-0']);
  });

  test('a Pod is not made while its claim goes with an earlier one of its name', () => {
    const persistentVolumeClaimRetentionPolicy = { whenScaled: 'Delete' };
    const set = setOf({ replicas: 1, ...templates, persistentVolumeClaimRetentionPolicy });
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'web-0', uid: 'earlier', controller: true };
    const stale = (name: string) => claim(name, { ownerReferences: [owner] });
    expect(steps(view(set, [], { claim: stale }))).toEqual([]);
    expect(steps(view(set, [], { claim }))).toEqual(['create web-0']);
    const kept = setOf({ replicas: 1, ...templates });
    expect(steps(view(kept, [], { claim: stale }))).toEqual(['create web-0']);
  });

  test('one out of range is given its claims before it goes', () => {
    const persistentVolumeClaimRetentionPolicy = { whenScaled: 'Delete' };
    const set = setOf({ replicas: 0, ...templates, persistentVolumeClaimRetentionPolicy });
    expect(steps(view(set, [member(0, {}, set)], { claim }))).toEqual(['release web-0', 'delete web-0']);
  });
});

describe('the status', () => {
  const status = (set: StatefulSet, pods: readonly Pod[], more: Partial<SetView> = {}, renewed = 0) =>
    statefulSetStatus(view(set, pods, more), 0, renewed);

  test('counts Pods by what they are', () => {
    const pods = [member(0), unready(1), leaving(2), member(3, { revision: B })];
    expect(status(setOf({ replicas: 4 }), pods, { update: B })).toEqual({
      observedGeneration: 1,
      replicas: 4,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 2,
      updatedReplicas: 1,
      currentRevision: 'web-a',
      updateRevision: 'web-b',
      collisionCount: 0,
    });
  });

  test('those deleted for the update are current no longer', () => {
    expect(status(setOf(), all(0, 1, 2), { update: B }, 1)).toMatchObject({ currentReplicas: 2 });
  });

  test('the new revision is the current one when all have it and are ready', () => {
    const pods = [0, 1, 2].map((ordinal) => member(ordinal, { revision: B }));
    expect(status(setOf(), pods, { update: B })).toMatchObject({ currentRevision: 'web-b', currentReplicas: 3 });
    const [first, second] = pods;
    const short = [first, second, unready(2, { revision: B })] as Pod[];
    expect(status(setOf(), short, { update: B })).toMatchObject({ currentRevision: 'web-a', currentReplicas: 0 });
    const onDelete = setOf({ updateStrategy: { type: 'OnDelete' } });
    expect(status(onDelete, pods, { update: B })).toMatchObject({ currentRevision: 'web-a' });
  });

  test('who is ready for long enough is available', () => {
    expect(status(setOf({ minReadySeconds: 61 }), all(0))).toMatchObject({ readyReplicas: 1, availableReplicas: 0 });
  });
});

test('a Pod that waits is no reason to look again', () => {
  expect(nextAvailability([pending(0)], 5, NOW)).toBeUndefined();
  expect(nextAvailability(all(0), 0, NOW)).toBeUndefined();
});
