import { expect, test } from 'vitest';
import { pluralTitle } from './plural-title.js';

test.each([
  ['Pod', 'pods', 'Pods'],
  ['NetworkPolicy', 'networkpolicies', 'NetworkPolicies'],
  ['IngressClass', 'ingressclasses', 'IngressClasses'],
  ['Endpoints', 'endpoints', 'Endpoints'],
  ['Mouse', 'mice', 'Mouse'],
])('%s (%s) is headed %s', (kind, resource, title) => {
  expect(pluralTitle({ kind, resource })).toBe(title);
});
