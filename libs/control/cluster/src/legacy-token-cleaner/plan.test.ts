import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { secret, serviceAccount } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { isTracked, type TokenUse, tokenAct } from './plan.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const YEAR = 365 * 86_400_000;
const terms = { now: NOW, unusedFor: YEAR };
const LAST = 'kubernetes.io/legacy-token-last-used';
const INVALID = 'kubernetes.io/legacy-token-invalid-since';
const account = serviceAccount({ metadata: { name: 'robot', uid: 'u' }, secrets: [{ name: 'token' }] });
const USE: TokenUse = { account: (_, name) => (name === 'robot' ? account : undefined), isMounted: () => false };

const token = (labels: Record<string, string> = {}, more: Partial<Secret['metadata']> = {}): Secret => ({
  ...secret({}),
  type: 'kubernetes.io/service-account-token',
  metadata: {
    name: 'token',
    namespace: 'default',
    creationTimestamp: '2024-01-01T00:00:00Z',
    annotations: { 'kubernetes.io/service-account.name': 'robot', 'kubernetes.io/service-account.uid': 'u' },
    labels,
    ...more,
  },
});
const invalidate = { kind: 'invalidate', day: '2026-03-01' };

describe('a token', () => {
  test.each<[string, Secret, object | undefined]>([
    ['never used is not believed any more', token(), invalidate],
    ['used long ago neither', token({ [LAST]: '2025-02-28' }), invalidate],
    ['used since then is left', token({ [LAST]: '2025-03-01' }), undefined],
    ['of whose use is said what nobody understands is left', token({ [LAST]: 'lately' }), undefined],
    ['made since then is left', token({}, { creationTimestamp: '2025-03-01T12:00:00Z' }), undefined],
    ['on its way out is left', token({}, { deletionTimestamp: '2026-01-01T00:00:00Z' }), undefined],
    ['of no account is left', token({}, { annotations: {} }), undefined],
    [
      'of an account that is gone is left',
      token({}, { annotations: { 'kubernetes.io/service-account.name': 'x' } }),
      undefined,
    ],
    [
      'of another account of the name is left',
      token(
        {},
        { annotations: { 'kubernetes.io/service-account.name': 'robot', 'kubernetes.io/service-account.uid': 'old' } },
      ),
      undefined,
    ],
    ['made by hand is left', token({}, { name: 'mine' }), undefined],
    ['of another type is left', { ...token(), type: 'Opaque' }, undefined],
    ['that has not been believed for long is deleted', token({ [INVALID]: '2025-02-28' }), { kind: 'delete' }],
    ['that has not been believed for a while waits', token({ [INVALID]: '2025-03-01' }), undefined],
    ['with a mark nobody understands is marked again', token({ [INVALID]: 'x' }), invalidate],
  ])('%s', (_, one, expected) => expect(tokenAct(one, USE, terms)).toEqual(expected));

  test('that a Pod has is left', () => {
    expect(tokenAct(token(), { ...USE, isMounted: (_, name) => name === 'token' }, terms)).toBeUndefined();
  });
});

test.each([
  ['2025-02-27', true],
  ['2025-02-28', true],
  ['2025-03-01', false],
  [undefined, false],
  ['long', false],
])('use followed since %s is known: %s', (since, expected) => expect(isTracked(since, terms)).toBe(expected));
