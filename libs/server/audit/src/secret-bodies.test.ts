import { expect, test } from 'vitest';
import { notedUri } from './secret-bodies.js';

test.each([
  ['/auth/invitations/abc.def', '/auth/invitations'],
  ['/auth/oidc/dex/callback?code=x&state=y', '/auth/oidc'],
  ['/api/v1/pods?limit=5', '/api/v1/pods?limit=5'],
  ['/api/v1/pods?access_token=abc', '/api/v1/pods'],
  ['/api/v1/pods?limit=5&Password=abc', '/api/v1/pods'],
])('of %s is noted what lets nobody in', (url, noted) => {
  expect(notedUri(url)).toBe(noted);
});

test('a long address is cut', () => {
  expect(notedUri(`/${'a'.repeat(10_000)}`)).toHaveLength(4_096);
});
