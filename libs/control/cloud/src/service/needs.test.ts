import type { Service, ServiceSpec } from '@binnacle/apis-kubernetes/core/v1';
import { service } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { CLEANUP_FINALIZER, needsCleanup, needsUpdate, wantsLoadBalancer } from './needs.js';

const handles = (name: string | undefined) => name === undefined || name === 'binnacle.dev/second';
const balanced = (spec: ServiceSpec = {}, metadata: Service['metadata'] = {}): Service =>
  service({ metadata, spec: { type: 'LoadBalancer', ...spec } });
const FINALIZER = { finalizers: [CLEANUP_FINALIZER] };
const GOING = { deletionTimestamp: '2026-01-01T00:00:00Z' };

test.each<[string, ServiceSpec, boolean]>([
  ['of type LoadBalancer', {}, true],
  ['of a class of this cloud', { loadBalancerClass: 'binnacle.dev/second' }, true],
  ['of a class of another', { loadBalancerClass: 'example.com/other' }, false],
  ['of another type', { type: 'NodePort' }, false],
])('a Service %s wants a load balancer: %s %s', (_, spec, expected) => {
  expect(wantsLoadBalancer(balanced(spec), handles)).toBe(expected);
});

test.each<[string, ServiceSpec, Service['metadata'], boolean]>([
  ['that has one', {}, FINALIZER, false],
  ['that is deleted', {}, { ...FINALIZER, ...GOING }, true],
  ['that is deleted and was never given one', {}, GOING, false],
  ['that changed its type', { type: 'ClusterIP' }, FINALIZER, true],
  ['of another type that never had one', { type: 'ClusterIP' }, {}, false],
  [
    'that is deleted and somebody else’s',
    { loadBalancerClass: 'example.com/other' },
    { ...FINALIZER, ...GOING },
    false,
  ],
])('of a Service %s something is to be cleaned up: %s %s %s', (_, spec, metadata, expected) => {
  expect(needsCleanup(balanced(spec, metadata), handles)).toBe(expected);
});

describe('a load balancer has to be put right', () => {
  const before = balanced({ externalTrafficPolicy: 'Cluster', ports: [{ name: 'a', port: 80, nodePort: 30_001 }] });
  test.each<[string, Partial<Service>]>([
    ['a port', { spec: { ports: [{ name: 'a', port: 81, nodePort: 30_001 }] } }],
    ['the name of a port', { spec: { ports: [{ name: 'b', port: 80, nodePort: 30_001 }] } }],
    ['an application protocol', { spec: { ports: [{ name: 'a', port: 80, nodePort: 30_001, appProtocol: 'http' }] } }],
    ['source ranges', { spec: { ports: [], loadBalancerSourceRanges: ['10.0.0.0/8'] } }],
    ['session affinity', { spec: { ports: [], sessionAffinity: 'ClientIP' } }],
    ['its time', { spec: { ports: [], sessionAffinityConfig: { clientIP: { timeoutSeconds: 3 } } } }],
    ['the address that is asked for', { spec: { ports: [], loadBalancerIP: '127.97.0.7' } }],
    ['an external address', { spec: { ports: [], externalIPs: ['192.0.2.1'] } }],
    ['the external traffic policy', { spec: { ports: [], externalTrafficPolicy: 'Local' } }],
    ['the health check', { spec: { ports: [], healthCheckNodePort: 30_002 } }],
    ['the number of families', { spec: { ports: [], ipFamilies: ['IPv4', 'IPv6'] } }],
    ['annotations', { metadata: { annotations: { a: 'b' } } }],
    ['the type', { spec: { ports: [], type: 'NodePort' } }],
    ['the Service itself', { metadata: { uid: 'another' } }],
  ])('when %s changes', (_, { metadata = {}, spec = {} }) => {
    const merged = { ...before.spec, ...spec, ports: spec.ports?.length ? spec.ports : before.spec?.ports };
    const now = { ...before, metadata: { ...before.metadata, ...metadata }, spec: merged };
    expect(needsUpdate(before, now, handles)).toBe(true);
    expect(needsUpdate(now, before, handles)).toBe(true);
  });

  test.each<[string, Partial<Service>]>([
    ['labels', { metadata: { labels: { a: 'b' } } }],
    ['finalizers', { metadata: FINALIZER }],
    ['the selector', { spec: { selector: { app: 'other' } } }],
    ['its status', { status: { loadBalancer: { ingress: [{ ip: '127.97.0.1' }] } } }],
    ['the internal traffic policy', { spec: { internalTrafficPolicy: 'Local' } }],
  ])('but not when %s changes', (_, { metadata, spec, status }) => {
    const now = {
      ...before,
      metadata: { ...before.metadata, ...metadata },
      spec: { ...before.spec, ...spec },
      status: { ...before.status, ...status },
    };
    expect(needsUpdate(before, now, handles)).toBe(false);
  });

  test('and not of a Service that never wanted one', () => {
    const [plain, other] = [service(), service({ spec: { externalIPs: ['192.0.2.1'] } })];
    expect(needsUpdate(plain, other, handles)).toBe(false);
  });
});
