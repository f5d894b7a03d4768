import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as meta from './index.js';

const pods = { group: '', resource: 'pods' };
const leases = { group: 'coordination.k8s.io', resource: 'leases' };

describe('a failure', () => {
  test.each<[meta.StatusError, number, string, string, object | undefined]>([
    [
      meta.newConflict(pods, 'a', 'no'),
      409,
      'Conflict',
      'Operation cannot be fulfilled on pods "a": no',
      { name: 'a', kind: 'pods' },
    ],
    [
      meta.newGenerateNameConflict(pods, 'a-x', 1),
      409,
      'AlreadyExists',
      'pods "a-x" already exists, the server was not able to generate a unique name for the object',
      { name: 'a-x', kind: 'pods', retryAfterSeconds: 1 },
    ],
    [meta.newUnauthorized(), 401, 'Unauthorized', 'not authorized', undefined],
    [meta.newUnauthorized(''), 401, 'Unauthorized', 'not authorized', undefined],
    [meta.newUnauthorized('expired'), 401, 'Unauthorized', 'expired', undefined],
    [meta.newBadRequest('x'), 400, 'BadRequest', 'x', undefined],
    [meta.newUnknownPath(), 404, 'NotFound', 'the server could not find the requested resource', {}],
    [
      meta.newNotAcceptable(['a/b', 'c/d']),
      406,
      'NotAcceptable',
      'only the following media types are accepted: a/b, c/d',
      undefined,
    ],
    [
      meta.newUnsupportedMediaType(['a/b']),
      415,
      'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: a/b',
      undefined,
    ],
    [
      meta.newRequestEntityTooLarge('limit is 3'),
      413,
      'RequestEntityTooLarge',
      'Request entity too large: limit is 3',
      undefined,
    ],
    [meta.newGone('x'), 410, 'Gone', 'x', undefined],
    [
      meta.newTooLargeResourceVersion('9', '5'),
      504,
      'Timeout',
      'Timeout: Too large resource version: 9, current: 5',
      { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
    ],
    [meta.newTimeout('x', 3), 504, 'Timeout', 'Timeout: x', { retryAfterSeconds: 3 }],
    [
      meta.newServerTimeout(leases, 'get', 2),
      500,
      'ServerTimeout',
      'The get operation against leases.coordination.k8s.io could not be completed at this time, please try again.',
      { name: 'get', group: 'coordination.k8s.io', kind: 'leases', retryAfterSeconds: 2 },
    ],
    [meta.newTooManyRequests('x', 0), 429, 'TooManyRequests', 'x', {}],
    [meta.newServiceUnavailable('x'), 503, 'ServiceUnavailable', 'x', undefined],
    [meta.newInternalError('x'), 500, 'InternalError', 'Internal error occurred: x', { causes: [{ message: 'x' }] }],
    [meta.newUnclassifiedError('x'), 500, '', 'x', undefined],
    [meta.newApplyConflict([{ field: '.a' }], 'x'), 409, 'Conflict', 'x', { causes: [{ field: '.a' }] }],
  ])('%s', (error, code, reason, message, details) => {
    expect([error.code, error.reason, error.message, error.details]).toEqual([code, reason, message, details]);
  });

  test('that upstream does not classify says no reason', () => {
    expect(meta.newUnclassifiedError('x').toStatus()).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'x',
      code: 500,
    });
  });

  test('keeps what caused it for the log, and tells clients its words only', () => {
    const cause = new TypeError('secret stack');
    const error = meta.newInternalError(cause);
    expect(error.cause).toBe(cause);
    expect(Object.keys(error.toStatus())).not.toContain('cause');
  });

  test('is the same after a way over the wire', () => {
    const status = fc.record({
      code: fc.integer({ min: 400, max: 599 }),
      reason: fc.constantFrom<meta.StatusReason>('NotFound', 'Invalid', 'Conflict', 'Expired'),
      message: fc.string(),
      details: fc.record({
        name: fc.string(),
        causes: fc.array(fc.record({ field: fc.string(), message: fc.string() })),
      }),
      metadata: fc.record({ continue: fc.string() }),
    });
    fc.assert(
      fc.property(status, (given) => {
        const sent = meta.StatusError.fromStatus(given).toStatus();
        expect(meta.StatusError.fromStatus(JSON.parse(JSON.stringify(sent)) as meta.Status).toStatus()).toEqual(sent);
        expect(sent).toMatchObject(given);
      }),
    );
  });

  test('that says next to nothing is an internal error', () => {
    expect(meta.StatusError.fromStatus({})).toMatchObject({
      code: 500,
      reason: 'InternalError',
      message: 'unknown error',
    });
  });

  test.each([
    [meta.isNotFound, meta.newNotFound(pods, 'a')],
    [meta.isAlreadyExists, meta.newAlreadyExists(pods, 'a')],
    [meta.isConflict, meta.newConflict(pods, 'a')],
    [meta.isInvalid, meta.newInvalid({ group: '', kind: 'Pod' }, 'a', [])],
    [meta.isForbidden, meta.newForbidden(pods, 'a', 'no')],
    [meta.isUnauthorized, meta.newUnauthorized()],
    [meta.isTooManyRequests, meta.newTooManyRequests('x')],
    [meta.isExpired, meta.newExpired('x')],
    [meta.isExpired, meta.newGone('x')],
  ])('is told by its reason: %s', (is, error) => {
    expect(is(error)).toBe(true);
    expect([
      is(new Error(error.message)),
      is(meta.newBadRequest('x')),
      is(undefined),
      is({ reason: error.reason }),
    ]).toEqual([false, false, false, false]);
  });

  test('has a cause of a reason, or none', () => {
    const error = meta.newTooManyRequests('x', 1, [{ reason: 'A', message: 'a' }]);
    expect([meta.statusCause(error, 'A')?.message, meta.statusCause(error, 'B')]).toEqual(['a', undefined]);
    expect([meta.statusCause(new Error('x'), 'A'), meta.statusCause(meta.newBadRequest('x'), 'A')]).toEqual([
      undefined,
      undefined,
    ]);
  });
});

test('what is not there is undefined, and every other failure stays one', async () => {
  expect(await meta.ignoreNotFound(Promise.resolve(5))).toBe(5);
  expect(await meta.ignoreNotFound(Promise.reject(meta.newNotFound(pods, 'a')))).toBeUndefined();
  await expect(meta.ignoreNotFound(Promise.reject(meta.newGone('x')))).rejects.toMatchObject({ reason: 'Gone' });
});

describe('names of kinds', () => {
  test.each([
    ['v1', { group: '', version: 'v1' }],
    ['apps/v1', { group: 'apps', version: 'v1' }],
    ['/v1', { group: '', version: 'v1' }],
    ['apps/', { group: 'apps', version: '' }],
    ['', { group: '', version: '' }],
  ])('%j is %j', (text, parsed) => expect(meta.parseApiVersion(text)).toEqual(parsed));

  test('are shown as upstream shows them', () => {
    const gvk = meta.gvkOf({ apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(meta.formatGvk(gvk)).toBe('apps/v1, Kind=Deployment');
    expect(meta.formatGvk(meta.gvkOf({ apiVersion: 'v1', kind: 'Pod' }))).toBe('/v1, Kind=Pod');
    expect(meta.unknownKindMessage({ ...gvk, kind: 'Foo' })).toBe('no kind "Foo" is registered for version "apps/v1"');
    expect(meta.formatGroupKind({ group: 'apps', kind: 'Deployment' })).toBe('Deployment.apps');
    expect(meta.formatGroupResource(leases)).toBe('leases.coordination.k8s.io');
  });
});

describe('quoting', () => {
  test.each([
    ['', '""'],
    ['\u0007\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
    ['\u0000\u001f\u007f', '"\\x00\\x1f\\x7f"'],
    ['\u0085\u00a0\u2028\ufeff', '"\\u0085\\u00a0\\u2028\\ufeff"'],
    ['\u{e0001}', '"\\U000e0001"'],
    ['a b', '"a b"'],
    ['中文é😀', '"中文é😀"'],
    ["it's `x`", '"it\'s `x`"'],
  ])('%j is %s', (text, quoted) => expect(meta.quote(text)).toBe(quoted));

  test('shows different texts differently, on one line, without control characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (one, other) => {
        expect(meta.quote(one)).not.toMatch(/\p{Cc}/u);
        expect(meta.quote(one) === meta.quote(other)).toBe(one === other);
      }),
    );
  });
});
