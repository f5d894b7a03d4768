import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeContinueToken,
  encodeContinueToken,
  expiredToken,
  isTokenExpired,
  TOKEN_LIFETIME_MILLISECONDS,
} from './continue-token.js';

const start = { namespace: 'a', name: 'b' };

test('a token says where it was made to go on', () => {
  const names = fc.stringMatching(/^[a-z0-9.-]{1,20}$/);
  const tokens = fc.record({
    revision: fc.nat(),
    start: fc.record({ namespace: names, name: names }),
    issued: fc.nat(10_000_000).map((seconds) => seconds * 1000),
  });
  fc.assert(
    fc.property(tokens, (token) => {
      expect(decodeContinueToken(encodeContinueToken(token))).toEqual(token);
    }),
  );
});

test('whatever is no token of ours is a BadRequest', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(() => decodeContinueToken(text)).toThrow('continue key is not valid');
    }),
  );
});

test('a revision that is no whole number is refused', () => {
  const text = Buffer.from('{"v":"meta.k8s.io/v1","rv":5.5,"start":"a/b"}').toString('base64url');
  expect(() => decodeContinueToken(text)).toThrow('incorrect encoded start resourceVersion');
});

test('a token expires, and another goes on in the newest state and does not', () => {
  const token = { revision: 7, start, issued: 0 };
  expect(isTokenExpired(token, TOKEN_LIFETIME_MILLISECONDS)).toBe(false);
  expect(isTokenExpired(token, TOKEN_LIFETIME_MILLISECONDS + 1)).toBe(true);
  const refused = expiredToken(token, 5000);
  expect([refused.code, refused.reason]).toEqual([410, 'Expired']);
  const next = decodeContinueToken(refused.metadata.continue ?? '');
  expect(next).toEqual({ revision: 0, start, issued: 5000 });
  expect(isTokenExpired(next, Number.MAX_SAFE_INTEGER)).toBe(false);
});
