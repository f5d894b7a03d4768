import type { Node, NodeAddress } from '@binnacle/apis-kubernetes/core/v1';
import { node } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { isUninitialized, planInitial } from './initial-plan.js';
import { planAddresses } from './node-addresses.js';
import { labelsOf, planLabels } from './node-labels.js';

const UNINITIALIZED = { key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' };
const OTHER = { key: 'example.com/other', effect: 'NoSchedule' };
const at = (type: string, address: string): NodeAddress => ({ type, address });
const addressed = (addresses: NodeAddress[], annotations: Record<string, string> = {}): Node =>
  node({ metadata: { annotations }, status: { addresses } });
const told = (ip: string) => ({ 'alpha.kubernetes.io/provided-node-ip': ip });

describe('a node that waits for its cloud', () => {
  const waiting = node({ spec: { taints: [UNINITIALIZED, OTHER] } });

  test('is told by its taint', () => {
    expect([isUninitialized(waiting), isUninitialized(node({ spec: { taints: [OTHER] } }))]).toEqual([true, false]);
  });

  test('gets what its cloud knows, and loses that taint only', () => {
    const { resourceVersion } = waiting.metadata;
    const instance = { providerID: 'fake://1', instanceType: 'small', zone: 'a', region: 'here' };
    expect(planInitial(waiting, instance)).toEqual({
      metadata: {
        resourceVersion,
        labels: {
          'failure-domain.beta.kubernetes.io/zone': 'a',
          'topology.kubernetes.io/zone': 'a',
          'failure-domain.beta.kubernetes.io/region': 'here',
          'topology.kubernetes.io/region': 'here',
          'beta.kubernetes.io/instance-type': 'small',
          'node.kubernetes.io/instance-type': 'small',
        },
      },
      spec: { providerID: 'fake://1', taints: [OTHER] },
    });
  });

  test('keeps the machine it names itself', () => {
    const named = node({ spec: { taints: [UNINITIALIZED], providerID: 'fake://own' } });
    expect(planInitial(named, { providerID: 'fake://1' })).toMatchObject({ spec: { providerID: 'fake://own' } });
    expect(planInitial(named, {})).toMatchObject({ spec: { providerID: 'fake://own', taints: [] } });
  });

  test.each<[string, Node, object, string]>([
    ['names no machine', waiting, {}, 'does not set node provider ID for node node-1'],
    [
      'does not have the address it was told',
      node({ metadata: { annotations: told('192.0.2.1') }, spec: { taints: [UNINITIALIZED] } }),
      { providerID: 'fake://1', nodeAddresses: [at('InternalIP', '192.0.2.2')] },
      'that matches ip: 192.0.2.1',
    ],
    ['is told nonsense', addressed([], told('here')), { providerID: 'fake://1' }, 'failed to parse node IP "here"'],
  ])('waits on where its cloud %s', (_, subject, instance, message) => {
    expect(() => planInitial(subject, instance)).toThrow(message);
  });
});

describe('labels', () => {
  test('of a cloud’s own are added where they are not Kubernetes’ and the node has none', () => {
    const additionalLabels = { 'example.com/rack': '7', 'sub.kubernetes.io/x': 'y', 'k8s.io/z': 'y', mine: 'theirs' };
    expect(labelsOf(node({ metadata: { labels: { mine: 'mine' } } }), { additionalLabels })).toEqual({
      'example.com/rack': '7',
    });
  });

  test('of newer names follow those of older', () => {
    const labelled = (labels: Record<string, string>) => planLabels(node({ metadata: { labels } }));
    expect(labelled({ 'beta.kubernetes.io/instance-type': 'small' })).toEqual({
      'node.kubernetes.io/instance-type': 'small',
    });
    expect(labelled({ 'failure-domain.beta.kubernetes.io/zone': 'a', 'topology.kubernetes.io/zone': 'b' })).toEqual({
      'topology.kubernetes.io/zone': 'a',
    });
    expect(labelled({ 'topology.kubernetes.io/zone': 'b' })).toBeUndefined();
  });
});

describe('addresses', () => {
  const internal = at('InternalIP', '192.0.2.1');
  const host = at('Hostname', 'node-1');
  test.each<[string, Node, NodeAddress[], NodeAddress[] | undefined]>([
    ['that the cloud does not tell stay', addressed([host]), [], undefined],
    ['are those of the cloud', addressed([at('InternalIP', '192.0.2.9')]), [internal], [internal]],
    ['keep the name that only the node knows', addressed([host]), [internal], [internal, host]],
    [
      'have the name the cloud says',
      addressed([host]),
      [internal, at('Hostname', 'h')],
      [internal, at('Hostname', 'h')],
    ],
    ['that are said in another order are the same', addressed([host, internal]), [internal], undefined],
    [
      'of the type of that which the node was told are no others',
      addressed([], told('192.0.2.1')),
      [at('InternalIP', '192.0.2.9'), internal, at('ExternalIP', '198.51.100.1')],
      [internal, at('ExternalIP', '198.51.100.1')],
    ],
    [
      'of two families may be told both',
      addressed([], told('2001:DB8::1,192.0.2.1')),
      [internal, at('InternalIP', '2001:db8::1'), at('InternalIP', '192.0.2.9')],
      [at('InternalIP', '2001:db8::1'), internal],
    ],
  ])('%s', (_, subject, given, expected) => {
    expect(planAddresses(subject, given)).toEqual(expected);
  });
});
