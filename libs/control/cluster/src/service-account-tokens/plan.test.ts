import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { secret, serviceAccount } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { filledSecret, missingData, tokenOwnerOf } from './plan.js';

const TYPE = 'kubernetes.io/service-account-token';
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';
const tokenSecret = (data: Secret['data'] = {}, annotations: Record<string, string> = { [NAME]: 'robot' }) =>
  secret({ type: TYPE, data, metadata: { name: 'robot-token', namespace: 'shop', annotations } });

test('only a Secret of the type that names an account asks for a token', () => {
  expect(tokenOwnerOf(tokenSecret())).toEqual({ name: 'robot' });
  expect(tokenOwnerOf(tokenSecret({}, { [NAME]: 'robot', [UID]: 'u' }))).toEqual({ name: 'robot', uid: 'u' });
  expect(tokenOwnerOf(tokenSecret({}, {}))).toBeUndefined();
  expect(tokenOwnerOf({ ...tokenSecret(), type: 'Opaque' })).toBeUndefined();
});

describe('what a token Secret lacks', () => {
  const whole = { 'ca.crt': btoa('CA'), namespace: btoa('shop'), token: btoa('t') };
  test.each([
    ['everything', {}, { data: { 'ca.crt': btoa('CA'), namespace: btoa('shop') }, token: true }],
    ['nothing', whole, undefined],
    ['a token', { ...whole, token: '' }, { data: {}, token: true }],
    ['the authority of today', { ...whole, 'ca.crt': btoa('old') }, { data: { 'ca.crt': btoa('CA') }, token: false }],
  ])('%s', (_, data, expected) => {
    expect(missingData(tokenSecret(data), 'CA')).toEqual(expected);
  });

  test('an authority nobody knows is not missed', () => {
    expect(missingData(tokenSecret({ namespace: btoa('shop'), token: btoa('t') }), '')).toBeUndefined();
  });
});

test('a filled Secret says whose it is and keeps what else is in it', () => {
  const account = serviceAccount({ metadata: { name: 'robot', uid: 'u' } });
  const filled = filledSecret(tokenSecret({ extra: 'eA==' }), account, { token: 'dA==' });
  expect(filled.data).toMatchObject({ extra: 'eA==', token: 'dA==' });
  expect(filled.metadata.annotations).toEqual({ [NAME]: 'robot', [UID]: 'u' });
});
