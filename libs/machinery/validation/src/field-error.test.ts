import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as check from './index.js';

const { fieldPath } = check;
const texts = (errors: readonly check.FieldError[]) => errors.map(({ field, message }) => `${field}: ${message}`);

describe('an error of a field', () => {
  test.each<[check.FieldError, check.FieldErrorType, string]>([
    [check.typeInvalid('a', [], 'must be a string'), 'FieldValueTypeInvalid', 'Invalid value: []: must be a string'],
    [check.notFound('a', 'x'), 'FieldValueNotFound', 'Not found: "x"'],
    [check.duplicate('a', { k: 1 }), 'FieldValueDuplicate', 'Duplicate value: {"k":1}'],
    [check.forbidden('a', ''), 'FieldValueForbidden', 'Forbidden'],
    [check.forbidden('a', 'no'), 'FieldValueForbidden', 'Forbidden: no'],
    [check.notSupported('a', 'x', []), 'FieldValueNotSupported', 'Unsupported value: "x"'],
    [check.tooLong('a', 1), 'FieldValueTooLong', 'Too long: may not be more than 1 byte'],
    [check.tooLongCharacters('a', 2), 'FieldValueTooLong', 'Too long: may not be more than 2 characters'],
    [check.tooShort('a', 1), 'FieldValueTooShort', 'Too short: must be at least 1 character'],
    [check.tooMany('a', 5, 2), 'FieldValueTooMany', 'Too many: 5: must have at most 2 items'],
    [check.tooFew('a', 0, 1), 'FieldValueTooFew', 'Too few: 0: must have at least 1 item'],
    [check.internalError('a', 'x'), 'InternalError', 'Internal error: x'],
    [check.invalid('a', true, ''), 'FieldValueInvalid', 'Invalid value: true'],
  ])('%j', (error, type, message) => {
    expect(error).toEqual({ type, field: 'a', message });
    expect(check.toStatusCause(error)).toEqual({ reason: type, message, field: 'a' });
  });

  test('shows a bad value as Go prints it', () => {
    expect(check.printValue('a\n"')).toBe('"a\\n\\""');
    expect(check.printValue(null)).toBe('null');
    expect(check.printValue(undefined)).toBe('null');
    expect(check.printValue(0.5)).toBe('0.5');
    expect(check.printValue({ a: '<b>&\u2028' })).toBe('{"a":"\\u003cb\\u003e\\u0026\\u2028"}');
  });

  test('is one for each complaint', () => {
    expect(texts(check.invalidEach('a', 1, ['x', 'y']))).toEqual(['a: Invalid value: 1: x', 'a: Invalid value: 1: y']);
    expect(check.invalidEach('a', 1, [])).toEqual([]);
  });
});

describe('a path', () => {
  test.each([
    [fieldPath(), ''],
    [fieldPath('a', 'b'), 'a.b'],
    [fieldPath('').child('a'), 'a'],
    [fieldPath('a').child('b', 'c').index(0).key('x/y').child('d'), 'a.b.c[0][x/y].d'],
    [fieldPath('').index(3), '[3]'],
  ])('%s', (path, text) => expect(String(path)).toBe(text));

  test('is not changed by what is made of it', () => {
    const path = fieldPath('a');
    path.child('b');
    path.index(1);
    expect(String(path)).toBe('a');
  });
});

describe('labels and annotations', () => {
  const at = fieldPath('m');

  test.each<[Record<string, string>, number]>([
    [{}, 0],
    [{ 'example.com/a': 'b', c: '' }, 0],
    [{ 'a b': 'ok' }, 1],
    [{ a: 'x'.repeat(64) }, 1],
    [{ '': '' }, 2],
    [{ 'Example.com/a': '' }, 1],
  ])('labels %j have %i faults', (labels, count) => expect(check.validateLabels(labels, at)).toHaveLength(count));

  test('of annotations any value is good, and keys count in lower case', () => {
    expect(check.validateAnnotations({ 'Example.COM/a': '\u0000 anything' }, at)).toEqual([]);
    expect(check.validateAnnotations({ 'a b': '' }, at)).toHaveLength(1);
  });

  test('annotations are measured in bytes, keys with them', () => {
    const room = check.ANNOTATIONS_MAX_BYTES;
    expect(check.validateAnnotations({ a: 'x'.repeat(room - 1) }, at)).toEqual([]);
    expect(check.validateAnnotations({ a: 'x'.repeat(room) }, at)).toHaveLength(1);
    expect(check.validateAnnotations({ a: 'é'.repeat(room / 2) }, at)).toHaveLength(1);
  });

  test.each<[object, string[]]>([
    [{ key: 'a', operator: 'In', values: ['b'] }, []],
    [{ key: 'a', operator: 'Exists' }, []],
    [
      { key: 'a', operator: 'Exists', values: ['b'] },
      ["r.values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'"],
    ],
    [
      { key: 'a', operator: 'NotIn', values: [] },
      ["r.values: Required value: must be specified when `operator` is 'In' or 'NotIn'"],
    ],
    [
      { key: 'a', operator: 'constructor', values: ['b'] },
      ['r.operator: Invalid value: "constructor": not a valid selector operator'],
    ],
    [{ key: 'a', operator: '' }, ['r.operator: Invalid value: "": not a valid selector operator']],
  ])('the requirement %j: %j', (requirement, errors) => {
    expect(texts(check.validateLabelSelectorRequirement(requirement as never, fieldPath('r')))).toEqual(errors);
  });

  test('a requirement is told of its key and of each bad value by its place', () => {
    const bad = { key: '-', operator: 'In', values: ['a', '-b', 'c', 'd '] };
    expect(check.validateLabelSelectorRequirement(bad, fieldPath('r')).map(({ field }) => field)).toEqual([
      'r.key',
      'r.values[1]',
      'r.values[3]',
    ]);
  });
});

describe('options of a write', () => {
  test.each<[object, string[]]>([
    [{}, []],
    [{ fieldManager: 'kubectl', dryRun: ['All'], fieldValidation: 'Strict' }, []],
    [{ dryRun: ['All', 'All'] }, []],
    [{ dryRun: ['all'] }, ['dryRun: Unsupported value: ["all"]: supported values: "All"']],
    [{ fieldManager: 'x'.repeat(129) }, ['fieldManager: Too long: may not be more than 128 bytes']],
    [{ fieldManager: 'a\tb' }, ['fieldManager: Invalid value: "a\\tb": invalid character U+0009 (at position 1)']],
    [
      { fieldManager: '\u200bx' },
      ['fieldManager: Invalid value: "\\u200bx": invalid character U+200B (at position 0)'],
    ],
  ])('%j: %j', (options, errors) => expect(texts(check.validateWriteOptions(options))).toEqual(errors));

  test('force is for server-side apply, which needs a manager', () => {
    expect(check.validatePatchOptions({ fieldManager: 'a', force: true }, true)).toEqual([]);
    expect(check.validatePatchOptions({ force: false }, false)).toHaveLength(1);
    expect(check.validatePatchOptions({}, false)).toEqual([]);
  });

  test.each<[object, number]>([
    [{ propagationPolicy: 'Orphan' }, 0],
    [{ orphanDependents: true }, 0],
    [{ orphanDependents: false, propagationPolicy: 'Background' }, 1],
    [{ orphanDependents: true, propagationPolicy: 'Never' }, 2],
    [{ propagationPolicy: '' }, 1],
  ])('of a deletion %j have %i faults', (options, count) => {
    expect(check.validateDeleteOptions(options)).toHaveLength(count);
  });
});

describe('metadata', () => {
  const meta = (more: object) => ({ name: 'a', namespace: 'b', ...more });
  const told = (more: object) =>
    texts(check.validateObjectMeta(meta(more), true, check.nameIsDnsSubdomain, fieldPath('m')));

  test.each<[object, string[]]>([
    [{ generation: -1 }, ['m.generation: Invalid value: -1: must be greater than or equal to 0']],
    [{ namespace: 'A' }, [expect.stringContaining('m.namespace: Invalid value: "A"') as string]],
    [{ generateName: 'a-' }, []],
    [{ generateName: 'Ab-' }, [expect.stringContaining('m.generateName: Invalid value: "Ab-"') as string]],
    [{ finalizers: ['a.b/c', 'orphan'] }, []],
    [
      { finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'm.finalizers: Invalid value: ["orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    [{ managedFields: [{ operation: 'Apply' }, { operation: 'Update', fieldsType: 'FieldsV1' }] }, []],
    [{ managedFields: [{}] }, ['m.managedFields[0].operation: Required value: must not be empty']],
    [
      { managedFields: [{ operation: 'Patch' }] },
      ['m.managedFields[0].operation: Unsupported value: "Patch": supported values: "Apply", "Update"'],
    ],
    [
      { managedFields: [{ operation: 'Apply', fieldsType: 'FieldsV2' }] },
      ['m.managedFields[0].fieldsType: Invalid value: "FieldsV2": must be `FieldsV1`'],
    ],
    [
      { managedFields: [{ operation: 'Apply', subresource: 'x'.repeat(257) }] },
      ['m.managedFields[0].subresource: Too long: may not be more than 256 bytes'],
    ],
  ])('%j: %j', (more, errors) => expect(told(more)).toEqual(errors));

  test.each<[string, string[]]>([
    ['v1', []],
    ['apps/v1', []],
    ['', ['o.apiVersion: Invalid value: "": version must not be empty']],
    ['a/b/c', ['o.apiVersion: Invalid value: "a/b/c": version must not be empty']],
    ['apps/', ['o.apiVersion: Invalid value: "apps/": version must not be empty']],
  ])('an owner of apiVersion %j: %j', (apiVersion, errors) => {
    const owner = { apiVersion, kind: 'Pod', name: 'a', uid: 'u' };
    expect(texts(check.validateOwnerReferences([owner], fieldPath('o')))).toEqual(errors);
  });

  test('an Event owns nothing', () => {
    const event = { apiVersion: 'v1', kind: 'Event', name: 'a', uid: 'u' };
    expect(texts(check.validateOwnerReferences([event], fieldPath('o')))[0]).toContain(
      '/v1, Kind=Event is disallowed from being an owner',
    );
  });

  const old = { name: 'a', namespace: 'b', uid: 'u', resourceVersion: '1' };
  test.each<[object, object, string[]]>([
    [{}, {}, []],
    [{ deletionTimestamp: 't' }, {}, ['m.deletionTimestamp: Invalid value: "t": field is immutable']],
    [
      { deletionGracePeriodSeconds: 0 },
      { deletionGracePeriodSeconds: 30 },
      ['m.deletionGracePeriodSeconds: Invalid value: 0: field is immutable'],
    ],
    [{ namespace: undefined }, {}, ['m.namespace: Invalid value: "": field is immutable']],
    [{ finalizers: ['a.b/c'] }, { finalizers: [] }, []],
    [{ finalizers: [], deletionTimestamp: 't' }, { finalizers: ['a.b/c'], deletionTimestamp: 't' }, []],
    [{ generation: 5 }, { generation: 4 }, []],
    [
      { generation: -1 },
      {},
      [
        'm.generation: Invalid value: -1: must be greater than or equal to 0',
        'm.generation: Invalid value: -1: must not be decremented',
      ],
    ],
  ])('changed by %j from %j: %j', (change, before, errors) => {
    expect(texts(check.validateObjectMetaUpdate({ ...old, ...change }, { ...old, ...before }, fieldPath('m')))).toEqual(
      errors,
    );
  });
});

describe('laws of names', () => {
  const text = fc.string({ unit: fc.constantFrom(...'aZ0-._/é\n'), maxLength: 8 });
  const good = (complaints: string[]) => complaints.length === 0;

  test('a label is a subdomain without dots, and what begins with a letter is a DNS-1035 label', () => {
    fc.assert(
      fc.property(text, (name) => {
        const isLabel = good(check.isDns1123Label(name));
        expect(isLabel).toBe(good(check.isDns1123Subdomain(name)) && !name.includes('.'));
        expect(good(check.isDns1035Label(name))).toBe(isLabel && /^[a-z]/.test(name));
      }),
      { numRuns: 1000 },
    );
  });

  test('what may stand after a prefix may stand alone, and with any good prefix', () => {
    fc.assert(
      fc.property(text, (name) => {
        fc.pre(!name.includes('/'));
        const alone = good(check.isQualifiedName(name));
        expect(good(check.isQualifiedName(`example.com/${name}`))).toBe(alone);
        expect(alone).toBe(name !== '' && good(check.isLabelValue(name)));
      }),
      { numRuns: 1000 },
    );
  });

  test.each<[string, string[]]>([
    ['.', ["may not be '.'"]],
    ['..', ["may not be '..'"]],
    ['a/b%', ["may not contain '/'", "may not contain '%'"]],
    ['system:node', []],
    ['...', []],
  ])('%s in a path: %j', (name, complaints) => expect(check.isPathSegmentName(name)).toEqual(complaints));

  test('a prefix of a path may be dots, for more follows', () => {
    expect([check.nameIsPathSegment('..', true), check.nameIsPathSegment('..', false)]).toEqual([
      [],
      ["may not be '..'"],
    ]);
  });

  test.each<[(value: string) => string[], string, boolean]>([
    [check.isDns1123SubdomainWithUnderscore, '_http._tcp.example.com', true],
    [check.isDns1123SubdomainWithUnderscore, '__a', false],
    [check.isWildcardDns1123Subdomain, '*.example.com', true],
    [check.isWildcardDns1123Subdomain, '*', false],
    [check.isWildcardDns1123Subdomain, 'a.*.com', false],
    [check.isCIdentifier, '_a1', true],
    [check.isCIdentifier, '1a', false],
    [check.isDns1123Subdomain, 'a'.repeat(253), true],
    [check.isDns1123Subdomain, 'a'.repeat(254), false],
    [check.isQualifiedName, `${'a'.repeat(253)}/${'b'.repeat(63)}`, true],
    [check.isQualifiedName, `a/${'b'.repeat(64)}`, false],
  ])('%s of %s: %s', (is, name, expected) => expect(good(is(name))).toBe(expected));

  test('ids of users are those of 31 bits', () => {
    expect([check.isUserId(0), check.isUserId(2 ** 31 - 1)]).toEqual([[], []]);
    expect([check.isUserId(-1), check.isUserId(2 ** 31)]).toEqual([
      ['must be between 0 and 2147483647, inclusive'],
      ['must be between 0 and 2147483647, inclusive'],
    ]);
  });
});
