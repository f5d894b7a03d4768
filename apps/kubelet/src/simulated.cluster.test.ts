import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Event, Node, Pod, Secret, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createKubeClient, type ResourceClient } from '@binnacle/client-rest';
import { silentLogger } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import { wireAddress } from '@binnacle/machinery-wire';
import { readOptions } from '@binnacle/process-config';
import { systemClock } from '@binnacle/process-lifecycle';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { optionSpecs } from './options.js';
import { runSimulated } from './run-simulated.js';

const octet = 201 + 2 * Math.floor(Math.random() * 25);
const third = 4 * Math.floor(Math.random() * 50);
const address = `127.${octet}.255.11`;
const port = 20_000 + Math.floor(Math.random() * 10_000);
const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
let directory = '';
let server: TestApiServer;
let abort = new AbortController();
let running: Promise<void> = Promise.resolve();
let pods: ResourceClient<Pod>;
let nodes: ResourceClient<Node>;

const file = (name: string) => join(directory, name);

async function node(state: 'running' | 'stopped'): Promise<void> {
  const content = { name: 'worker-1', state, cpu: '4', memory: '8Gi', pods: 600, address, labels: { zone: 'a' } };
  await writeFile(file('nodes/worker-1.json'), JSON.stringify(content));
}

async function startAgent(): Promise<void> {
  const config = await server.configFor('system:node-agent:kubelet-sim', ['system:nodes']);
  const argv = {
    kubeconfig: 'unused',
    runtime: 'sim',
    'root-dir': directory,
    'simulated-nodes-dir': file('nodes'),
    'cert-file': file('kubelet.crt'),
    'key-file': file('kubelet.key'),
    'client-ca-file': file('ca.crt'),
    port,
  };
  const flags = readOptions(
    optionSpecs,
    Object.entries(argv).map(([name, value]) => `--${name}=${value}`),
    {},
  );
  abort = new AbortController();
  running = runSimulated({ ...ctx, signal: abort.signal }, createKubeClient(config), flags);
}

async function stopAgent(): Promise<void> {
  abort.abort(new Error('stop'));
  await running;
}

const poll = <T>(read: () => T, timeout = 15_000) => expect.poll(read, { timeout, interval: 20 });
const get = (name: string) => ignoreNotFound(pods.get(ctx, { namespace: 'default', name }));
const condition = (
  object: { status?: { conditions?: ReadonlyArray<{ type: string; status: string }> } } | undefined,
  type: string,
) => object?.status?.conditions?.find((each) => each.type === type)?.status;
const podIsReady = async (name: string) => condition(await get(name), 'Ready');
const nodeIsReady = async () => condition(await ignoreNotFound(nodes.get(ctx, { name: 'worker-1' })), 'Ready');

async function create(name: string, spec: Partial<NonNullable<Pod['spec']>>): Promise<Pod> {
  const body: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName: 'worker-1', terminationGracePeriodSeconds: 2, ...spec, containers: spec.containers ?? [] },
  };
  return await pods.create(ctx, body);
}

async function reasons(name: string): Promise<string[]> {
  const events = await server.client.resource<Event>(refs.events).list(ctx, { namespace: 'default' });
  return events.items.filter(({ involvedObject }) => involvedObject.name === name).map(({ reason }) => reason ?? '');
}

async function fetchPod(ip: string | undefined, podPort: number) {
  const real = wireAddress(ip ?? '', podPort, process.getuid?.() === 0);
  return await (await fetch(`http://${real.host}:${real.port}/`)).json();
}

async function kubeletGet(path: string): Promise<{ status: number; body: string }> {
  const { cert, key } = server.admin;
  return await new Promise((resolve, reject) => {
    const outgoing = request({ host: address, port, path, cert, key, rejectUnauthorized: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    outgoing.on('error', reject).end();
  });
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-kubelet-'));
  await mkdir(file('nodes'));
  server = await startTestApiServer();
  const pair = await server.authority.issue({
    commonName: 'kubelet',
    organizations: ['system:nodes'],
    hosts: [address],
  });
  await writeFile(file('kubelet.crt'), pair.certificate);
  await writeFile(file('kubelet.key'), pair.key);
  await writeFile(file('ca.crt'), server.authority.certificate);
  pods = server.client.resource<Pod>(refs.pods);
  nodes = server.client.resource<Node>(refs.nodes);
  await node('running');
  await startAgent();
  // Without a Pod network no Pod can run, and the node says so.
  await vi.waitFor(async () => expect(await nodeIsReady()).toBe('False'), { timeout: 15_000, interval: 20 });
  await nodes.patch(ctx, { name: 'worker-1' }, 'merge', { spec: { podCIDR: `10.${octet}.${third}.0/22` } });
});

afterAll(async () => {
  await stopAgent();
  await server.close();
  await rm(directory, { recursive: true, force: true });
});

describe('a simulated node', () => {
  test('registers, is ready as soon as it has a Pod network, and renews its lease', async () => {
    await poll(nodeIsReady).toBe('True');
    const registered = await nodes.get(ctx, { name: 'worker-1' });
    expect(registered.metadata.labels).toMatchObject({ zone: 'a', 'kubernetes.io/hostname': 'worker-1' });
    expect(registered.metadata.annotations).toMatchObject({ 'binnacle.dev/wire': 'loopback' });
    expect(registered.status).toMatchObject({
      capacity: { cpu: '4', memory: '8Gi', pods: '600' },
      daemonEndpoints: { kubeletEndpoint: { Port: port } },
    });
    const leases = server.client.resource<Lease>(refs.leases);
    const lease = await leases.get(ctx, { namespace: 'kube-node-lease', name: 'worker-1' });
    expect(lease.spec).toMatchObject({ holderIdentity: 'worker-1', leaseDurationSeconds: 40 });
  });
});

describe('a Pod', () => {
  test('runs in less than a second, answers at its address, logs, and goes when it is deleted', async () => {
    const begin = systemClock.now();
    await create('web', {
      containers: [{ name: 'web', image: 'example.com/web:1', ports: [{ containerPort: 8080 }] }],
    });
    await poll(() => podIsReady('web')).toBe('True');
    expect(systemClock.now() - begin).toBeLessThan(1000);
    const pod = await get('web');
    expect(pod?.status).toMatchObject({ phase: 'Running', hostIP: address, qosClass: 'BestEffort' });
    expect(pod?.status?.containerStatuses?.[0]).toMatchObject({ ready: true, started: true, restartCount: 0 });
    await poll(() => fetchPod(pod?.status?.podIP, 8080)).toMatchObject({ pod: 'web', node: 'worker-1' });
    const log = await kubeletGet('/containerLogs/default/web/web?tailLines=1');
    expect(log).toEqual({ status: 200, body: 'GET /\n' });
    await poll(() => reasons('web')).toEqual(['Pulling', 'Pulled', 'Created', 'Started']);
    await pods.delete(ctx, { namespace: 'default', name: 'web' });
    await poll(() => get('web')).toBeUndefined();
    await expect(fetchPod(pod?.status?.podIP, 8080)).rejects.toThrow();
  });

  test('runs its init containers first, in order, then talks over localhost', async () => {
    const shell = (script: string) => ({ image: 'busybox:1.36', command: ['sh', '-c', script] });
    await create('pair', {
      initContainers: [
        { name: 'one', ...shell('echo one') },
        { name: 'two', ...shell('echo two') },
      ],
      containers: [
        { name: 'server', image: 'example.com/app:1', ports: [{ containerPort: 3000 }] },
        { name: 'client', ...shell('while true; do wget -qO- http://localhost:3000/; sleep 0.1; done') },
      ],
    });
    await poll(() => podIsReady('pair')).toBe('True');
    const status = (await get('pair'))?.status;
    expect(status?.initContainerStatuses?.map(({ state }) => state?.terminated?.reason)).toEqual([
      'Completed',
      'Completed',
    ]);
    await poll(async () => (await kubeletGet('/containerLogs/default/pair/client')).body).toContain(
      '"container":"server"',
    );
    expect((await kubeletGet('/containerLogs/default/pair/two')).body).toBe('two\n');
  });

  test('that ends is done, or failed', async () => {
    const once = (code: number) => ({
      restartPolicy: 'Never',
      containers: [{ name: 'job', image: 'busybox', command: ['sh', '-c', `exit ${code}`] }],
    });
    await create('fine', once(0));
    await create('broken', once(3));
    await poll(async () => (await get('fine'))?.status?.phase).toBe('Succeeded');
    await poll(async () => (await get('broken'))?.status?.phase).toBe('Failed');
    expect((await get('broken'))?.status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({
      exitCode: 3,
      reason: 'Error',
    });
  });

  test('whose image is not there waits for it', async () => {
    await create('lost', { containers: [{ name: 'main', image: 'nginx:1.999' }] });
    await poll(async () => (await get('lost'))?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe(
      'ErrImagePull',
    );
    expect((await get('lost'))?.status?.phase).toBe('Pending');
    await poll(() => reasons('lost')).toEqual(expect.arrayContaining(['Pulling', 'Failed', 'BackOff']));
    await poll(async () => (await get('lost'))?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe(
      'ImagePullBackOff',
    );
  });

  test('that crashes is backed off', async () => {
    await create('crash', { containers: [{ name: 'main', image: 'crash:1' }] });
    await poll(async () => (await get('crash'))?.status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe(
      'CrashLoopBackOff',
    );
    expect((await get('crash'))?.status?.containerStatuses?.[0]).toMatchObject({
      restartCount: 1,
      lastState: { terminated: { exitCode: 1 } },
    });
    const previous = await kubeletGet('/containerLogs/default/crash/main?previous=true');
    expect(previous.body).toContain('something went wrong');
  });

  test('the node has no room for is rejected', async () => {
    await create('large', { containers: [{ name: 'main', image: 'app', resources: { requests: { cpu: '64' } } }] });
    await poll(async () => (await get('large'))?.status).toMatchObject({ phase: 'Failed', reason: 'OutOfcpu' });
  });

  test('is restarted with the same address after the node was off', async () => {
    await create('steady', { containers: [{ name: 'main', image: 'app:1', ports: [{ containerPort: 8080 }] }] });
    await poll(() => podIsReady('steady')).toBe('True');
    const { podIP } = (await get('steady'))?.status ?? {};
    await poll(() => fetchPod(podIP, 8080)).toMatchObject({ pod: 'steady' });
    await node('stopped');
    await poll(() =>
      fetchPod(podIP, 8080).then(
        () => 'up',
        () => 'down',
      ),
    ).toBe('down');
    await node('running');
    await poll(async () => (await get('steady'))?.status?.containerStatuses?.[0]?.restartCount).toBe(1);
    await poll(() => fetchPod(podIP, 8080)).toMatchObject({ pod: 'steady', ip: podIP });
    await poll(() => podIsReady('steady')).toBe('True');
    expect((await get('steady'))?.status?.containerStatuses?.[0]?.lastState?.terminated).toMatchObject({
      exitCode: 255,
      reason: 'Unknown',
    });
  });
});

test('a Pod reads its volumes, which have the modes it asked for', async () => {
  const secrets = server.client.resource<Secret>(refs.secrets);
  const metadata = { name: 'mounted', namespace: 'default' };
  await secrets.create(ctx, { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { key: 'hidden words' } });
  const script =
    'cat /v/key; stat -c %a /v/key; ls /v; ln -s /etc/passwd /scratch/x; cat /scratch/x; cat /one; echo over';
  const volumeMounts = [
    { name: 'v', mountPath: '/v' },
    { name: 'scratch', mountPath: '/scratch' },
    { name: 'v', mountPath: '/one', subPath: 'key' },
  ];
  await create('reader', {
    restartPolicy: 'Never',
    volumes: [
      { name: 'v', secret: { secretName: 'mounted', defaultMode: 0o440 } },
      { name: 'scratch', emptyDir: {} },
    ],
    containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', script], volumeMounts }],
  });
  await poll(async () => (await get('reader'))?.status?.phase).toBe('Succeeded');
  const { body } = await kubeletGet('/containerLogs/default/reader/main');
  expect(body).toMatch(/^hidden words(100)?440\nkey\n/);
  expect(body).toMatch(/hidden wordsover\n/);
  expect(body).not.toContain('root:');
});

test('a Pod that writes more into an emptyDir than it may is evicted', async () => {
  const script = 'for n in 1 2 3; do echo $n > /scratch/$n; done; sleep 600';
  await create('hoarder', {
    volumes: [{ name: 'scratch', emptyDir: { sizeLimit: '4Ki' } }],
    containers: [
      {
        name: 'main',
        image: 'busybox',
        command: ['sh', '-c', script],
        volumeMounts: [{ name: 'scratch', mountPath: '/scratch' }],
      },
    ],
  });
  await poll(async () => (await get('hoarder'))?.status?.phase, 30_000).toBe('Failed');
  const message = 'Usage of EmptyDir volume "scratch" exceeds the limit "4Ki". ';
  expect((await get('hoarder'))?.status).toMatchObject({ reason: 'Evicted', message });
  await poll(() => reasons('hoarder')).toContain('Evicted');
}, 40_000);

describe("the kubelet's endpoint", () => {
  const paths = [
    '/healthz',
    '/pods',
    '/stats/summary',
    '/containerLogs/default/reader/main',
    '/metrics',
    '/',
    '/nothing',
  ];
  const ask = async (path: string, identity?: object, headers: Record<string, string> = {}) => {
    const options = { host: address, port, path, rejectUnauthorized: false, headers, ...identity };
    const [response] = await once(request(options).end(), 'response');
    response.resume();
    return response.statusCode as number;
  };
  const identity = async (commonName: string, organizations: string[] = []) => {
    const { certificate: cert, key } = await server.authority.issue({ commonName, organizations });
    return { cert, key };
  };

  test('is closed to strangers, readers of everything else and other nodes', async () => {
    const viewer = await identity('v', ['binnacle:viewers', 'binnacle:editors']);
    const node = await identity('system:node:other', ['system:nodes']);
    for (const path of paths) {
      expect([path, await ask(path)]).toEqual([path, 401]);
      expect([path, await ask(path, {}, { authorization: 'Bearer forged' })]).toEqual([path, 401]);
      expect([path, await ask(path, viewer)]).toEqual([path, 403]);
      expect([path, await ask(path, node)]).toEqual([path, 403]);
    }
  });

  test('answers administrators', async () => {
    const admin = await identity('a', ['system:masters']);
    expect(await Promise.all(paths.slice(0, 4).map((path) => ask(path, admin)))).toEqual([200, 200, 200, 200]);
  });
});

describe('the wire leads to nothing of this machine', () => {
  let hits: string[] = [];
  const everywhere = createServer((socket) => {
    hits.push(`${socket.localAddress}:${socket.localPort}`);
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nowned');
  });
  let hostPort = 0;

  beforeAll(async () => {
    everywhere.listen(0, '0.0.0.0');
    await once(everywhere, 'listening');
    hostPort = (everywhere.address() as AddressInfo).port;
    const services = server.client.resource<Service>(refs.services);
    const meta = (name: string) => ({ metadata: { name, namespace: 'default' } });
    const ports = [{ port: hostPort }];
    await services.create(ctx, { apiVersion: 'v1', kind: 'Service', ...meta('bait'), spec: { ports } });
    const headless = { clusterIP: 'None', ports };
    await services.create(ctx, { apiVersion: 'v1', kind: 'Service', ...meta('hand'), spec: headless });
    const outside = { type: 'ExternalName', externalName: '127.0.0.1' };
    await services.create(ctx, { apiVersion: 'v1', kind: 'Service', ...meta('outside'), spec: outside });
    await server.client.resource<EndpointSlice>(refs.endpointslices).create(ctx, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'hand',
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': 'hand', 'service.kubernetes.io/headless': '' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: ['10.0.0.1'] }],
      ports: [{ port: hostPort }],
    });
  });
  beforeEach(() => {
    hits = [];
  });
  afterAll(() => void everywhere.close());

  test('by no command', async () => {
    const bait = await server.client.resource<Service>(refs.services).get(ctx, { namespace: 'default', name: 'bait' });
    const places = [
      '10.0.0.1',
      '127.0.0.1',
      'localhost',
      '$IP',
      address,
      bait.spec?.clusterIP,
      'bait',
      'hand',
      'outside',
    ];
    const machine = ['0.0.0.0', '192.168.0.1', '169.254.169.254', 'example.com', '[::1]', '2130706433', '0x7f.1'];
    const script = [...places, ...machine].flatMap((place) => [
      `wget -qO- -T 2 http://${place}:${hostPort}/ && echo OWNED`,
      `nc -w 2 ${place} ${hostPort} </dev/null && echo OWNED`,
      `curl -sL -m 2 http://${place}:${hostPort}/ && echo OWNED`,
    ]);
    const command = ['sh', '-c', [...script, 'echo done'].join('\n')];
    const env = [{ name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } }];
    await create('thief', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox', command, env }] });
    await poll(async () => (await get('thief'))?.status?.phase).toBe('Succeeded');
    const { body } = await kubeletGet('/containerLogs/default/thief/main');
    expect([hits, body.match(/owned/gi)]).toEqual([[], null]);
    expect(body).toContain('done');
  });

  test('by no probe', async () => {
    const probe = (handler: object) => ({ ...handler, periodSeconds: 1, initialDelaySeconds: 0 });
    const hosts = ['127.0.0.1', '10.0.0.1', address];
    const containers = [
      ...hosts.map((host) => [{ httpGet: { host, port: hostPort } }, { tcpSocket: { host, port: hostPort } }]),
      [{ grpc: { port: hostPort } }, { tcpSocket: { port: hostPort } }],
    ].map(([readiness = {}, liveness = {}], at) => ({
      name: `c${at}`,
      image: 'pause',
      readinessProbe: probe(readiness),
      livenessProbe: { ...probe(liveness), failureThreshold: 100 },
    }));
    await create('prober', { containers: containers as never });
    const tried = async () => {
      const { items } = await server.client.resource<Event>(refs.events).list(ctx, { namespace: 'default' });
      const unhealthy = items.filter(
        ({ involvedObject: of, reason }) => of.name === 'prober' && reason === 'Unhealthy',
      );
      return new Set(unhealthy.map(({ involvedObject: of }) => of.fieldPath)).size;
    };
    await poll(tried).toBe(containers.length);
    expect(hits).toEqual([]);
    expect((await get('prober'))?.status?.containerStatuses?.some(({ ready }) => ready)).toBe(false);
    await pods.delete(ctx, { namespace: 'default', name: 'prober' }, { gracePeriodSeconds: 0 });
  });

  test('by no hook', async () => {
    const postStart = { httpGet: { host: '127.0.0.1', port: hostPort } };
    await create('hooked', { containers: [{ name: 'main', image: 'pause', lifecycle: { postStart } }] });
    await poll(() => reasons('hooked')).toContain('FailedPostStartHook');
    expect(hits).toEqual([]);
    await pods.delete(ctx, { namespace: 'default', name: 'hooked' }, { gracePeriodSeconds: 0 });
  });

  test('nor does a host port open an address of the machine', async () => {
    const ports = [{ containerPort: 8080, hostPort: 39_001, hostIP: '127.0.0.53' }];
    await create('squatter', { containers: [{ name: 'main', image: 'app', ports }] });
    await poll(() => podIsReady('squatter')).toBe('True');
    const socket = connect(39_001, '127.0.0.53');
    expect(await once(socket, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
    await pods.delete(ctx, { namespace: 'default', name: 'squatter' }, { gracePeriodSeconds: 0 });
  });
});

test('five hundred Pods become ready', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `many-${index}`);
  const containers = [{ name: 'main', image: 'app:1', ports: [{ containerPort: 8080 }] }];
  for (let at = 0; at < names.length; at += 25) {
    await Promise.all(names.slice(at, at + 25).map((name) => create(name, { containers })));
  }
  const ready = async () => {
    const { items } = await pods.list(ctx, { namespace: 'default' });
    return items.filter((pod) => pod.metadata.name?.startsWith('many-') && condition(pod, 'Ready') === 'True').length;
  };
  await expect.poll(ready, { timeout: 45_000, interval: 500 }).toBe(500);
});
