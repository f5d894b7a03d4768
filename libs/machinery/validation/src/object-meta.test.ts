import { describe, expect, test } from 'vitest';
import {
  duplicate,
  fieldPath,
  invalid,
  nameIsDnsSubdomain,
  notSupported,
  required,
  semanticEqual,
  tooLong,
  tooMany,
  validateDeleteOptions,
  validateLabelSelector,
  validateObjectMeta,
  validateObjectMetaUpdate,
  validatePatchOptions,
} from './index.js';

const path = fieldPath('metadata');
const texts = (errors: readonly { field: string; message: string }[]) =>
  errors.map((error) => `${error.field}: ${error.message}`);

describe('field errors', () => {
  test.each([
    [invalid('a', 'x"', 'bad'), 'Invalid value: "x\\"": bad'],
    [invalid('a', -1, 'bad'), 'Invalid value: -1: bad'],
    [invalid('a', { b: '<' }, 'bad'), 'Invalid value: {"b":"\\u003c"}: bad'],
    [invalid('a', undefined, 'bad'), 'Invalid value: null: bad'],
    [required('a'), 'Required value'],
    [required('a', 'why'), 'Required value: why'],
    [duplicate('a', 'x'), 'Duplicate value: "x"'],
    [notSupported('a', 'x', ['y', 'z']), 'Unsupported value: "x": supported values: "y", "z"'],
    [tooLong('a', 63), 'Too long: may not be more than 63 bytes'],
    [tooMany('a', 3, 1), 'Too many: 3: must have at most 1 item'],
  ])('%j', (error, message) => expect(error.message).toBe(message));

  test('a path is printed with indexes and keys', () => {
    expect(String(fieldPath('spec').child('containers').index(0).child('ports').key('web'))).toBe(
      'spec.containers[0].ports[web]',
    );
  });
});

describe('metadata of a new object', () => {
  const check = (meta: object, namespaced = true) =>
    texts(validateObjectMeta(meta, namespaced, nameIsDnsSubdomain, path));

  test('a good one passes', () => {
    expect(
      check({ name: 'web', namespace: 'default', labels: { app: 'web' }, annotations: { 'Example.com/A': 'x' } }),
    ).toEqual([]);
  });

  test('name and namespace are needed', () => {
    expect(check({})).toEqual([
      'metadata.name: Required value: name or generateName is required',
      'metadata.namespace: Required value',
    ]);
    expect(check({ name: 'a', namespace: 'b' }, false)).toEqual([
      'metadata.namespace: Forbidden: not allowed on this type',
    ]);
  });

  test('labels are judged by key and by value', () => {
    const errors = check({ name: 'a', namespace: 'b', labels: { 'a b': 'c d' } });
    expect(errors[0]).toMatch(/^metadata.labels: Invalid value: "a b": name part must consist of/);
    expect(errors[1]).toMatch(/^metadata.labels: Invalid value: "c d": a valid label must be/);
  });

  test('annotations are limited together', () => {
    expect(check({ name: 'a', namespace: 'b', annotations: { a: 'x'.repeat(262_144) } })).toEqual([
      'metadata.annotations: Too long: may not be more than 262144 bytes',
    ]);
  });

  test('there is one controller', () => {
    const owner = (name: string) => ({ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: name, controller: true });
    const errors = check({ name: 'a', namespace: 'b', ownerReferences: [owner('x'), owner('y')] });
    expect(errors[0]).toContain(
      'Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/x and ReplicaSet/y',
    );
    expect(check({ name: 'a', namespace: 'b', ownerReferences: [{}] })).toHaveLength(4);
  });
});

describe('changed metadata', () => {
  const old = { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '1', generation: 2, creationTimestamp: 't' };
  const check = (change: object, before: object = old) =>
    texts(validateObjectMetaUpdate({ ...old, ...change }, before, path));

  test('what stays passes', () => expect(check({ labels: { a: 'b' } })).toEqual([]));

  test.each([
    [{ uid: 'v' }, 'metadata.uid: Invalid value: "v": field is immutable'],
    [{ name: 'z' }, 'metadata.name: Invalid value: "z": field is immutable'],
    [{ generation: 1 }, 'metadata.generation: Invalid value: 1: must not be decremented'],
    [{ resourceVersion: '' }, 'metadata.resourceVersion: Invalid value: "": must be specified for an update'],
  ])('%j', (change, text) => expect(check(change)).toEqual([text]));

  test('no finalizer is added to what is being deleted', () => {
    const deleted = { ...old, deletionTimestamp: 't', finalizers: ['a.b/c'] };
    expect(check({ deletionTimestamp: 't', finalizers: ['a.b/c', 'a.b/d'] }, deleted)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.b/d"}',
    ]);
  });
});

test('a selector names its mistakes', () => {
  const selector = {
    matchExpressions: [
      { key: 'a', operator: 'In' },
      { key: 'a', operator: 'Is' },
    ],
  };
  expect(texts(validateLabelSelector(selector, fieldPath('spec', 'selector')))).toEqual([
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    'spec.selector.matchExpressions[1].operator: Invalid value: "Is": not a valid selector operator',
  ]);
});

test('options are checked', () => {
  expect(texts(validatePatchOptions({}, true))).toEqual(['fieldManager: Required value: is required for apply patch']);
  expect(texts(validatePatchOptions({ force: true, fieldValidation: 'Maybe' }, false))).toEqual([
    'force: Forbidden: may not be specified for non-apply patch',
    'fieldValidation: Unsupported value: "Maybe": supported values: "", "Ignore", "Strict", "Warn"',
  ]);
  expect(texts(validateDeleteOptions({ propagationPolicy: 'Now' as 'Orphan', dryRun: ['Some'] }))).toEqual([
    'propagationPolicy: Unsupported value: "Now": supported values: "Foreground", "Background", "Orphan", "nil"',
    'dryRun: Unsupported value: ["Some"]: supported values: "All"',
  ]);
});

test('absent and empty mean the same', () => {
  expect(semanticEqual({ a: [], b: { c: 1, d: 2 } }, { b: { d: 2, c: 1 } })).toBe(true);
  expect(semanticEqual([1], [2])).toBe(false);
  expect(semanticEqual('', undefined)).toBe(false);
});
