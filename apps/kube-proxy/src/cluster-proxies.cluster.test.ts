import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import type { Event as CoreEvent, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters } from '@binnacle/client-clusters';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { userspaceMode } from '@binnacle/network-proxy';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ClusterProxies } from './cluster-proxies.js';

/** People are those of the cluster `root`, whom the API server follows. */
const KEPT_AWAKE = ['main', 'root'];
const abort = new AbortController();
const ctx: Context = { clock: systemClock, logger: silentLogger, signal: abort.signal };
const pods: Server[] = [];
let server: TestApiServer;
let proxy: KubeClient;
let proxies: ClusterProxies;
let running: Promise<void>;

interface Lab {
  readonly client: KubeClient;
  /** Of its networks, without the last byte. */
  readonly pods: string;
  readonly nodes: string;
}

beforeAll(async () => {
  server = await startTestApiServer();
  proxy = createKubeClient(await server.configFor('system:kube-proxy'));
  const mode = userspaceMode({ privileged: process.getuid?.() === 0 });
  proxies = new ClusterProxies({ mode, nodePortAddresses: [] }, { component: 'kube-proxy' });
  running = new Clusters(proxy, { idleAfter: 1_500, lookFor: 1_000 }).run(ctx, proxies.settle);
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await running;
  for (const pod of pods) pod.close();
  await proxy.close();
  await server.close();
});

const eventually = (probe: () => unknown) => expect.poll(probe, { interval: 20, timeout: 20_000 });
const base = (cidr: string) => cidr.split('.').slice(0, 3).join('.');
const carried = (address: string) => address.replace(/^10\./, '127.');

/** A cluster with a node, its only Pod at `.5`, and a Service in front of it. */
async function lab(name: string, nodeAddress?: string): Promise<Lab> {
  const { json } = await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name } } });
  const client = server.client.inCluster(name);
  const [podBase, nodeBase] = [base(json.spec.podCIDR), base(json.spec.nodeCIDR)];
  const address = nodeAddress ?? carried(`${nodeBase}.11`);
  await client.resource<Node>(refs.nodes).create(ctx, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'worker-1', annotations: { 'binnacle.dev/wire': 'loopback' } },
    spec: { podCIDR: `${podBase}.0/24` },
    status: { addresses: [{ type: 'InternalIP', address }], conditions: [{ type: 'Ready', status: 'True' }] },
  });
  return { client, pods: podBase, nodes: nodeBase };
}

async function startPod(address: string, says: string): Promise<void> {
  const pod = createServer((socket) => socket.on('error', () => undefined).end(says));
  pod.listen(8080, carried(address));
  await once(pod, 'listening');
  pods.push(pod);
}

async function expose({ client }: Lab, address: string, name = 'web'): Promise<Service> {
  const service = await client.resource<Service>(refs.services).create(ctx, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { type: 'NodePort', ports: [{ port: 8080 }] },
  });
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-1`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ port: 8080, protocol: 'TCP', name: '' }],
  };
  await client.resource<EndpointSlice>(refs.endpointslices).create(ctx, slice);
  return service;
}

async function ask(host: string, port: number): Promise<string> {
  try {
    const socket = connect({ host, port });
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    return text;
  } catch {
    return 'refused';
  }
}
const clusterIp = ({ spec }: Service) => carried(spec?.clusterIP ?? '');
const nodePort = ({ spec }: Service) => spec?.ports?.[0]?.nodePort ?? 0;

test('Services of several clusters lead to their own Pods, at addresses of their own, also while the cluster rests', async () => {
  const [one, two] = [await lab('one'), await lab('two')];
  await Promise.all([startPod(`${one.pods}.5`, 'one'), startPod(`${two.pods}.5`, 'two')]);
  const first = await expose(one, `${one.pods}.5`);
  const second = await expose(two, `${two.pods}.5`);
  await eventually(() => ask(clusterIp(first), 8080)).toBe('one');
  await eventually(() => ask(clusterIp(second), 8080)).toBe('two');
  await eventually(() => ask(carried(`${one.nodes}.11`), nodePort(first))).toBe('one');
  const watched = () => server.storage.watched?.() ?? [];
  await eventually(() => watched().filter((name) => !KEPT_AWAKE.includes(name))).toEqual([]);
  expect(await ask(clusterIp(first), 8080)).toBe('one');
  expect(await ask('127.0.0.1', nodePort(first))).toBe('refused');
});

test('no Service of one cluster leads into another, whatever its endpoints and nodes say', async () => {
  const victim = await lab('victim');
  await startPod(`${victim.pods}.5`, 'secret');
  const thief = await lab('thief', carried(`${victim.nodes}.11`));
  const own = await expose(thief, `${thief.pods}.5`, 'own');
  const stolen = await expose(thief, `${victim.pods}.5`);
  await startPod(`${thief.pods}.5`, 'mine');
  await eventually(() => ask(clusterIp(own), 8080)).toBe('mine');
  expect(await ask(clusterIp(stolen), 8080)).toBe('refused');
  expect(await ask(carried(`${victim.nodes}.11`), nodePort(own))).toBe('refused');
});

test("an address may be given to a Service of what is left of its cluster's network, and of nothing else", async () => {
  const neighbour = await lab('neighbour');
  await startPod(`${neighbour.pods}.5`, 'secret');
  const theirs = await expose(neighbour, `${neighbour.pods}.5`);
  await eventually(() => ask(clusterIp(theirs), 8080)).toBe('secret');

  const greedy = await lab('greedy');
  await startPod(`${greedy.pods}.5`, 'mine');
  const own = await expose(greedy, `${greedy.pods}.5`);
  // Behind the nodes, which are in the first /24 of the second quarter.
  const [first, second, third = ''] = greedy.nodes.split('.');
  const given = `${first}.${second}.${Number(third) + 1}.9`;
  const unused = `${neighbour.nodes.split('.').slice(0, 2).join('.')}.${Number(neighbour.nodes.split('.')[2]) + 1}.9`;
  const taken = [theirs.spec?.clusterIP ?? '', `${neighbour.pods}.77`, unused, '10.97.0.9', '10.0.0.1', '10.0.0.53'];
  const services = greedy.client.resource<Service>(refs.services);
  await services.patch(ctx, { name: 'web', namespace: 'default' }, 'merge', {
    spec: { externalIPs: [given, ...taken] },
  });
  await eventually(() => ask(carried(given), 8080)).toBe('mine');
  expect(await ask(clusterIp(theirs), 8080)).toBe('secret');
  for (const address of [`${neighbour.pods}.77`, unused, '10.97.0.9'])
    expect(await ask(carried(address), 8080)).toBe('refused');
  expect(await ask(clusterIp(own), 8080)).toBe('mine');
  const events = greedy.client.resource<CoreEvent>(refs.events);
  const told = async () => (await events.list(ctx, { namespace: 'default' })).items.map(({ reason }) => reason);
  await eventually(told).toContain('AddressNotCarried');
});

test('what a cluster had open is closed when it is deleted', async () => {
  const doomed = await lab('doomed');
  await startPod(`${doomed.pods}.5`, 'doomed');
  const service = await expose(doomed, `${doomed.pods}.5`);
  await eventually(() => ask(clusterIp(service), 8080)).toBe('doomed');
  await server.raw.call('/clusters/doomed', { method: 'DELETE' });
  await eventually(() => ask(clusterIp(service), 8080)).toBe('refused');
});
