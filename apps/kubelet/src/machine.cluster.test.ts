import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Event, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type ResourceClient } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { readOptions } from '@binnacle/process-config';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { optionSpecs } from './options.js';
import { runMachine } from './run-machine.js';

const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
const port = 30_000 + Math.floor(Math.random() * 10_000);
let abort = new AbortController();
let directory = '';
let server: TestApiServer;
let running: Promise<void> = Promise.resolve();
let pods: ResourceClient<Pod>;

const file = (name: string) => join(directory, name);
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 30 });
const mirror = () => ignoreNotFound(pods.get(ctx, { namespace: 'kube-system', name: 'web-cp' }));

async function manifest(script: string): Promise<void> {
  const container = {
    name: 'web',
    image: 'binnacle.dev/web:1',
    imagePullPolicy: 'Never',
    command: ['sh', '-c', script],
  };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'kube-system', labels: { tier: 'control-plane' } },
    spec: { hostNetwork: true, terminationGracePeriodSeconds: 2, containers: [container] },
  };
  await writeFile(file('manifests/web.yaml'), JSON.stringify(pod));
}

async function start(): Promise<void> {
  const given = {
    kubeconfig: 'unused',
    'node-name': 'cp',
    'root-dir': directory,
    'pod-manifest-path': file('manifests'),
    'cert-file': file('kubelet.crt'),
    'key-file': file('kubelet.key'),
    'client-ca-file': file('ca.crt'),
    port,
  };
  const argv = Object.entries(given).map(([name, value]) => `--${name}=${value}`);
  const flags = readOptions(optionSpecs, [...argv, '--stop-pods-on-exit'], {});
  const client = createKubeClient(await server.configFor('system:node:cp', ['system:nodes', 'system:masters']));
  abort = new AbortController();
  running = runMachine({ ...ctx, signal: abort.signal }, client, flags, '/usr/bin:/bin');
}

async function stop(): Promise<void> {
  abort.abort(new Error('stop'));
  await running;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-machine-'));
  await mkdir(file('manifests'));
  server = await startTestApiServer();
  const pair = await server.authority.issue({ commonName: 'kubelet', hosts: ['127.0.0.1'] });
  await writeFile(file('kubelet.crt'), pair.certificate);
  await writeFile(file('kubelet.key'), pair.key);
  await writeFile(file('ca.crt'), server.authority.certificate);
  pods = server.client.resource<Pod>(refs.pods);
  await manifest('exec sleep 300');
  await start();
});

afterAll(async () => {
  await stop();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

test('the machine is a node of the control plane', async () => {
  const nodes = server.client.resource<Node>(refs.nodes);
  const node = () => ignoreNotFound(nodes.get(ctx, { name: 'cp' }));
  await poll(async () => (await node())?.status?.conditions?.find(({ type }) => type === 'Ready')?.status).toBe('True');
  expect(await node()).toMatchObject({
    metadata: { labels: { 'node-role.kubernetes.io/control-plane': '' } },
    spec: { taints: expect.arrayContaining([{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]) },
    status: { nodeInfo: { kubeletVersion: expect.stringMatching(/^v1\.36\./) } },
  });
  const leases = server.client.resource<Lease>(refs.leases);
  await poll(() => ignoreNotFound(leases.get(ctx, { namespace: 'kube-node-lease', name: 'cp' }))).toBeDefined();
  const events = async () => (await server.client.resource<Event>(refs.events).list(ctx)).items;
  await poll(async () =>
    (await events()).filter(({ involvedObject: { kind } }) => kind === 'Node').map(({ reason }) => reason),
  ).toEqual(expect.arrayContaining(['Starting']));
});

test('a node that somebody deletes registers again', async () => {
  const nodes = server.client.resource<Node>(refs.nodes);
  const { uid } = (await nodes.get(ctx, { name: 'cp' })).metadata;
  await nodes.delete(ctx, { name: 'cp' });
  const again = async () => {
    const node = await ignoreNotFound(nodes.get(ctx, { name: 'cp' }));
    const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
    return node && node.metadata.uid !== uid && ready;
  };
  await poll(again).toBe('True');
});

test('its static Pods are shown by mirror Pods', async () => {
  await poll(async () => (await mirror())?.status?.phase).toBe('Running');
  const pod = await mirror();
  expect(pod?.metadata).toMatchObject({
    labels: { tier: 'control-plane' },
    annotations: { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.mirror': expect.any(String) },
    ownerReferences: [{ kind: 'Node', name: 'cp', controller: true }],
  });
  expect(pod?.status).toMatchObject({ podIP: '127.0.0.1', containerStatuses: [{ ready: true, restartCount: 0 }] });
});

test('a mirror Pod that somebody deletes comes back, and nothing is restarted', async () => {
  const before = await mirror();
  await pods.delete(ctx, { namespace: 'kube-system', name: 'web-cp' });
  await poll(
    async () => (await mirror())?.metadata.uid !== before?.metadata.uid && (await mirror())?.status?.phase,
  ).toBe('Running');
  const after = (await mirror())?.status?.containerStatuses?.[0];
  expect(after?.containerID).toBe(before?.status?.containerStatuses?.[0]?.containerID);
});

test('a changed manifest makes another Pod and another mirror', async () => {
  const before = await mirror();
  await manifest('exec sleep 301');
  await poll(async () => (await mirror())?.spec?.containers[0]?.command?.[2]).toBe('exec sleep 301');
  await poll(async () => (await mirror())?.status?.phase).toBe('Running');
  expect((await mirror())?.metadata.uid).not.toBe(before?.metadata.uid);
});

test('after an orderly stop the same Pods run again', async () => {
  const before = await mirror();
  await stop();
  await start();
  const container = async () => (await mirror())?.status?.containerStatuses?.[0];
  await poll(async () => (await container())?.containerID !== before?.status?.containerStatuses?.[0]?.containerID).toBe(
    true,
  );
  await poll(mirror).toMatchObject({
    status: { phase: 'Running', containerStatuses: [{ ready: true, state: { running: {} } }] },
  });
});

test('a Pod from the API never runs as a process of the machine', async () => {
  const containers = [{ name: 'main', image: 'busybox', command: ['touch', file('escaped')] }];
  const spec = { nodeName: 'cp', hostNetwork: true, containers };
  await pods.create(ctx, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'intruder', namespace: 'default' }, spec });
  const intruder = async () => (await pods.get(ctx, { namespace: 'default', name: 'intruder' })).status;
  await poll(intruder).toMatchObject({ phase: 'Failed', reason: 'StaticPodsOnly' });
});

test('a Pod without manifest goes', async () => {
  await rm(file('manifests/web.yaml'));
  await poll(mirror).toBeUndefined();
});
