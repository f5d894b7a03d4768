import { expect, test } from 'vitest';
import type { PolicyIndex } from './policy-index.js';
import { endOf, flow, indexOf, ingress, podNamed, policyNamed } from './testing/builders.js';

const web = podNamed('a/web');
const reach = (index: PolicyIndex, from = podNamed('b/client'), to = web) =>
  index.decide(flow(endOf(from, '10.0.0.1'), endOf(to, '10.0.0.2'))).allowed;

test('follows policies as they come, change and go', () => {
  const index = indexOf();
  expect([reach(index), index.size]).toEqual([true, 0]);
  index.setPolicy(ingress('a/deny'));
  expect([reach(index), index.size]).toEqual([false, 1]);
  index.setPolicy(ingress('a/deny', {}));
  expect([reach(index), index.size]).toEqual([true, 1]);
  index.setPolicy(ingress('a/deny'));
  index.setPolicy(ingress('b/deny'));
  expect(index.size).toBe(2);
  index.deletePolicy(ingress('a/deny'));
  expect([reach(index), index.size]).toEqual([true, 1]);
  index.deletePolicy(ingress('a/deny'));
  index.deletePolicy(ingress('b/deny'));
  expect(index.size).toBe(0);
});

test('follows the labels of namespaces', () => {
  const index = indexOf(ingress('a/team', { from: [{ namespaceSelector: { matchLabels: { team: 'x' } } }] }));
  expect(reach(index)).toBe(false);
  index.setNamespace('b', { team: 'x' });
  expect(reach(index)).toBe(true);
  index.setNamespace('b');
  expect(reach(index)).toBe(false);
});

test('of a namespace that is not known nothing matches, not even what asks for nothing', () => {
  const index = indexOf(ingress('a/all', { from: [{ namespaceSelector: {} }] }));
  expect(reach(index)).toBe(true);
  index.deleteNamespace('b');
  expect(reach(index)).toBe(false);
});

test('follows the labels of a Pod: another state of it is another object', () => {
  const index = indexOf(policyNamed('a/p', { podSelector: { matchLabels: { app: 'web' } } }));
  expect(reach(index)).toBe(false);
  expect(reach(index, undefined, { ...web, labels: {} })).toBe(true);
  expect(reach(index)).toBe(false);
});
