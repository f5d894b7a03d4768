import { expect, test } from 'vitest';
import {
  type ConditionLike,
  controllerOf,
  controllerReferenceTo,
  formatApiVersion,
  formatMicroTime,
  formatTime,
  isControlledBy,
  parseApiVersion,
  parseTime,
  quote,
  withCondition,
  withOwnerReference,
} from './index.js';

test('apiVersion is read and written', () => {
  expect(parseApiVersion('v1')).toEqual({ group: '', version: 'v1' });
  expect(parseApiVersion('apps/v1')).toEqual({ group: 'apps', version: 'v1' });
  expect(formatApiVersion({ group: 'apps', version: 'v1' })).toBe('apps/v1');
  expect(() => parseApiVersion('a/b/c')).toThrow('unexpected GroupVersion string: a/b/c');
});

test('quoting is that of Go', () => {
  expect(quote('a"b\\c\n\u0001é漢\u200b😀')).toBe('"a\\"b\\\\c\\n\\x01é漢\\u200b😀"');
});

test('a controller is told by its uid', () => {
  const owner = { metadata: { name: 'web', uid: 'u1' } };
  const object = {
    metadata: { ownerReferences: [controllerReferenceTo(owner, { apiVersion: 'apps/v1', kind: 'ReplicaSet' })] },
  };
  expect(controllerOf(object)?.name).toBe('web');
  expect(isControlledBy(object, owner)).toBe(true);
  expect(isControlledBy(object, { metadata: { name: 'web', uid: 'u2' } })).toBe(false);
});

test('an owner stands once', () => {
  const reference = { apiVersion: 'v1', kind: 'A', name: 'a', uid: 'u' };
  expect(withOwnerReference([reference], { ...reference, controller: true })).toEqual([
    { ...reference, controller: true },
  ]);
});

test('a condition keeps its transition time while its status stays', () => {
  const before: ConditionLike[] = [{ type: 'Ready', status: 'True', lastTransitionTime: 't0' }];
  const same = withCondition(before, { type: 'Ready', status: 'True', lastTransitionTime: 't1' }, 't2');
  expect(same[0]?.lastTransitionTime).toBe('t0');
  const changed = withCondition(before, { type: 'Ready', status: 'False' }, 't2');
  expect(changed[0]).toMatchObject({ status: 'False', lastTransitionTime: 't2' });
});

test('times are written with the digits their type has', () => {
  expect(formatTime(1_700_000_000_987)).toBe('2023-11-14T22:13:20Z');
  expect(formatMicroTime(1_700_000_000_987)).toBe('2023-11-14T22:13:20.987000Z');
  expect(parseTime('2023-11-14T22:13:20.987000Z')).toBe(1_700_000_000_987);
  expect(parseTime('2023-11-14T22:13:20+00:00')).toBe(1_700_000_000_000);
  expect(parseTime('yesterday')).toBeUndefined();
});
