import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { describe, expect, test } from 'vitest';
import { nodeMap, service, slice, wireNode } from '../testing/builders.js';
import { planService } from './plan-service.js';
import type { PlanFacts, Refusal } from './port-plan.js';
import type { ListenerSpec } from './service-plan.js';
import { sourceRangesOf } from './source-ranges.js';

const nodes = nodeMap([wireNode('a', '127.0.0.11', '10.244.1.0/24'), wireNode('b', '127.0.0.12', '10.244.2.0/24')]);
const facts: PlanFacts = { nodes, nodePortRanges: undefined };
const http = { name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 };
const ports = [{ name: 'http', port: 8080, protocol: 'TCP' }];
const onA = { addresses: ['10.244.1.5'], nodeName: 'a', conditions: { ready: true } };
const alsoOnA = { addresses: ['10.244.1.6'], nodeName: 'a', conditions: { ready: true } };
const onB = { addresses: ['10.244.2.5'], nodeName: 'b', conditions: { ready: true } };
const anything: Refusal = () => undefined;

function balanced(spec: Partial<Service['spec'] & object> = {}, ips = ['10.97.0.1']): Service {
  const made = service('10.96.3.4', [{ ...http, nodePort: 30_080 }], { type: 'LoadBalancer', ...spec });
  return { ...made, status: { loadBalancer: { ingress: ips.map((ip) => ({ ip })) } } };
}
const plan = (one: Service, endpoints = [onA, onB], refusal = anything) =>
  planService(one, [slice(endpoints, ports)], facts, refusal);
const at = ({ purpose, host, port }: Pick<ListenerSpec, 'purpose' | 'host' | 'port'>) => `${purpose} ${host}:${port}`;

describe('addresses beside its own', () => {
  test('are open at the port of the Service, and share their turns with the ClusterIP', () => {
    const { listeners, balancers } = plan(balanced({ externalIPs: ['10.97.0.9'] }));
    expect(listeners.map(at)).toEqual([
      'ClusterIP 10.96.3.4:80',
      'NodePort 127.0.0.1:30080',
      'NodePort 127.0.0.11:30080',
      'NodePort 127.0.0.12:30080',
      'ExternalIP 10.97.0.9:80',
      'LoadBalancer 10.97.0.1:80',
    ]);
    expect(balancers).toHaveLength(1);
    expect(listeners.map(({ masquerade }) => masquerade)).toEqual([
      undefined,
      '127.0.0.1',
      '127.0.0.11',
      '127.0.0.12',
      '127.0.0.1',
      '127.0.0.1',
    ]);
  });

  test('are open without node ports where none are wanted', () => {
    const bare = balanced({ allocateLoadBalancerNodePorts: false, ports: [http] });
    expect(plan(bare).listeners.map(at)).toEqual(['ClusterIP 10.96.3.4:80', 'LoadBalancer 10.97.0.1:80']);
  });

  test('are each said once, as what counts most', () => {
    const twice = balanced({ externalIPs: ['10.97.0.1', '10.96.3.4'] });
    const external = plan(twice).listeners.filter(({ purpose }) => purpose !== 'NodePort');
    expect(external.map(at)).toEqual(['ClusterIP 10.96.3.4:80', 'LoadBalancer 10.97.0.1:80']);
  });

  test('are closed where they are refused, and it is said why', () => {
    const refusal: Refusal = (_, purpose, port) => `${purpose} ${port} no`;
    const { listeners, refused } = plan(balanced({ externalIPs: ['10.96.0.10'] }), [onA], refusal);
    expect(listeners.map(({ purpose }) => purpose)).not.toContain('ExternalIP');
    expect(refused).toEqual([
      { address: '10.96.0.10', purpose: 'ExternalIP', why: 'ExternalIP TCP 80 no' },
      { address: '10.97.0.1', purpose: 'LoadBalancer', why: 'LoadBalancer TCP 80 no' },
    ]);
  });

  test('are all refused unless somebody allows them', () => {
    expect(planService(balanced(), [slice([onA], ports)], facts).refused).toMatchObject([{ address: '10.97.0.1' }]);
  });

  test('are closed without endpoints', () => {
    expect(plan(balanced(), [])).toMatchObject({ listeners: [], balancers: [], refused: [] });
  });
});

describe('with the external policy Local', () => {
  const local = balanced({ externalTrafficPolicy: 'Local', healthCheckNodePort: 30_999, externalIPs: ['10.97.0.9'] });
  const insideOf = (one: ReturnType<typeof plan>) =>
    one.listeners.map(({ host, insideBalancer }) => [host, insideBalancer?.split('/').at(-1)]);

  test('clients keep their addresses, and those inside the cluster may be led anywhere', () => {
    const { listeners, balancers } = plan(local, [onA]);
    expect(listeners.map(({ masquerade }) => masquerade).filter(Boolean)).toEqual([]);
    expect(insideOf(plan(local, [onA]))).toEqual([
      ['10.96.3.4', undefined],
      ['127.0.0.1', 'cluster'],
      ['127.0.0.11', 'cluster'],
      ['10.97.0.9', 'cluster'],
      ['10.97.0.1', 'cluster'],
    ]);
    expect(balancers.map(({ id }) => id.split('/').at(-1))).toEqual(['cluster', 'machine', 'node a']);
  });

  test('load balancers are told how many ready endpoints each node has', () => {
    const unready = { addresses: ['10.244.2.9'], nodeName: 'b', conditions: { ready: false, serving: true } };
    const { healthChecks } = plan(local, [onA, alsoOnA, unready]);
    expect(healthChecks).toEqual([
      { protocol: 'TCP', purpose: 'HealthCheck', host: '127.0.0.1', port: 30_999, localEndpoints: 2 },
      { protocol: 'TCP', purpose: 'HealthCheck', host: '127.0.0.11', port: 30_999, localEndpoints: 2 },
      { protocol: 'TCP', purpose: 'HealthCheck', host: '127.0.0.12', port: 30_999, localEndpoints: 0 },
    ]);
  });

  test('an endpoint with several ports counts once, and nodes are asked while there are none at all', () => {
    const two = { ...local, spec: { ...local.spec, ports: [http, { ...http, name: 'more', port: 81 }] } };
    const both = [...ports, { name: 'more', port: 8081, protocol: 'TCP' }];
    expect(planService(two, [slice([onA], both)], facts, anything).healthChecks[0]?.localEndpoints).toBe(1);
    expect(plan(local, []).healthChecks.map(({ localEndpoints }) => localEndpoints)).toEqual([0, 0, 0]);
  });

  test.each([
    ['of another type', { type: 'NodePort' }],
    ['with the policy Cluster', { externalTrafficPolicy: 'Cluster' }],
    ['without a port for it', { healthCheckNodePort: 0 }],
  ])('a Service %s is not asked about', (_, spec) => {
    expect(plan({ ...local, spec: { ...local.spec, ...spec } }).healthChecks).toEqual([]);
  });
});

describe('ranges of sources', () => {
  test('bound the load balancer alone', () => {
    const bound = balanced({ loadBalancerSourceRanges: ['192.0.2.0/24'], externalIPs: ['10.97.0.9'] });
    const ranged = plan(bound).listeners.filter(({ sourceRanges }) => sourceRanges);
    expect(ranged.map(at)).toEqual(['LoadBalancer 10.97.0.1:80']);
    expect(ranged[0]?.sourceRanges).toEqual(['192.0.2.0/24']);
  });

  test.each([
    [['192.0.2.0/24', ' 10.0.0.0/8 '], 'IPv4', ['192.0.2.0/24', '10.0.0.0/8']],
    [['192.0.2.0/24', '0.0.0.0/0'], 'IPv4', []],
    [['fd00::/8', '10.0.0.0/8'], 'IPv6', ['fd00::/8']],
    [['fd00::/8', '::/0', '10.0.0.0/8'], 'IPv4', ['10.0.0.0/8']],
    [['nonsense'], 'IPv4', []],
    [undefined, 'IPv4', []],
  ] as const)('%j bound %s to %j', (given, family, expected) => {
    const one = balanced(given ? { loadBalancerSourceRanges: [...given] } : {});
    expect(sourceRangesOf(one, family)).toEqual(expected);
  });
});

describe('an endpoint that serves no new clients', () => {
  const draining = {
    addresses: ['10.244.2.7'],
    nodeName: 'b',
    conditions: { ready: false, serving: true, terminating: true },
  };
  const gone = { addresses: ['10.244.2.8'], nodeName: 'b', conditions: { ready: false, serving: false } };

  test('keeps the sessions it has while it serves', () => {
    expect(plan(balanced(), [onA, draining, gone]).balancers[0]).toMatchObject({
      backends: [{ address: '10.244.1.5' }],
      draining: ['10.244.2.7:8080'],
    });
  });

  test('serves all alike while there is no other, whatever hints it has', () => {
    const hinted = { ...draining, hints: { forZones: [{ name: 'east' }] } };
    const [balancer] = plan(balanced(), [hinted]).balancers;
    expect(balancer?.backends).toEqual([{ address: '10.244.2.7', port: 8080, node: 'b', local: true }]);
    expect(balancer?.draining).toBeUndefined();
  });
});
