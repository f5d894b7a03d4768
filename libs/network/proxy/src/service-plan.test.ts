import { describe, expect, test } from 'vitest';
import { ipv4Ranges } from './nodes.js';
import { planService } from './service-plan.js';
import { nodeMap, service, slice, wireNode } from './testing/builders.js';

const nodes = nodeMap([wireNode('a', '127.0.0.11', '10.244.1.0/24'), wireNode('b', '127.0.0.12', '10.244.2.0/24')]);
const facts = { nodes, nodePortRanges: undefined };
const http = { name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 };
const onA = { addresses: ['10.244.1.5'], nodeName: 'a', conditions: { ready: true } };
const onB = { addresses: ['10.244.2.5'], nodeName: 'b', conditions: { ready: true } };
const ports = [{ name: 'http', port: 8080, protocol: 'TCP' }];

const hosts = (plan: ReturnType<typeof planService>) => plan.listeners.map(({ host, port }) => `${host}:${port}`);
const backends = (plan: ReturnType<typeof planService>, index = 0) =>
  plan.balancers[index]?.backends.map(({ host, port }) => `${host}:${port}`);

test('a ClusterIP is listened on at its wire address and leads to the wire addresses of its endpoints', () => {
  const plan = planService(service('10.96.3.4', [http]), [slice([onB, onA], ports)], facts);
  expect(hosts(plan)).toEqual(['127.96.3.4:80']);
  expect(backends(plan)).toEqual(['127.244.1.5:8080', '127.244.2.5:8080']);
});

test('an unprivileged proxy carries low ports higher up', () => {
  const unprivileged = { nodes: nodeMap([], false), nodePortRanges: undefined };
  const plan = planService(service('10.96.3.4', [http]), [slice([onA], ports)], unprivileged);
  expect(hosts(plan)).toEqual(['127.96.3.4:20080']);
});

test('an endpoint of a real node is dialled at its own address', () => {
  const real = { addresses: ['192.0.2.9'], nodeName: 'metal', conditions: {} };
  expect(backends(planService(service('10.96.3.4', [http]), [slice([real], ports)], facts))).toEqual([
    '192.0.2.9:8080',
  ]);
});

test('a hand-made endpoint without a node is found on the wire by the Pod range it lies in', () => {
  const plan = planService(service('10.96.3.4', [http]), [slice([{ addresses: ['10.244.2.77'] }], ports)], facts);
  expect(backends(plan)).toEqual(['127.244.2.77:8080']);
  expect(plan.balancers[0]?.backends[0]?.node).toBe('b');
});

describe('which endpoints take traffic', () => {
  const draining = { ready: false, serving: true, terminating: true };
  test.each([
    ['only the ready ones while there are any', [onA, { ...onB, conditions: draining }], ['127.244.1.5:8080']],
    ['the serving and terminating ones else', [{ ...onB, conditions: draining }], ['127.244.2.5:8080']],
  ])('%s', (_, endpoints, expected) => {
    expect(backends(planService(service('10.96.3.4', [http]), [slice(endpoints, ports)], facts))).toEqual(expected);
  });

  test('without any the port stays closed', () => {
    const unready = { ...onA, conditions: { ready: false, serving: false, terminating: false } };
    expect(planService(service('10.96.3.4', [http]), [slice([unready], ports)], facts).listeners).toEqual([]);
  });

  test('slices with different port numbers are joined, and one address in two slices counts once', () => {
    const slices = [slice([onA], ports), slice([onB, onA], [{ name: 'http', port: 9090, protocol: 'TCP' }], 'other')];
    slices.push(slice([onA], ports, 'copy'));
    expect(backends(planService(service('10.96.3.4', [http]), slices, facts))).toEqual([
      '127.244.1.5:8080',
      '127.244.1.5:9090',
      '127.244.2.5:9090',
    ]);
  });

  test('a port matches by name and protocol', () => {
    const other = [{ name: 'metrics', port: 8080, protocol: 'TCP' }];
    expect(planService(service('10.96.3.4', [http]), [slice([onA], other)], facts).listeners).toEqual([]);
  });
});

describe('node ports', () => {
  const spec = { type: 'NodePort' };
  const nodePort = [{ ...http, nodePort: 30080 }];

  test('are open on this machine and on every wire node, sharing their turns with the ClusterIP', () => {
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA, onB], ports)], facts);
    expect(hosts(plan)).toEqual(['127.96.3.4:80', '127.0.0.1:30080', '127.0.0.11:30080', '127.0.0.12:30080']);
    expect(plan.balancers).toHaveLength(1);
  });

  test('are open on other addresses of this machine that are asked for', () => {
    const open = {
      nodes,
      nodePortRanges: ipv4Ranges(['192.0.2.0/24']),
      machineAddresses: ['192.0.2.7', '198.51.100.7'],
    };
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA], ports)], open);
    expect(hosts(plan)).toEqual(['127.96.3.4:80', '192.0.2.7:30080']);
  });

  test('are confined by --node-port-addresses', () => {
    const confined = { nodes, nodePortRanges: ipv4Ranges(['127.0.0.12/32']) };
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA], ports)], confined);
    expect(hosts(plan)).toEqual(['127.96.3.4:80', '127.0.0.12:30080']);
  });

  test('with externalTrafficPolicy Local lead to endpoints of the node that was asked, or are closed there', () => {
    const local = service('10.96.3.4', nodePort, { ...spec, externalTrafficPolicy: 'Local' });
    const plan = planService(local, [slice([onA], ports)], facts);
    expect(hosts(plan)).toEqual(['127.96.3.4:80', '127.0.0.1:30080', '127.0.0.11:30080']);
  });

  test('are closed on a node whose heartbeats have stopped', () => {
    const dark = nodeMap([wireNode('a', '127.0.0.11', '10.244.1.0/24', 'Unknown')]);
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA], ports)], { ...facts, nodes: dark });
    expect(hosts(plan)).toEqual(['127.96.3.4:80', '127.0.0.1:30080']);
  });
});

describe('Services that are left alone', () => {
  test.each([
    ['headless', service('None', [http])],
    ['ExternalName', service('10.96.3.4', [http], { type: 'ExternalName' })],
    ['SCTP', service('10.96.3.4', [{ ...http, protocol: 'SCTP' }])],
  ])('%s', (_, one) => {
    expect(planService(one, [slice([onA], ports)], facts).listeners).toEqual([]);
  });

  test('one that names another proxy', () => {
    const one = service('10.96.3.4', [http]);
    one.metadata.labels = { 'service.kubernetes.io/service-proxy-name': 'theirs' };
    expect(planService(one, [slice([onA], ports)], facts).listeners).toEqual([]);
  });
});

test('one port number may be open for two protocols', () => {
  const dns = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
  ];
  const plan = planService(service('10.96.0.10', dns), [slice([onA], dns)], facts);
  expect(plan.listeners.map(({ protocol }) => protocol)).toEqual(['UDP', 'TCP']);
  expect(plan.balancers).toHaveLength(2);
});

test('addresses of Pods and nodes tell the node, on the wire or not; the machine itself is on none', () => {
  const machine = nodeMap([wireNode('cp', '127.0.0.1', '10.244.0.0/24'), wireNode('a', '127.0.0.11', '10.244.1.0/24')]);
  const owners = ['10.244.1.7', '127.244.1.7', '127.0.0.11', '127.0.0.1', '192.0.2.1'].map((ip) => machine.owner(ip));
  expect(owners).toEqual(['a', 'a', 'a', undefined, undefined]);
});
