import { describe, expect, test } from 'vitest';
import { Ranges } from './ranges.js';
import { planService } from './plan-service.js';
import { nodeMap, service, slice, wireNode } from '../testing/builders.js';

const nodes = nodeMap([wireNode('a', '127.0.0.11', '10.244.1.0/24'), wireNode('b', '127.0.0.12', '10.244.2.0/24')]);
const facts = { nodes, nodePortRanges: undefined };
const http = { name: 'http', port: 80, protocol: 'TCP', targetPort: 8080 };
const onA = { addresses: ['10.244.1.5'], nodeName: 'a', conditions: { ready: true } };
const onB = { addresses: ['10.244.2.5'], nodeName: 'b', conditions: { ready: true } };
const ports = [{ name: 'http', port: 8080, protocol: 'TCP' }];

const hosts = (plan: ReturnType<typeof planService>) => plan.listeners.map(({ host, port }) => `${host}:${port}`);
const backends = (plan: ReturnType<typeof planService>, index = 0) =>
  plan.balancers[index]?.backends.map(({ address, port }) => `${address}:${port}`);

test('a ClusterIP is listened on and leads to its endpoints, all by their addresses in the cluster', () => {
  const plan = planService(service('10.96.3.4', [http]), [slice([onB, onA], ports)], facts);
  expect(hosts(plan)).toEqual(['10.96.3.4:80']);
  expect(backends(plan)).toEqual(['10.244.1.5:8080', '10.244.2.5:8080']);
});

test("an endpoint of a real node is none of this machine's", () => {
  const real = { addresses: ['192.0.2.9'], nodeName: 'metal', conditions: {} };
  const metal = { ...wireNode('metal', '192.0.2.9', '192.0.3.0/24'), metadata: { name: 'metal' } };
  const withMetal = { nodes: nodeMap([metal]), nodePortRanges: undefined };
  const plan = planService(service('10.96.3.4', [http]), [slice([real], ports)], withMetal);
  expect(plan.balancers[0]?.backends).toEqual([{ address: '192.0.2.9', port: 8080, node: 'metal' }]);
});

describe('endpoints kept by hand lead to Pods and nodes alone', () => {
  const limits = {
    clusterCidr: '10.244.0.0/16',
    openEndpoints: ['192.0.2.0/24'],
    isApiServer: (address: string, port: number) => address === '127.0.0.1' && port === 6443,
  };
  const guarded = nodeMap(
    [
      wireNode('a', '127.0.0.11', '10.244.1.0/24'),
      wireNode('greedy', '127.0.0.13', '10.0.0.0/8'),
      { ...wireNode('control-plane', '127.0.0.1', '10.250.0.0/24'), metadata: { name: 'control-plane' } },
    ],
    limits,
  );
  const api = (slices: ReturnType<typeof slice>[]) =>
    slices.map((one) => ({
      ...one,
      metadata: { ...one.metadata, labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    }));
  const lead = (address: string, port = 8080, nodeName?: string, isApi = false) => {
    const slices = [slice([{ addresses: [address], ...(nodeName && { nodeName }) }], [{ ...ports[0], port }])];
    const plan = planService(service('10.96.3.4', [http]), isApi ? api(slices) : slices, {
      nodes: guarded,
      nodePortRanges: undefined,
    });
    return backends(plan)?.[0];
  };

  test.each([
    ['a Pod', '10.244.1.5', '10.244.1.5:8080'],
    ['the same as it is carried', '127.244.1.5', '10.244.1.5:8080'],
    ['a simulated node', '127.0.0.11', '127.0.0.11:8080'],
    ['what the operator opened', '192.0.2.7', '192.0.2.7:8080'],
  ])('%s is reached', (_, address, expected) => {
    expect(lead(address)).toBe(expected);
  });

  test.each([
    ['the loopback address', '127.0.0.1'],
    ['the loopback address as the wire would carry it', '10.0.0.1'],
    ['another loopback address', '127.0.0.53'],
    ['link-local addresses', '169.254.169.254'],
    ['the machine itself', '0.0.0.0'],
    ['anywhere else', '198.51.100.1'],
  ])('%s is not, whatever node it says it is of', (_, address) => {
    expect([lead(address), lead(address, 10_257, 'a'), lead(address, 2379, 'control-plane')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ['that is not there', 'nowhere'],
    ['that is not on the wire', 'control-plane'],
  ])('what a Pod address is follows from the address, not from a node named %s', (_, nodeName) => {
    for (const address of ['10.244.1.5', '127.244.1.5']) {
      const slices = [slice([{ addresses: [address], nodeName }], ports)];
      const plan = planService(service('10.96.3.4', [http]), slices, { nodes: guarded, nodePortRanges: undefined });
      expect(plan.balancers[0]?.backends).toEqual([{ address: '10.244.1.5', port: 8080, node: nodeName, local: true }]);
    }
  });

  test("of a node that is not on the wire there are no Pods at the wire's addresses", () => {
    const metal = {
      ...wireNode('metal', '198.51.100.9', '10.244.0.0/24'),
      metadata: { name: 'metal' },
    };
    const facts = { nodes: nodeMap([metal], limits), nodePortRanges: undefined };
    const slices = [slice([{ addresses: ['10.244.0.5'] }, { addresses: ['198.51.100.9'] }], ports)];
    expect(backends(planService(service('10.96.3.4', [http]), slices, facts))).toEqual(['198.51.100.9:8080']);
  });

  test("the loopback address is no node's on the wire either", () => {
    const posing = [wireNode('posing', '10.0.0.1', '10.244.9.0/24'), wireNode('also', '127.0.0.1', '10.244.8.0/24')];
    const facts = { nodes: nodeMap(posing, limits), nodePortRanges: undefined };
    for (const address of ['10.0.0.1', '127.0.0.1']) {
      const slices = [slice([{ addresses: [address] }], ports)];
      expect(planService(service('10.96.3.4', [http]), slices, facts).balancers).toEqual([]);
    }
  });

  test("the API server's Service leads to its port and address, whatever its slices say", () => {
    expect(lead('198.51.100.1', 6443, undefined, true)).toBeUndefined();
    expect(lead('169.254.169.254', 6443, undefined, true)).toBeUndefined();
    expect(lead('127.0.0.1', 6443, undefined, true)).toBe('127.0.0.1:6443');
    expect(lead('127.0.0.1', 10_257, undefined, true)).toBeUndefined();
  });
});

test('a hand-made endpoint without a node is found on the wire by the Pod range it lies in', () => {
  const plan = planService(service('10.96.3.4', [http]), [slice([{ addresses: ['10.244.2.77'] }], ports)], facts);
  expect(backends(plan)).toEqual(['10.244.2.77:8080']);
  expect(plan.balancers[0]?.backends[0]?.node).toBe('b');
});

describe('which endpoints take traffic', () => {
  const draining = { ready: false, serving: true, terminating: true };
  test.each([
    ['only the ready ones while there are any', [onA, { ...onB, conditions: draining }], ['10.244.1.5:8080']],
    ['the serving and terminating ones else', [{ ...onB, conditions: draining }], ['10.244.2.5:8080']],
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
      '10.244.1.5:8080',
      '10.244.1.5:9090',
      '10.244.2.5:9090',
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
    expect(hosts(plan)).toEqual(['10.96.3.4:80', '127.0.0.1:30080', '127.0.0.11:30080', '127.0.0.12:30080']);
    expect(plan.balancers).toHaveLength(1);
  });

  test('are open on other addresses of this machine that are asked for', () => {
    const open = {
      nodes,
      nodePortRanges: new Ranges(['192.0.2.0/24']),
      machineAddresses: ['192.0.2.7', '198.51.100.7'],
    };
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA], ports)], open);
    expect(hosts(plan)).toEqual(['10.96.3.4:80', '192.0.2.7:30080']);
  });

  test('are confined by --node-port-addresses', () => {
    const confined = { nodes, nodePortRanges: new Ranges(['127.0.0.12/32']) };
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA], ports)], confined);
    expect(hosts(plan)).toEqual(['10.96.3.4:80', '127.0.0.12:30080']);
  });

  test('with externalTrafficPolicy Local lead to endpoints of the node that was asked, or are closed there', () => {
    const local = service('10.96.3.4', nodePort, { ...spec, externalTrafficPolicy: 'Local' });
    const plan = planService(local, [slice([onA], ports)], facts);
    expect(hosts(plan)).toEqual(['10.96.3.4:80', '127.0.0.1:30080', '127.0.0.11:30080']);
  });

  test('are closed on a node whose heartbeats have stopped', () => {
    const dark = nodeMap([wireNode('a', '127.0.0.11', '10.244.1.0/24', 'Unknown')]);
    const plan = planService(service('10.96.3.4', nodePort, spec), [slice([onA], ports)], { ...facts, nodes: dark });
    expect(hosts(plan)).toEqual(['10.96.3.4:80', '127.0.0.1:30080']);
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

describe('of a cluster that has only part of the machine', () => {
  const limits = { clusterCidr: '10.1.24.0/21', nodeCidr: '10.1.20.0/24' };
  const own = wireNode('own', '127.1.20.11', '10.1.24.0/24');
  const partial = (node = own) => ({
    nodes: nodeMap([node], limits),
    nodePortRanges: undefined,
    serviceRange: new Ranges(['10.1.16.0/22']),
    ownsMachine: false,
  });
  const pod = slice([{ addresses: ['10.1.24.5'], nodeName: 'own', conditions: { ready: true } }], ports);
  const nodePort = { ...http, nodePort: 30_080 };

  test('Services are carried at its own addresses, NodePorts at its nodes', () => {
    const plan = planService(service('10.1.16.4', [nodePort], { type: 'NodePort' }), [pod], partial());
    expect(hosts(plan)).toEqual(['10.1.16.4:80', '127.1.20.11:30080']);
    expect(backends(plan)).toEqual(['10.1.24.5:8080']);
  });

  test('a Service with an address of another cluster is not, as that of a fork', () => {
    expect(hosts(planService(service('10.96.3.4', [http]), [pod], partial()))).toEqual([]);
  });

  test('nothing is opened at an address that a node only says to have, nor led to it', () => {
    const greedy = wireNode('own', '127.0.0.11', '10.1.24.0/24');
    const stolen = slice([{ addresses: ['127.0.0.11'], nodeName: 'own', conditions: { ready: true } }], ports);
    const plan = planService(service('10.1.16.4', [nodePort], { type: 'NodePort' }), [pod, stolen], partial(greedy));
    expect(hosts(plan)).toEqual(['10.1.16.4:80']);
    expect(backends(plan)).toEqual(['10.1.24.5:8080']);
  });

  test('nor to Pods of another cluster whose network a node claims', () => {
    const greedy = wireNode('own', '127.1.20.11', '10.0.0.0/8');
    const stolen = slice([{ addresses: ['10.244.1.5'], nodeName: 'own', conditions: { ready: true } }], ports);
    expect(hosts(planService(service('10.1.16.4', [http]), [stolen], partial(greedy)))).toEqual([]);
  });
});
