import type { LoadBalancerStatus, Service } from '@binnacle/apis-kubernetes/core/v1';
import { node, service } from '@binnacle/testing-fixtures';
import { expect, test } from 'vitest';
import { CLEANUP_FINALIZER } from './needs.js';
import { isNews, isSameStatus, isSettled, planService, type ServicePlan } from './plan.js';

const handles = (name: string | undefined) => name === undefined;
const STATUS: LoadBalancerStatus = { ingress: [{ ip: '127.97.0.1' }] };
const TOLD: LoadBalancerStatus = { ingress: [{ ip: '127.97.0.1', ipMode: 'VIP' }] };
const nodes = [node()];
const wanted = service({ spec: { type: 'LoadBalancer' } });
const made: Service = {
  ...wanted,
  metadata: { ...wanted.metadata, finalizers: [CLEANUP_FINALIZER] },
  status: { loadBalancer: TOLD },
};
const ensured = { service: wanted, nodes, status: STATUS };
const with_ = (part: { metadata?: object; spec?: object; status?: object }): Service => ({
  ...made,
  metadata: { ...made.metadata, ...part.metadata },
  spec: { ...made.spec, ...part.spec },
  status: { ...made.status, ...part.status },
});
const GOING = { deletionTimestamp: '2026-01-01T00:00:00Z' };

test.each<[string, Service, boolean, ServicePlan]>([
  ['that is new is given one', wanted, false, 'ensure'],
  ['that has one is looked at after a start', made, false, 'ensure'],
  ['that has one is left alone', made, true, 'nothing'],
  ['whose port changed', with_({ spec: { ports: [{ port: 81 }] } }), true, 'ensure'],
  ['whose status somebody emptied', with_({ status: { loadBalancer: {} } }), true, 'ensure'],
  ['whose finalizer somebody took off', with_({ metadata: { finalizers: [] } }), true, 'ensure'],
  ['that is deleted', with_({ metadata: GOING }), true, 'delete'],
  ['that is deleted and was never given one', with_({ metadata: { ...GOING, finalizers: ['x'] } }), false, 'nothing'],
  ['that is deleted without its finalizer', with_({ metadata: { ...GOING, finalizers: ['x'] } }), true, 'delete'],
  ['of another type now', with_({ spec: { type: 'NodePort' } }), true, 'delete'],
  ['of another type now, after a start', with_({ spec: { type: 'NodePort' } }), false, 'delete'],
  ['that went over to another class', with_({ spec: { loadBalancerClass: 'other' } }), true, 'delete'],
  ['of another class', with_({ spec: { loadBalancerClass: 'other' } }), false, 'nothing'],
])('a Service %s', (_, subject, known, expected) => {
  expect(planService({ service: subject, nodes, handles, ...(known && { ensured }) })).toBe(expected);
});

test('other nodes are an update, unless something else is to be done anyway', () => {
  const others = [node({ metadata: { name: 'another' } })];
  const plan = (subject: Service) => planService({ service: subject, nodes: others, handles, ensured });
  expect([plan(made), plan(with_({ spec: { externalTrafficPolicy: 'Local' } }))]).toEqual(['update', 'ensure']);
});

test.each<[string, Service, Service, boolean]>([
  ['is given its finalizer', wanted, with_({ status: wanted.status ?? {} }), false],
  ['is labelled', made, with_({ metadata: { labels: { a: 'b' } } }), false],
  ['loses its finalizer', made, with_({ metadata: { finalizers: [] } }), true],
  ['says another address', made, with_({ status: { loadBalancer: {} } }), true],
  ['changes a port', made, with_({ spec: { ports: [{ port: 81 }] } }), true],
  ['is deleted', made, with_({ metadata: GOING }), true],
  [
    'of another class says another address',
    with_({ spec: { loadBalancerClass: 'o' } }),
    with_({ spec: { loadBalancerClass: 'o' }, status: {} }),
    false,
  ],
])('a Service that %s is news: %s %s %s', (_, before, now, expected) => {
  expect(isNews(before, now, handles)).toBe(expected);
});

test('an address says the same whether the API server has said how it is meant or nobody has', () => {
  expect(isSameStatus(STATUS, TOLD)).toBe(true);
  expect(isSameStatus(STATUS, { ingress: [{ ip: '127.97.0.1', ipMode: 'Proxy' }] })).toBe(false);
  expect(isSameStatus({}, { ingress: [] })).toBe(true);
  expect(isSameStatus({}, STATUS)).toBe(false);
});

test('what is settled says its address, and is kept until that is given back', () => {
  expect([made, wanted, with_({ metadata: { finalizers: [] } })].map(isSettled)).toEqual([true, false, false]);
});
