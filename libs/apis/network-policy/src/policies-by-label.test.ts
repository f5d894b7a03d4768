import { expect, test } from 'vitest';
import { compilePolicy } from './compiled-policy.js';
import { PoliciesByLabel } from './policies-by-label.js';
import { policyNamed } from './testing/builders.js';

const policy = (name: string, podSelector: object) => compilePolicy(policyNamed(`a/${name}`, { podSelector }));
const one = (key: string, operator: string, ...values: string[]) => ({ matchExpressions: [{ key, operator, values }] });

const POLICIES = [
  policy('everybody', {}),
  policy('web', { matchLabels: { app: 'web' } }),
  policy('front-web', { matchLabels: { app: 'web', tier: 'front' } }),
  policy('just-web', one('app', 'In', 'web')),
  policy('web-or-api', one('app', 'In', 'web', 'api')),
  policy('not-web', one('app', 'NotIn', 'web')),
  policy('named', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }),
  policy('equal', { matchLabels: { 'a.b/c': '' } }),
];

function known() {
  const policies = new PoliciesByLabel();
  for (const each of POLICIES) policies.add(each);
  return policies;
}

test.each([
  [{ app: 'web' }],
  [{ app: 'web', tier: 'front' }],
  [{ app: 'api' }],
  [{ tier: 'front' }],
  [{}],
  [{ 'a.b/c': '' }],
  [{ 'a.b/c': 'web' }],
  [{ app: '' }],
])('of %j they are those that select it, each once', (labels) => {
  const expected = POLICIES.filter(({ pods }) => pods.matches(labels));
  expect(new Set(known().about(labels))).toEqual(new Set(expected));
  expect(known().about(labels)).toHaveLength(expected.length);
});

test('what is taken away is about nobody', () => {
  const policies = known();
  for (const each of POLICIES) policies.delete(each);
  expect(policies.about({ app: 'web', tier: 'front' })).toEqual([]);
});
