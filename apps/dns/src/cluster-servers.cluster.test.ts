import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { ConfigMap, Event, Namespace, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters } from '@binnacle/client-clusters';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { wireAddress } from '@binnacle/machinery-wire';
import { AnswerCache, ClientBounds, dnsAddress, type SharedForwarding, WaitingBounds } from '@binnacle/network-dns';
import { ExactListeners, systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import dnsPacket, { type Answer } from 'dns-packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ClusterServers } from './cluster-servers.js';

/** People are those of the cluster `root`, whom the API server follows. */
const KEPT_AWAKE = ['main', 'root'];
const privileged = process.getuid?.() === 0;
const abort = new AbortController();
const ctx: Context = { clock: systemClock, logger: silentLogger, signal: abort.signal };
let server: TestApiServer;
let dns: KubeClient;
let servers: ClusterServers;
let running: Promise<void>;

interface Lab {
  readonly client: KubeClient;
  readonly serviceCidr: string;
}

beforeAll(async () => {
  server = await startTestApiServer();
  dns = createKubeClient(await server.configFor('system:kube-dns'));
  const bounds = new ClientBounds(systemClock, { questionsPerSecond: 10_000, connections: 10 });
  const observer = { answered: () => undefined };
  const sockets = new ExactListeners(systemClock);
  const forwarding: SharedForwarding = {
    upstreams: [],
    opened: ['127.0.0.0/30'],
    cache: new AnswerCache(systemClock, { mostBytes: 1_000_000, longestSeconds: 30 }),
    bounds: new WaitingBounds({ perClient: 10, inAll: 100 }),
    isHeld: ({ host, port }) => sockets.has('udp', host, port),
  };
  const shared = { ttl: 30, privileged, bounds, observer, source: { component: 'kube-dns' }, forwarding };
  servers = new ClusterServers({ shared, main: { podCidr: '10.244.0.0/16', serviceCidr: '10.96.0.0/16' } });
  running = new Clusters(dns, { idleAfter: 1_500, lookFor: 1_000 }).run(ctx, servers.settle);
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await running;
  await dns.close();
  await server.close();
});

const eventually = (probe: () => unknown) => expect.poll(probe, { interval: 20, timeout: 20_000 });
const KUBE_DNS = { namespace: 'kube-system', name: 'kube-dns' };
const servicesOf = ({ client }: Lab) => client.resource<Service>(refs.services);
const addressOf = async (lab: Lab) =>
  (
    await servicesOf(lab)
      .get(ctx, KUBE_DNS)
      .catch(() => undefined)
  )?.spec?.clusterIP;

async function lab(name: string): Promise<Lab> {
  const { json } = await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name } } });
  return { client: server.client.inCluster(name), serviceCidr: json.spec.serviceCIDR };
}

async function addNode({ client }: Lab): Promise<void> {
  await client
    .resource<Node>(refs.nodes)
    .create(ctx, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1' } });
}

const expose = async (lab: Lab, name: string, spec: Service['spec'] = {}, namespace = 'default') =>
  await servicesOf(lab).create(ctx, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { ports: [{ name: 'http', port: 80 }], ...spec },
  });

async function ask(at: string, name: string): Promise<string[] | string> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  const { host, port } = wireAddress(at, 53, privileged);
  resolver.setServers([`${host}:${port}`]);
  return await resolver.resolve4(name).catch((error: { code: string }) => error.code);
}
const web = 'web.default.svc.cluster.local';

test('each cluster with nodes has a DNS of its own at its tenth address, which answers while it rests', async () => {
  const [one, two] = [await lab('one'), await lab('two')];
  for (const each of [one, two]) await addNode(each);
  const [first, second] = [await expose(one, 'web'), await expose(two, 'web')];
  const [a, b] = [dnsAddress(one.serviceCidr), dnsAddress(two.serviceCidr)];
  await eventually(() => ask(a, web)).toEqual([first.spec?.clusterIP]);
  await eventually(() => ask(b, web)).toEqual([second.spec?.clusterIP]);
  expect(await addressOf(one)).toBe(a);
  const watched = () => server.storage.watched?.() ?? [];
  await eventually(() => watched().filter((name) => !KEPT_AWAKE.includes(name))).toEqual([]);
  expect(await ask(a, web)).toEqual([first.spec?.clusterIP]);
  const other = await expose(one, 'other');
  await eventually(() => ask(a, 'other.default.svc.cluster.local')).toEqual([other.spec?.clusterIP]);
});

test('one without nodes has none', async () => {
  const [empty, full] = [await lab('empty'), await lab('full')];
  await addNode(full);
  await eventually(() => addressOf(full)).toBeDefined();
  expect(await addressOf(empty)).toBeUndefined();
});

test('what is behind a headless Service is followed, whoever writes it', async () => {
  const own = await lab('headless');
  await addNode(own);
  await own.client
    .resource<Namespace>(refs.namespaces)
    .create(ctx, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await expose(own, 'direct', { clusterIP: 'None' }, 'shop');
  const slices = own.client.resource<EndpointSlice>(refs.endpointslices);
  const slice = await slices.create(ctx, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'direct-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'direct' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.244.0.1'], hostname: 'a' }],
  });
  const at = dnsAddress(own.serviceCidr);
  await eventually(() => ask(at, 'a.direct.shop.svc.cluster.local')).toEqual(['10.244.0.1']);
  await slices.update(ctx, { ...slice, endpoints: [{ addresses: ['10.244.0.2'], hostname: 'b' }] });
  await eventually(() => ask(at, 'a.direct.shop.svc.cluster.local')).toBe('ENOTFOUND');
  expect(await ask(at, 'direct.shop.svc.cluster.local')).toEqual(['10.244.0.2']);
});

test('its Service comes back when somebody deletes it, and is left alone where it is somebody else’s', async () => {
  const own = await lab('own');
  await addNode(own);
  const at = dnsAddress(own.serviceCidr);
  await eventually(() => ask(at, web)).toBe('ENOTFOUND');
  const uid = async () =>
    (
      await servicesOf(own)
        .get(ctx, KUBE_DNS)
        .catch(() => undefined)
    )?.metadata.uid;
  const first = await uid();
  await servicesOf(own).delete(ctx, KUBE_DNS);
  await eventually(async () => [undefined, first].includes(await uid())).toBe(false);
  await eventually(() => ask(at, web)).toBe('ENOTFOUND');
  const made = await servicesOf(own).get(ctx, KUBE_DNS);
  await servicesOf(own).update(ctx, { ...made, metadata: { ...made.metadata, labels: { 'k8s-app': 'kube-dns' } } });
  await eventually(() => ask(at, web)).toBe('ECONNREFUSED');
});

test('where its address is taken it has another', async () => {
  const crowded = await lab('crowded');
  await expose(crowded, 'squatter', { clusterIP: dnsAddress(crowded.serviceCidr) });
  await addNode(crowded);
  await eventually(() => addressOf(crowded)).toBeDefined();
  const at = await addressOf(crowded);
  expect(at).not.toBe(dnsAddress(crowded.serviceCidr));
  await eventually(() => ask(at ?? '', 'squatter.default.svc.cluster.local')).toEqual([
    dnsAddress(crowded.serviceCidr),
  ]);
});

test('a fork answers at an address of its own, not at that of its source', async () => {
  const source = await lab('source');
  await addNode(source);
  await eventually(() => addressOf(source)).toBe(dnsAddress(source.serviceCidr));
  const revision = (await server.raw.call('/clusters')).json.items.find(
    ({ metadata }: { metadata: { name: string } }) => metadata.name === 'source',
  ).metadata.resourceVersion;
  const body = { metadata: { name: 'forked' }, spec: { source: { cluster: 'source', resourceVersion: revision } } };
  const { json } = await server.raw.call('/clusters', { method: 'POST', body });
  const forked = { client: server.client.inCluster('forked'), serviceCidr: json.spec.serviceCIDR };
  expect(await addressOf(forked)).toBe(dnsAddress(source.serviceCidr));
  await addNode(forked);
  await eventually(() => addressOf(forked)).toBe(dnsAddress(forked.serviceCidr));
  await eventually(() => ask(dnsAddress(forked.serviceCidr), web)).toBe('ENOTFOUND');
});

describe('names beside the cluster’s', () => {
  let own: Lab;
  let at: string;
  let port = 0;
  const answer = (bytes: Buffer) => {
    const { id, questions = [] } = dnsPacket.decode(bytes);
    const answers: Answer[] = [{ name: questions[0]?.name ?? '', type: 'A', ttl: 0, data: '192.0.2.1' }];
    return dnsPacket.encode({ type: 'response', id, questions, answers });
  };
  const upstream = createSocket('udp4').on('message', (bytes, from) =>
    upstream.send(answer(bytes), from.port, from.address),
  );
  const configs = () => own.client.resource<ConfigMap>(refs.configmaps);
  const say = async (data: Record<string, string>) => {
    const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: KUBE_DNS, data };
    const known = await configs()
      .get(ctx, KUBE_DNS)
      .catch(() => undefined);
    if (known) await configs().update(ctx, { ...config, metadata: known.metadata });
    else await configs().create(ctx, config);
  };

  beforeAll(async () => {
    upstream.bind({ address: '127.0.0.1', port: 0 });
    await once(upstream, 'listening');
    port = upstream.address().port;
    own = await lab('forwarding');
    await addNode(own);
    at = dnsAddress(own.serviceCidr);
  });
  afterAll(() => void upstream.close());

  test('are not asked on where nobody says whom to ask', async () => {
    await eventually(() => ask(at, 'example.com')).toBe('ENOTFOUND');
  });

  test('are, as the ConfigMap says, as soon as it says so', async () => {
    await say({ stubDomains: `{"acme.test": ["127.0.0.1:${port}"]}` });
    await eventually(() => ask(at, 'a.acme.test')).toEqual(['192.0.2.1']);
    expect(await ask(at, 'example.com')).toBe('ENOTFOUND');
    await say({ upstreamNameservers: `["127.0.0.1:${port}"]` });
    await eventually(() => ask(at, 'example.com')).toEqual(['192.0.2.1']);
    await expose(own, 'away', { type: 'ExternalName', externalName: 'example.com', ports: undefined });
    await eventually(() => ask(at, 'away.default.svc.cluster.local')).toEqual(['192.0.2.1']);
  });

  test('go on as before where it cannot be understood, which an Event tells', async () => {
    await say({ upstreamNameservers: 'nonsense' });
    const events = own.client.resource<Event>(refs.events);
    const reasons = async () =>
      (await events.list(ctx, { namespace: 'kube-system' })).items.map(({ reason }) => reason);
    await eventually(reasons).toContain('BadConfig');
    expect(await ask(at, 'example.com')).toEqual(['192.0.2.1']);
    await say({ upstreamNameservers: '["169.254.169.254"]' });
    await eventually(reasons).toContain('ServerNotOpened');
    expect(await ask(at, 'example.com')).toBe('ESERVFAIL');
  });

  test('are not any more where it is gone', async () => {
    await configs().delete(ctx, KUBE_DNS);
    await eventually(() => ask(at, 'example.com')).toBe('ENOTFOUND');
  });
});

test('what a cluster had open is closed when it is deleted', async () => {
  const doomed = await lab('doomed');
  await addNode(doomed);
  const at = dnsAddress(doomed.serviceCidr);
  await eventually(() => ask(at, web)).toBe('ENOTFOUND');
  await server.raw.call('/clusters/doomed', { method: 'DELETE' });
  await eventually(() => ask(at, web)).toBe('ECONNREFUSED');
});
