import { expect, test } from 'vitest';
import { parseRequestInfo } from './request-info.js';
import { timeoutAsked } from './request-timeout.js';

const asked = (query: string, path = '/api/v1/pods') => {
  const parameters = new URLSearchParams(query);
  return timeoutAsked(parseRequestInfo('GET', path, parameters), parameters);
};

test.each([
  ['', undefined],
  ['timeout=', undefined],
  ['timeout=0', undefined],
  ['timeout=0s', undefined],
  ['timeout=10s', 10_000],
  ['timeout=1.5s', 1_500],
  ['timeout=100ms', 100],
  ['timeout=60s', undefined],
  ['timeout=1h2m', undefined],
  ['timeout=-1s', undefined],
  ['timeout=nonsense&watch=true', undefined],
])('%j allows %s ms', (query, milliseconds) => {
  expect(asked(query)).toBe(milliseconds);
});

test('a log goes on for as long as it likes', () => {
  expect(asked('timeout=1s', '/api/v1/namespaces/a/pods/b/log')).toBeUndefined();
});

test.each(['10', 's', '1 s', '1d', '..s', `${'1'.repeat(100)}s`])('%j is no duration', (text) => {
  expect(() => asked(`timeout=${encodeURIComponent(text)}`)).toThrow(
    /^invalid timeout specified in the request URL - /,
  );
});
