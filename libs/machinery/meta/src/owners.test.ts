import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compareVersions,
  controllerOf,
  controllerReferenceTo,
  hasFinalizer,
  isConditionTrue,
  isControlledBy,
  isOwnedBy,
  ownerReferenceTo,
  parseTime,
  withCondition,
  withFinalizer,
  withoutCondition,
  withoutFinalizer,
  withoutOwner,
  withOwnerReference,
} from './index.js';

const TYPE = { apiVersion: 'apps/v1', kind: 'ReplicaSet' };
const owner = (uid: string) => ({ metadata: { name: 'web', uid } });
const owned = (...ownerReferences: ReturnType<typeof ownerReferenceTo>[]) => ({ metadata: { ownerReferences } });

describe('owners', () => {
  test('of whom one controls are told apart by their uids', () => {
    const object = owned(ownerReferenceTo(owner('a'), TYPE), controllerReferenceTo(owner('b'), TYPE));
    expect(controllerOf(object)).toMatchObject({ uid: 'b', controller: true, blockOwnerDeletion: true });
    expect([isControlledBy(object, owner('a')), isControlledBy(object, owner('b'))]).toEqual([false, true]);
    expect([isOwnedBy(object, owner('a')), isOwnedBy(object, owner('c'))]).toEqual([true, false]);
    expect([controllerOf({ metadata: {} }), isOwnedBy({ metadata: {} }, owner('a'))]).toEqual([undefined, false]);
  });

  test('stand once each, and what is taken away is theirs alone', () => {
    const uids = fc.array(fc.constantFrom('a', 'b', 'c'));
    fc.assert(
      fc.property(uids, fc.constantFrom('a', 'b', 'c'), (list, gone) => {
        const all = list.reduce<ReturnType<typeof ownerReferenceTo>[]>(
          (refs, uid) => withOwnerReference(refs, ownerReferenceTo(owner(uid), TYPE)),
          [],
        );
        expect(all.map(({ uid }) => uid).sort()).toEqual([...new Set(list)].sort());
        expect(withoutOwner(all, gone).map(({ uid }) => uid)).toEqual(
          all.map(({ uid }) => uid).filter((uid) => uid !== gone),
        );
      }),
    );
    expect(withoutOwner(undefined, 'a')).toEqual([]);
  });
});

test('finalizers stand once, in the order they came', () => {
  const held = withFinalizer(withFinalizer(withFinalizer(undefined, 'a'), 'b'), 'a');
  expect(held).toEqual(['a', 'b']);
  expect(withoutFinalizer(held, 'a')).toEqual(['b']);
  expect(withoutFinalizer(undefined, 'a')).toEqual([]);
  const object = { apiVersion: 'v1', kind: 'Pod', metadata: { finalizers: held } };
  expect([hasFinalizer(object, 'b'), hasFinalizer({ ...object, metadata: {} }, 'b')]).toEqual([true, false]);
});

describe('conditions', () => {
  const ready = { type: 'Ready', status: 'True', lastTransitionTime: 't0' };

  test('keep their place, and are there once', () => {
    const list = [ready, { type: 'Other', status: 'False', lastTransitionTime: 't0' }];
    expect(
      withCondition(list, { ...ready, status: 'False', lastTransitionTime: 't5' }, 't9').map(
        ({ type, lastTransitionTime }) => [type, lastTransitionTime],
      ),
    ).toEqual([
      ['Ready', 't5'],
      ['Other', 't0'],
    ]);
    expect(withoutCondition(list, 'Ready').map(({ type }) => type)).toEqual(['Other']);
    expect([withoutCondition(undefined, 'Ready'), withCondition(undefined, ready, 't9')]).toEqual([[], [ready]]);
  });

  test('are true where they say so, not where nothing is known', () => {
    expect([
      isConditionTrue([ready], 'Ready'),
      isConditionTrue([ready], 'Other'),
      isConditionTrue(undefined, 'Ready'),
    ]).toEqual([true, false, false]);
    expect(isConditionTrue([{ type: 'Ready', status: 'Unknown' }], 'Ready')).toBe(false);
  });
});

describe('versions', () => {
  test('come the most stable and the newest first', () => {
    const sorted = ['v1', 'v2', 'v11', 'v1beta1', 'v1beta2', 'v1alpha1', 'v2alpha1', 'foo1', 'foo10', 'v2beta1'];
    expect([...sorted].reverse().sort(compareVersions)).toEqual([
      'v11',
      'v2',
      'v1',
      'v2beta1',
      'v1beta2',
      'v1beta1',
      'v2alpha1',
      'v1alpha1',
      'foo1',
      'foo10',
    ]);
  });

  test('have one order, whoever is asked first', () => {
    const version = fc.oneof(fc.stringMatching(/^v[1-9][0-9]?((alpha|beta)[1-9])?$/), fc.string());
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b)) + Math.sign(compareVersions(b, a))).toBe(0);
        if (compareVersions(a, b) < 0 && compareVersions(b, c) < 0) expect(compareVersions(a, c)).toBeLessThan(0);
      }),
    );
  });
});

test.each([
  ['2026-01-01T00:00:00Z', Date.UTC(2026, 0, 1)],
  ['2026-01-01T02:00:00.5+02:00', Date.UTC(2026, 0, 1) + 500],
  ['2026-01-01', undefined],
  ['2026-13-01T00:00:00Z', undefined],
  ['yesterday', undefined],
  ['', undefined],
  [null, undefined],
])('the time %j is %j', (text, milliseconds) => {
  expect(parseTime(text)).toBe(milliseconds);
});
