import { expect, test } from 'vitest';
import { anonymousPolicy } from './anonymous.js';

test.each([
  ['everywhere', { enabled: true }, { '/livez': true, '/api': true, '/auth/login': true }],
  ['nowhere but where one signs in', { enabled: false }, { '/livez': false, '/api': false, '/auth/login': true }],
  ['nowhere by default', {}, { '/livez': false }],
  [
    'at the paths that are named, and not below them',
    { enabled: true, conditions: [{ path: '/livez' }, { path: '/readyz' }] },
    { '/livez': true, '/readyz': true, '/livez/ping': false, '/api': false, '/auth/login': true },
  ],
  ['nowhere where that is not enabled', { conditions: [{ path: '/livez' }] }, { '/livez': false }],
])('nobody in particular asks %s', (_, spec, expected) => {
  const policy = anonymousPolicy(spec);
  const found = Object.keys(expected).map((path) => [path, policy.allows(path)]);
  expect(Object.fromEntries(found)).toEqual(expected);
});

test('where it is not known what is asked for, nobody in particular asks only if they may everywhere', () => {
  expect(anonymousPolicy({ enabled: true }).allows(undefined)).toBe(true);
  expect(anonymousPolicy({ enabled: false }).allows(undefined)).toBe(false);
  expect(anonymousPolicy({ enabled: true, conditions: [{ path: '/livez' }] }).allows(undefined)).toBe(false);
});
