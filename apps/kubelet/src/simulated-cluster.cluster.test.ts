import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_NODE_AGENT } from '@binnacle/apis-kubernetes/well-known';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type KubeClient } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { wireAddress } from '@binnacle/machinery-wire';
import { readOptions } from '@binnacle/process-config';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { optionSpecs } from './options.js';
import { runSimulated } from './run-simulated.js';

const abort = new AbortController();
const ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
const IDLE_SECONDS = 2;
let server: TestApiServer;
let directory: string;
let agent: KubeClient;
let running: Promise<void>;
const networks = new Map<string, string>();

beforeAll(async () => {
  server = await startTestApiServer();
  directory = await mkdtemp(join(tmpdir(), 'binnacle-clusters-'));
  await mkdir(join(directory, 'nodes'));
  const { certificate, key } = await server.authority.issue({
    commonName: 'system:node-agent:kubelet-sim',
    organizations: ['system:nodes'],
    hosts: ['127.0.0.1'],
  });
  const files = { 'kubelet.crt': certificate, 'kubelet.key': key, 'ca.crt': server.authority.certificate };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const flags = {
    kubeconfig: 'unused',
    runtime: 'sim',
    'root-dir': directory,
    'simulated-nodes-dir': join(directory, 'nodes'),
    'cert-file': join(directory, 'kubelet.crt'),
    'key-file': join(directory, 'kubelet.key'),
    'client-ca-file': join(directory, 'ca.crt'),
    'cluster-idle-after': IDLE_SECONDS,
    port: 20_000 + Math.floor(Math.random() * 10_000),
  };
  const argv = Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
  agent = createKubeClient(await server.configFor('system:node-agent:kubelet-sim', ['system:nodes']));
  running = runSimulated(ctx, agent, readOptions(optionSpecs, argv, {}));
});
afterAll(async () => {
  abort.abort(new Error('over'));
  await running;
  await agent.close();
  await server.close();
  await rm(directory, { recursive: true });
});

const eventually = (probe: () => unknown, timeout = 30_000) => expect.poll(probe, { interval: 25, timeout });
const base = (cidr: string) => cidr.split('.').slice(0, 3).join('.');

/** Makes a cluster with one simulated node, as `binnacle cluster create --nodes 1` and the controllers do. */
async function cluster(name: string, podCidr?: string): Promise<KubeClient> {
  const { status, json } = await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name } } });
  expect(status).toBe(201);
  networks.set(name, json.spec.podCIDR);
  const client = server.client.inCluster(name);
  await client.resource<Node>(refs.nodes).create(ctx, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'worker-1', labels: { [LABEL_NODE_AGENT]: 'kubelet-sim' } },
    spec: { providerID: 'simulated://kubelet-sim/worker-1', podCIDR: podCidr ?? `${base(json.spec.podCIDR)}.0/24` },
  });
  return client;
}

const pods = (client: KubeClient) => client.resource<Pod>(refs.pods);

async function run(client: KubeClient, name: string): Promise<Pod> {
  const place = { name, namespace: 'default' };
  const spec = { nodeName: 'worker-1', containers: [{ name: 'c', image: 'nginx', ports: [{ containerPort: 8080 }] }] };
  await pods(client).create(ctx, { apiVersion: 'v1', kind: 'Pod', metadata: place, spec });
  const phase = async () => (await pods(client).get(ctx, place)).status?.phase;
  await eventually(phase).toBe('Running');
  return pods(client).get(ctx, place);
}

const fetchPod = (pod: Pod) => {
  const real = wireAddress(pod.status?.podIP ?? '', 80, process.getuid?.() === 0);
  return fetch(`http://${real.host}:${real.port}/`).then(({ status }) => status);
};
const isWatched = (name: string) => (server.storage.watched?.() ?? []).includes(name);
const lease = async (client: KubeClient) =>
  (await client.resource<Lease>(refs.leases).get(ctx, { name: 'worker-1', namespace: 'kube-node-lease' })).spec
    ?.renewTime;

test('one agent carries nodes of several clusters, whose Pods have addresses of their own', async () => {
  const [one, two] = [await cluster('one'), await cluster('two')];
  const [first, second] = [await run(one, 'web'), await run(two, 'web')];
  expect(base(first.status?.podIP ?? '')).toBe(base(networks.get('one') ?? ''));
  expect(base(second.status?.podIP ?? '')).toBe(base(networks.get('two') ?? ''));
  expect([await fetchPod(first), await fetchPod(second)]).toEqual([200, 200]);
  const node = await one.resource<Node>(refs.nodes).get(ctx, { name: 'worker-1' });
  expect(node.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  const log = await one.raw(ctx, 'GET', '/api/v1/namespaces/default/pods/web/log');
  expect(log).toMatchObject({ status: 200 });
});

test('logs of one cluster are not read through another whose Node says it is where the first one has its own', async () => {
  const owner = await cluster('owner');
  await run(owner, 'web');
  const { status } = await owner.resource<Node>(refs.nodes).get(ctx, { name: 'worker-1' });
  await cluster('spy');
  const pod = { metadata: { name: 'web' }, spec: { nodeName: 'thief', containers: [{ name: 'c', image: 'nginx' }] } };
  for (const root of ['/clusters/spy/api/v1', '/api/v1']) {
    const node = { metadata: { name: 'thief' }, status };
    expect((await server.raw.call(`${root}/nodes`, { method: 'POST', body: node })).status).toBe(201);
    expect((await server.raw.call(`${root}/namespaces/default/pods`, { method: 'POST', body: pod })).status).toBe(201);
    const { json } = await server.raw.call(`${root}/namespaces/default/pods/web/log`);
    expect(json).toMatchObject({ code: 403, message: expect.stringContaining('none of its cluster') });
  }
  expect((await server.raw.call('/clusters/owner/api/v1/namespaces/default/pods/web/log')).status).toBe(200);
});

test('while a cluster rests nothing is asked of the API server, what runs there runs on, and it wakes where it was', async () => {
  const client = await cluster('resting');
  const pod = await run(client, 'web');
  await eventually(() => isWatched('resting')).toBe(false);
  const [renewed, revision] = [await lease(client), await server.storage.revision(ctx, 'resting')];
  expect(await fetchPod(pod)).toBe(200);
  await run(client, 'second');
  const after = await pods(client).get(ctx, { name: 'web', namespace: 'default' });
  expect(after.status?.containerStatuses).toMatchObject([{ restartCount: 0, ready: true }]);
  expect(after.status?.podIP).toBe(pod.status?.podIP);
  await eventually(() => lease(client)).not.toBe(renewed);
  expect(await server.storage.revision(ctx, 'resting')).toBeGreaterThan(revision);
});

test('a Pod that is deleted while the cluster rests is stopped', async () => {
  const client = await cluster('stopping');
  const pod = await run(client, 'web');
  await eventually(() => isWatched('stopping')).toBe(false);
  await pods(client).delete(ctx, { name: 'web', namespace: 'default' }, { gracePeriodSeconds: 1 });
  const found = () => ignoreNotFound(pods(client).get(ctx, { name: 'web', namespace: 'default' }));
  await eventually(found).toBeUndefined();
  await expect(fetchPod(pod)).rejects.toThrow();
});

test('a node whose object is deleted is no more, and a cluster that is deleted runs nothing any more', async () => {
  const client = await cluster('ending');
  const pod = await run(client, 'web');
  await client.resource<Node>(refs.nodes).delete(ctx, { name: 'worker-1' });
  await eventually(() => fetchPod(pod).catch(() => 'gone')).toBe('gone');
  expect((await client.resource<Node>(refs.nodes).list(ctx)).items).toEqual([]);
  const other = await run(await cluster('deleted'), 'web');
  await server.raw.call('/clusters/deleted', { method: 'DELETE' });
  await eventually(() => fetchPod(other).catch(() => 'gone')).toBe('gone');
});

test('a node with a Pod network of another cluster runs nothing', async () => {
  const client = await cluster('grabbing', networks.get('one'));
  const ready = async () => {
    const { status } = await client.resource<Node>(refs.nodes).get(ctx, { name: 'worker-1' });
    return status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  };
  await eventually(ready).toBe('False');
});

test('an agent sees the nodes that were made for it, and no others', async () => {
  const lab = agent.inCluster('one').resource<Node>(refs.nodes);
  const labelSelector = `${LABEL_NODE_AGENT}=kubelet-sim`;
  expect((await lab.list(ctx, { labelSelector })).items).toHaveLength(1);
  await expect(lab.list(ctx)).rejects.toMatchObject({ code: 403 });
  await expect(lab.list(ctx, { labelSelector: `${LABEL_NODE_AGENT}=other` })).rejects.toMatchObject({ code: 403 });
});
