import { once } from 'node:events';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
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
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';
import { optionSpecs } from './options.js';
import { runMachine } from './run-machine.js';

const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
const port = 30_000 + Math.floor(Math.random() * 10_000);
/** As the control plane's own kubelet has them. */
const NODE_GROUPS = ['system:nodes', 'binnacle:control-plane-nodes'];
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
  const client = createKubeClient(await server.configFor('system:node:cp', NODE_GROUPS));
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
  const pair = await server.authority.issue({
    commonName: 'system:node:cp',
    organizations: NODE_GROUPS,
    hosts: ['127.0.0.1'],
  });
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
    status: { nodeInfo: { kubeletVersion: expect.stringMatching(/^v1\.36\./), kubeProxyVersion: '' } },
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

describe('nothing of the API runs as a process of the machine', () => {
  const forged = { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.hash': 'abc' };
  const touch = () => ['touch', file('owned')];
  const created = (name: string, annotations: Record<string, string>, spec: object = {}) => {
    const exec = { exec: { command: touch() } };
    const lifecycle = { postStart: exec, preStop: exec };
    const containers = [{ name: 'main', image: 'busybox', command: touch(), lifecycle, startupProbe: exec }];
    const whole = { nodeName: 'cp', hostNetwork: true, containers, ...spec };
    return pods.create(ctx, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', annotations },
      spec: whole,
    });
  };
  const found = (name: string) => ignoreNotFound(pods.get(ctx, { namespace: 'default', name }));
  const rejected = { phase: 'Failed', reason: 'StaticPodsOnly' };

  test.each([
    ['plain', {}],
    ['says-file', forged],
    ['says-file-of-ours', { ...forged, 'binnacle.dev/manifest': 'web.yaml' }],
  ])('a Pod that is %s is rejected, and goes when it is deleted', async (name, annotations) => {
    await created(name, annotations);
    await poll(async () => (await found(name))?.status).toMatchObject(rejected);
    await pods.delete(ctx, { namespace: 'default', name });
    await poll(() => found(name)).toBeUndefined();
  });

  test('nor one that is bound later', async () => {
    await created('bound', forged, { nodeName: undefined });
    const target = { apiVersion: 'v1', kind: 'Node', name: 'cp' };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'bound', namespace: 'default' }, target };
    await pods.createSubresource(ctx, { namespace: 'default', name: 'bound' }, 'binding', binding);
    await poll(async () => (await found('bound'))?.status).toMatchObject(rejected);
  });

  test('nor one with the name and hash of a static Pod', async () => {
    await poll(async () => (await mirror())?.status?.phase).toBe('Running');
    const hash = (await mirror())?.metadata.annotations?.['kubernetes.io/config.hash'] ?? '';
    await created('web-cp', { ...forged, 'kubernetes.io/config.hash': hash });
    await poll(async () => (await found('web-cp'))?.status).toMatchObject(rejected);
  });

  test('a mirror Pod that nobody asked for goes, and is never run', async () => {
    await created('forged', { ...forged, 'kubernetes.io/config.mirror': 'abc' });
    await poll(() => found('forged')).toBeUndefined();
  });

  test('a mirror Pod drives nothing: neither its image nor its status', async () => {
    await poll(async () => (await mirror())?.status?.phase).toBe('Running');
    const name = { namespace: 'kube-system', name: 'web-cp' };
    const before = (await mirror())?.status?.containerStatuses?.[0]?.containerID;
    await pods.patch(ctx, name, 'strategic', { spec: { containers: [{ name: 'web', image: 'other:2' }] } });
    await pods.patch(ctx, name, 'merge', { status: { phase: 'Failed', containerStatuses: [] } }, 'status');
    await manifest('exec sleep 302');
    await poll(async () => (await mirror())?.spec?.containers[0]).toMatchObject({
      image: 'binnacle.dev/web:1',
      command: ['sh', '-c', 'exec sleep 302'],
    });
    // The new mirror may first tell of the container that is just being ended.
    const isNewAndReady = (status: { ready?: boolean; containerID?: string } | undefined) =>
      status?.ready === true && status.containerID !== before;
    await poll(async () => isNewAndReady((await mirror())?.status?.containerStatuses?.[0])).toBe(true);
  });

  const identity = () => server.authority.issue({ commonName: 'admin', organizations: ['system:masters'] });
  const place = () => `kube-system/web-cp/web?output=1&command=touch&command=${file('owned')}`;

  test.each([
    ['run', 404],
    ['cri/exec', 404],
    ['debug/pprof/', 404],
    ['exec', 400],
    ['attach', 400],
  ])('nothing is run by asking for /%s: %i', async (path, status) => {
    const { certificate: cert, key } = await identity();
    const asked = (method: string, pair?: object) =>
      new Promise((resolve, reject) => {
        const options = {
          host: '127.0.0.1',
          port,
          path: `/${path}/${place()}`,
          method,
          rejectUnauthorized: false,
          ...pair,
        };
        request(options, (response) => resolve(response.resume().statusCode))
          .once('error', reject)
          .end();
      });
    for (const method of ['GET', 'POST']) expect(await asked(method)).toBe(401);
    expect([status, 405]).toContain(await asked('POST', { cert, key }));
    expect(await asked('GET', { cert, key })).toBe(status);
  });

  test.each([
    ['exec', 'a process of this machine runs no other commands than its manifest says'],
    ['attach', 'nobody can attach to a process of this machine'],
  ])('nor over a stream by /%s, not even for an administrator', async (path, why) => {
    const { certificate: cert, key } = await identity();
    const url = `wss://127.0.0.1:${port}/${path}/${place()}`;
    const refused = new WebSocket(url, 'v5.channel.k8s.io', { rejectUnauthorized: false });
    await expect(once(refused, 'open')).rejects.toThrow('401');
    const socket = new WebSocket(url, 'v5.channel.k8s.io', { rejectUnauthorized: false, cert, key });
    const [message] = (await once(socket, 'message')) as [Buffer];
    expect([message[0], message.toString('utf8', 1)]).toEqual([3, expect.stringContaining(why)]);
    await once(socket, 'close');
  });

  test('and indeed nothing did', async () => {
    await expect(access(file('owned'))).rejects.toThrow('ENOENT');
  });
});

test('a Pod without manifest goes', async () => {
  await rm(file('manifests/web.yaml'));
  await poll(mirror).toBeUndefined();
});
