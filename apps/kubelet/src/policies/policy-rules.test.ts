import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicySpec } from '@binnacle/apis-kubernetes/networking/v1';
import { PolicyIndex } from '@binnacle/apis-network-policy';
import { IndexedStore } from '@binnacle/client-informers';
import type { Inhabitant } from '@binnacle/node-runtime-sim';
import { beforeEach, describe, expect, test } from 'vitest';
import { ServiceFinder } from '../service-addresses.js';
import { CarriedPods } from './carried-pods.js';
import type { ClusterPolicies } from './cluster-policies.js';
import { PolicyRules } from './policy-rules.js';

const inhabitant = (name: string, ip: string, more: Partial<Inhabitant> = {}): Inhabitant => ({
  namespace: 'a',
  name,
  uid: name,
  ip,
  hostNetwork: false,
  node: 'n1',
  annotations: {},
  hostIp: '127.0.0.11',
  labels: { app: name },
  ...more,
});
const client = inhabitant('client', '10.244.0.1');
const web = inhabitant('web', '10.244.0.2');
const api = inhabitant('api', '10.244.0.3', { node: 'n2' });
const all = [client, web, api];

const service = (name: string, clusterIP: string, labels: Record<string, string> = {}): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'kube-system', labels },
  spec: { clusterIP, ports: [{ port: 53, protocol: 'UDP' }, { port: 80 }] },
});
const services = [
  service('both', '10.96.0.5'),
  service('none', '10.96.0.6'),
  service('kube-dns', '10.96.0.10', {
    'k8s-app': 'kube-dns',
    'service.kubernetes.io/service-proxy-name': 'binnacle-dns',
  }),
  service('kubernetes', '10.96.0.1'),
];
const slices = new IndexedStore<EndpointSlice>();
const slice = (owner: string, port: number, ...addresses: string[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: owner, namespace: 'kube-system', labels: { 'kubernetes.io/service-name': owner } },
  addressType: 'IPv4',
  ports: [{ port, protocol: 'TCP' }],
  endpoints: addresses.map((address) => ({ addresses: [address] })),
});
slices.put(slice('both', 8080, web.ip, api.ip));
slices.put(slice('kubernetes', 6443, '127.0.0.1'));

let index: PolicyIndex;
let rules: PolicyRules;
beforeEach(() => {
  index = new PolicyIndex();
  for (const name of ['a', 'kube-system']) index.setNamespace(name, { 'kubernetes.io/metadata.name': name });
  const policies = {
    index,
    slices,
    get isEmpty() {
      return index.size === 0;
    },
  } as unknown as ClusterPolicies;
  const nodes: Record<string, string> = { '127.0.0.11': 'n1', '127.0.0.12': 'n2' };
  const finder = new ServiceFinder(
    { list: () => services },
    { nodeAt: (ip) => nodes[ip], isOwn: (ip) => ip.startsWith('10.96.'), isExternal: () => false },
  );
  rules = new PolicyRules(policies, {
    services: finder,
    pods: new CarriedPods(() => undefined),
    inhabitant: (ip) => all.find((one) => one.ip === ip),
  });
});

function apply(app: string, spec: NetworkPolicySpec): void {
  const policy: NetworkPolicy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: app, namespace: 'a' },
    spec: { podSelector: { matchLabels: { app } }, ...spec },
  };
  index.setPolicy(policy);
}
const to = (...peers: NetworkPolicyPeer[]): NetworkPolicySpec => ({ policyTypes: ['Egress'], egress: [{ to: peers }] });
const denyEgress: NetworkPolicySpec = { policyTypes: ['Egress'] };
const dials = (ip: string, port = 80, transport: 'tcp' | 'udp' = 'tcp', from = client) =>
  rules.mayDial(from, { ip, port, transport });
const accepts = (host: string, port = 80) => {
  const ip = `10.${host.slice(4)}`;
  const found = all.find((one) => one.ip === ip);
  return rules.mayAccept({ host, ip, ...(found && { inhabitant: found }) }, web, { port, transport: 'tcp' });
};

describe('a Pod dials', () => {
  test('everything where there are no policies, and from the network of its node whatever they say', () => {
    expect(dials(web.ip)).toBe(true);
    apply('client', denyEgress);
    expect([dials(web.ip), dials(web.ip, 80, 'tcp', { ...client, hostNetwork: true })]).toEqual([false, true]);
  });

  test('another, where both let it', () => {
    apply('client', to({ podSelector: { matchLabels: { app: 'web' } } }));
    expect([dials(web.ip), dials(api.ip), dials('192.0.2.1')]).toEqual([true, false, false]);
    apply('web', {});
    expect(dials(web.ip)).toBe(false);
  });

  test('a Service, where it may reach any of its endpoints, at the port they have', () => {
    apply('client', { ...to({ podSelector: { matchLabels: { app: 'api' } } }) });
    expect(dials('10.96.0.5')).toBe(true);
    apply('api', { ingress: [{ ports: [{ port: 80 }] }] });
    expect(dials('10.96.0.5')).toBe(false);
    apply('api', { ingress: [{ ports: [{ port: 8080 }] }] });
    expect(dials('10.96.0.5')).toBe(true);
  });

  test('a Service without endpoints, to be refused', () => {
    apply('client', denyEgress);
    expect(dials('10.96.0.6')).toBe(true);
  });

  test("the cluster's DNS as the Pod that it stands for", () => {
    apply('client', denyEgress);
    expect(dials('10.96.0.10', 53, 'udp')).toBe(false);
    const dns = { podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } };
    const system = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
    apply('client', {
      ...denyEgress,
      egress: [{ to: [{ ...dns, ...system }], ports: [{ protocol: 'UDP', port: 53 }] }],
    });
    expect([dials('10.96.0.10', 53, 'udp'), dials('10.96.0.10', 80)]).toEqual([true, false]);
  });

  test('the API server by its address: it is no Pod, and not of its node', () => {
    apply('client', denyEgress);
    expect(dials('10.96.0.1')).toBe(false);
    apply('client', to({ ipBlock: { cidr: '127.0.0.1/32' } }));
    expect(dials('10.96.0.1')).toBe(true);
  });

  test('its own node', () => {
    apply('client', denyEgress);
    expect([dials('127.0.0.11', 9100), dials('127.0.0.12', 9100)]).toEqual([true, false]);
  });
});

describe('a Pod accepts', () => {
  beforeEach(() => apply('web', { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'client' } } }] }] }));

  test('who may come, by their address', () => {
    expect([accepts('127.244.0.1'), accepts('127.244.0.3'), accepts('127.244.0.99')]).toEqual([true, false, false]);
  });

  test('the machine and its own node, and no other', () => {
    expect([accepts('127.0.0.1'), accepts('127.0.0.11'), accepts('127.0.0.12')]).toEqual([true, true, false]);
  });

  test('who may speak: what came through a Service was let out before it was known where it leads', () => {
    apply('client', to({ podSelector: { matchLabels: { app: 'api' } } }));
    expect(accepts('127.244.0.1')).toBe(false);
  });

  test('addresses outside, by what they stand for in the cluster', () => {
    apply('web', { ingress: [{ from: [{ ipBlock: { cidr: '10.200.0.0/16' } }] }] });
    expect([accepts('127.200.0.7'), accepts('127.201.0.7')]).toEqual([true, false]);
  });

  test('a program of the installation as a Pod with the labels of its Service', () => {
    const system = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } } };
    apply('web', { ingress: [{ from: [system] }] });
    expect([accepts('127.96.0.10'), accepts('127.96.0.5')]).toEqual([true, false]);
  });
});
