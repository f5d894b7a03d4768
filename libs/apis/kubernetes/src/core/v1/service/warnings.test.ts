import { expect, test } from 'vitest';
import type { ServiceSpec } from '../index.js';
import { serviceWarnings } from './warnings.js';

const warnings = (spec: ServiceSpec, annotations = {}) =>
  serviceWarnings({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { annotations },
    spec: { type: 'ClusterIP', ...spec },
  });

test.each<[reason: string, ServiceSpec, string[]]>([
  ['a plain one', { clusterIP: '10.96.0.1', clusterIPs: ['10.96.0.1'] }, []],
  [
    'addresses written at length',
    { clusterIPs: ['FD00::1'], loadBalancerSourceRanges: ['2001:DB8::/64'] },
    [
      'spec.clusterIPs[0]: IPv6 address "FD00::1" should be in RFC 5952 canonical format ("fd00::1")',
      'spec.loadBalancerSourceRanges[0]: IPv6 CIDR value "2001:DB8::/64" should be in RFC 5952 canonical format ("2001:db8::/64")',
    ],
  ],
  [
    'a headless one',
    { clusterIP: 'None', clusterIPs: ['None'], externalIPs: ['1.2.3.4'], sessionAffinity: 'ClientIP' },
    ['spec.externalIPs is ignored for headless services', 'spec.SessionAffinity is ignored for headless services'],
  ],
  [
    'one at addresses of its own',
    { externalIPs: ['1.2.3.4'], externalName: 'x' },
    [
      'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
      'spec.externalName is ignored when spec.type is not "ExternalName"',
    ],
  ],
  [
    'an alias',
    { type: 'ExternalName', externalName: 'x', externalIPs: ['1.2.3.4'] },
    ['spec.externalIPs is ignored when spec.type is "ExternalName"'],
  ],
  [
    'the old word for its zone',
    { trafficDistribution: 'PreferClose' },
    ['spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"'],
  ],
])('of %s is told', (_reason, spec, expected) => {
  expect(warnings(spec)).toEqual(expected);
});

test('an old annotation is named with the new one', () => {
  expect(warnings({}, { 'service.kubernetes.io/topology-aware-hints': 'auto' })).toEqual([
    'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
  ]);
});
