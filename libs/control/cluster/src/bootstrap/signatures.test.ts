import { describe, expect, test } from 'vitest';
import { bootstrapTokenEnds, signingToken } from './bootstrap-token.js';
import { detachedSignature, signedData } from './signatures.js';
import { bootstrapToken } from './testing/tokens.js';

const NOW = Date.parse('2026-01-01T00:00:00Z');

test('a signature is upstream’s, byte for byte', () => {
  const content = 'Hello from the other side. I must have called a thousand times.';
  expect(detachedSignature(content, { id: 'joshua', secret: 'my voice is my passcode' })).toBe(
    'eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..VShe2taLd-YTrmWuRkcL_8QTNDHYxQIEBsAYYiIj1_8',
  );
});

describe('a token', () => {
  test.each<[string, Record<string, string | undefined>, boolean]>([
    ['signs', {}, true],
    ['signs until it ends', { expiration: '2026-01-01T00:00:01Z' }, true],
    ['does not once it has ended', { expiration: '2026-01-01T00:00:00Z' }, false],
    ['nor where nobody can tell when', { expiration: 'soon' }, false],
    ['nor for another purpose', { 'usage-bootstrap-signing': undefined }, false],
    ['nor where that is not quite true', { 'usage-bootstrap-signing': 'True' }, false],
    ['nor under another name', { 'token-id': 'fedcba' }, false],
    ['nor without a secret', { 'token-secret': undefined }, false],
  ])('%s', (_, more, signs) => expect(signingToken(bootstrapToken('abcdef', more), NOW) !== undefined).toBe(signs));

  test('ends when it says, or never', () => {
    expect(bootstrapTokenEnds(bootstrapToken('abcdef'))).toBeUndefined();
    expect(bootstrapTokenEnds(bootstrapToken('abcdef', { expiration: '2026-01-01T00:00:00Z' }))).toBe(NOW);
    expect(bootstrapTokenEnds(bootstrapToken('abcdef', { expiration: 'soon' }))).toBe(0);
  });
});

describe('cluster-info', () => {
  const token = { id: 'abcdef', secret: 's' };
  const signed = { kubeconfig: 'k', 'jws-kubeconfig-abcdef': detachedSignature('k', token) };
  test.each([
    ['without content is left', {}, [token], undefined],
    ['is signed', { kubeconfig: 'k', other: 'o' }, [token], { ...signed, other: 'o' }],
    [
      'is signed anew when it changed',
      { ...signed, kubeconfig: 'k2' },
      [token],
      { kubeconfig: 'k2', 'jws-kubeconfig-abcdef': detachedSignature('k2', token) },
    ],
    ['loses the signatures of tokens that are gone', signed, [], { kubeconfig: 'k' }],
    ['that is right is left', signed, [token], undefined],
  ])('%s', (_, data, tokens, expected) => expect(signedData(data, tokens)).toEqual(expected));
});
