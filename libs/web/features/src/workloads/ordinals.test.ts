import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { persistentVolumeClaim, pod, runningPod, statefulSet } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { membersOf, rolloutOf } from './ordinals.js';

const NEW = 'db-new';
const OLD = 'db-old';
const of = (ordinal: number, revision: string, base: Pod = runningPod('node-1', '10.0.0.1')): Pod => ({
  ...base,
  metadata: { ...base.metadata, name: `db-${ordinal}`, labels: { 'controller-revision-hash': revision } },
});
const waiting = (ordinal: number) => of(ordinal, NEW, pod({ status: { phase: 'Pending' } }));
const setOf = (spec: object = {}, status: object = {}) =>
  statefulSet({
    metadata: { name: 'db' },
    spec: { replicas: 3, ...spec },
    status: { currentRevision: OLD, updateRevision: NEW, ...status },
  });
const claim = (name: string) => persistentVolumeClaim({ metadata: { name } });

describe('the members of a StatefulSet', () => {
  const templates = [claim('data'), claim('logs')];

  test('are its places in order, filled or not, with the claims of each', () => {
    const set = setOf({ replicas: 2, volumeClaimTemplates: templates });
    const found = membersOf(set, [of(1, NEW)], [claim('data-db-1'), claim('data-other-0')], 10);
    expect(
      found.map(({ ordinal, name, pod: filled, revision }) => [ordinal, name, filled !== undefined, revision]),
    ).toEqual([
      [0, 'db-0', false, undefined],
      [1, 'db-1', true, 'update'],
    ]);
    expect(found[1]?.claims.map((each) => [each.name, each.claim !== undefined])).toEqual([
      ['data-db-1', true],
      ['logs-db-1', false],
    ]);
  });

  test('begin where it says, and those beyond are too many', () => {
    const set = setOf({ replicas: 2, ordinals: { start: 5 } });
    const found = membersOf(set, [of(0, OLD), of(6, 'db-older'), of(7, NEW)], [], 10);
    expect(found.map(({ ordinal, isExcess, revision }) => [ordinal, isExcess, revision])).toEqual([
      [5, false, undefined],
      [6, false, 'older'],
      [0, true, 'current'],
      [7, true, 'update'],
    ]);
  });

  test('are its own, and no more than can be shown', () => {
    const stranger = { ...of(0, NEW), metadata: { name: 'db-x-0' } };
    expect(membersOf(setOf(), [stranger], [], 10).every((member) => member.pod === undefined)).toBe(true);
    expect(membersOf(setOf({ replicas: 1_000_000_000 }), [], [], 200)).toHaveLength(200);
  });
});

describe('its rollout', () => {
  const rollout = (set: ReturnType<typeof setOf>, ...pods: Pod[]) => rolloutOf(set, membersOf(set, pods, [], 10));

  test('goes from the highest ordinal down', () => {
    expect(rollout(setOf(), of(0, OLD), of(1, OLD), of(2, NEW))).toMatchObject({
      kind: 'rolling',
      updated: 1,
      wanted: 3,
      at: { name: 'db-1' },
      waits: false,
    });
  });

  test('waits for the one it has just made', () => {
    expect(rollout(setOf(), of(0, OLD), of(1, OLD), waiting(2))).toMatchObject({ at: { name: 'db-2' }, waits: true });
  });

  test('leaves alone those below the partition', () => {
    const set = setOf({ updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } });
    expect(rollout(set, of(0, OLD), of(1, OLD), of(2, NEW))).toEqual({
      kind: 'held',
      partition: 2,
      updated: 1,
      wanted: 3,
    });
    expect(rollout(set, of(0, OLD), of(1, OLD), of(2, OLD))).toMatchObject({ kind: 'rolling', at: { name: 'db-2' } });
  });

  test('that waits for somebody to delete the old ones counts them', () => {
    const set = setOf({ updateStrategy: { type: 'OnDelete' } });
    expect(rollout(set, of(0, OLD), of(1, NEW), of(2, OLD))).toEqual({ kind: 'onDelete', old: 2 });
  });

  test('is none where all have the template', () => {
    const set = setOf({}, { currentRevision: NEW });
    expect(rollout(set, of(0, NEW), of(1, NEW), of(2, NEW))).toEqual({ kind: 'settled' });
  });
});
