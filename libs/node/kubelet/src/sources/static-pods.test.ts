import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { ProcessRuntime } from '@binnacle/node-runtime-process';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Allocations } from '../allocation/allocations.js';
import { PodDevices } from '../devices/pod-devices.js';
import { noSources } from '../environment/container-environment.js';
import { BackOff } from '../plan/back-off.js';
import { noVolumes } from '../volumes/no-volumes.js';
import { ContainerEvents } from '../pod/events.js';
import { noClaims } from '../testing/fakes.js';
import { ImagePuller } from '../worker/image-puller.js';
import { PodWorkers } from '../worker/pod-workers.js';
import { StaticPodRunner } from './static-pod-runner.js';

let directory = '';
let agent: ReturnType<typeof start>;

/** A node agent without an API server, over real processes. */
function start() {
  const abort = new AbortController();
  const ctx: Context = { signal: abort.signal, clock: systemClock, logger: silentLogger };
  const environment = { PATH: '/usr/bin:/bin' };
  const manifests = join(directory, 'manifests');
  const place = { directory: manifests, nodeName: 'cp' };
  const options = { directory: join(directory, 'runtime'), version: '1', environment, manifests: place };
  const runtime = new ProcessRuntime(ctx, options);
  const statuses = new Map<string, PodStatus>();
  const told: string[] = [];
  const events = new ContainerEvents({
    event: (_, type, reason, message) => void told.push(`${type} ${reason} ${message}`),
  });
  const workers = new PodWorkers({
    ctx,
    runtime,
    runtimeName: 'process',
    nodeName: 'cp',
    hostIp: '127.0.0.1',
    podLogs: join(directory, 'logs'),
    events,
    statuses: {
      set: (pod, status) => void statuses.set(pod.metadata?.name ?? '', status),
      seen: () => undefined,
      finish: async () => undefined,
      forget: (pod) => void statuses.delete(pod.metadata?.name ?? ''),
    },
    environment: noSources,
    volumes: noVolumes,
    devices: new PodDevices([], noClaims),
    images: new ImagePuller(runtime, events),
    restarts: new BackOff(10_000, 300_000),
    allocatable: () => ({}),
    isFollowing: () => true,
    allocations: new Allocations({ events, admit: () => undefined, changed: () => undefined }),
  });
  const runner = new StaticPodRunner({
    directory: manifests,
    nodeName: 'cp',
    runtime,
    workers,
    changed: () => undefined,
  });
  return { ctx, abort, runtime, workers, runner, statuses, told, status: (name: string) => statuses.get(`${name}-cp`) };
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-static-'));
  await mkdir(join(directory, 'manifests'));
  agent = start();
});

afterEach(async () => {
  await agent.runner.stopAll();
  agent.abort.abort();
  await rm(directory, { recursive: true, force: true });
});

type Spec = Partial<NonNullable<Pod['spec']>>;
const manifest = (name: string) => join(directory, 'manifests', `${name}.yaml`);

async function write(name: string, spec: Spec, annotations: Record<string, string> = {}): Promise<void> {
  const metadata = { name, namespace: 'kube-system', annotations };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { hostNetwork: true, terminationGracePeriodSeconds: 5, ...spec },
  };
  await writeFile(manifest(name), JSON.stringify(pod));
}

const shell = (script: string, more: object = {}) => ({
  name: 'main',
  image: 'binnacle.dev/test:1',
  imagePullPolicy: 'Never',
  command: ['sh', '-c', script],
  ...more,
});

const poll = <T>(read: () => T) => expect.poll(read, { timeout: 15_000, interval: 20 });
const mainOf = (name: string) => agent.status(name)?.containerStatuses?.[0];

describe('static Pods', () => {
  test('run after their init containers, and report their status', async () => {
    const out = join(directory, 'out');
    await write('web', {
      initContainers: [shell(`echo one >> ${out}`, { name: 'one' }), shell(`echo two >> ${out}`, { name: 'two' })],
      containers: [shell(`echo main >> ${out}; exec sleep 300`)],
    });
    await agent.runner.start(agent.ctx);
    await poll(() => agent.status('web')?.phase).toBe('Running');
    await poll(() => readFile(out, 'utf8').catch(() => '')).toBe('one\ntwo\nmain\n');
    const status = agent.status('web');
    expect(status?.podIP).toBe('127.0.0.1');
    expect(status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'PodReadyToStartContainers=True',
      'Initialized=True',
      'Ready=True',
      'ContainersReady=True',
      'PodScheduled=True',
    ]);
    expect(mainOf('web')).toMatchObject({ ready: true, restartCount: 0, started: true });
  });

  test('are restarted at once when they end, then with back-off', async () => {
    await write('crash', { containers: [shell('exit 3')] });
    await agent.runner.start(agent.ctx);
    await poll(() => mainOf('crash')?.state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(mainOf('crash')).toMatchObject({
      restartCount: 1,
      ready: false,
      lastState: { terminated: { exitCode: 3 } },
    });
    expect(mainOf('crash')?.state?.waiting?.message).toMatch(
      /^back-off 10s restarting failed container=main pod=crash-cp_kube-system\(/,
    );
    expect(agent.status('crash')?.phase).toBe('Running');
  });

  test('become ready when their probe passes', async () => {
    let healthy = false;
    const server = createServer((_, response) => response.writeHead(healthy ? 200 : 503).end());
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const readinessProbe = { httpGet: { host: '127.0.0.1', port, path: '/healthz' }, periodSeconds: 0.05 };
    await write('probed', { containers: [shell('exec sleep 300', { readinessProbe })] });
    await agent.runner.start(agent.ctx);
    await poll(() => agent.told.join()).toContain(
      'Unhealthy Readiness probe failed: HTTP probe failed with statuscode: 503',
    );
    expect(mainOf('probed')?.ready).toBe(false);
    healthy = true;
    await poll(() => mainOf('probed')?.ready).toBe(true);
    server.close();
  });

  test('that fail their liveness probe are restarted', async () => {
    const livenessProbe = {
      exec: { command: ['test', '-e', join(directory, 'alive')] },
      periodSeconds: 0.05,
      failureThreshold: 2,
    };
    await write('sick', { containers: [shell('trap "exit 0" TERM; while :; do sleep 0.05; done', { livenessProbe })] });
    await agent.runner.start(agent.ctx);
    await poll(() => mainOf('sick')?.restartCount).toBe(1);
    expect(agent.told).toContain('Normal Killing Container main failed liveness probe, will be restarted');
  });

  test('follow the files: a changed one replaces its Pod after the old one has ended', async () => {
    const out = join(directory, 'out');
    const spec = (n: number): Spec => ({
      containers: [
        shell(`trap "echo stop ${n} >> ${out}; exit 0" TERM; echo start ${n} >> ${out}; while :; do sleep 0.05; done`),
      ],
    });
    await write('web', spec(1));
    await agent.runner.start(agent.ctx);
    await poll(() => readFile(out, 'utf8').catch(() => '')).toBe('start 1\n');
    await write('web', spec(2));
    await poll(() => readFile(out, 'utf8')).toBe('start 1\nstop 1\nstart 2\n');
    await rm(manifest('web'));
    await poll(() => readFile(out, 'utf8')).toBe('start 1\nstop 1\nstart 2\nstop 2\n');
    await poll(() => agent.workers.list().length).toBe(0);
  });

  test('stop in order', async () => {
    const out = join(directory, 'out');
    for (const [name, order] of [
      ['late', '100'],
      ['early', '0'],
      ['middle', '90'],
    ] as const) {
      const containers = [
        shell(`trap "sleep 0.1; echo ${name} >> ${out}; exit 0" TERM; echo up >> ${out}; while :; do sleep 0.05; done`),
      ];
      await write(name, { containers }, { 'binnacle.dev/stop-order': order });
    }
    await agent.runner.start(agent.ctx);
    for (const name of ['late', 'early', 'middle']) await poll(() => agent.status(name)?.phase).toBe('Running');
    await poll(() => readFile(out, 'utf8').catch(() => '')).toBe('up\nup\nup\n');
    await agent.runner.stopAll();
    expect(await readFile(out, 'utf8')).toBe('up\nup\nup\nearly\nmiddle\nlate\n');
  });

  test('survive the agent: the next one takes them over and removes those without a manifest', async () => {
    const out = join(directory, 'out');
    await write('kept', { containers: [shell(`echo kept >> ${out}; exec sleep 300`)] });
    await write('dropped', {
      containers: [shell(`trap "echo dropped >> ${out}; exit 0" TERM; while :; do sleep 0.05; done`)],
    });
    await agent.runner.start(agent.ctx);
    await poll(() => agent.status('kept')?.phase).toBe('Running');
    await poll(() => agent.status('dropped')?.phase).toBe('Running');
    const { containerID } = mainOf('kept') ?? {};
    agent.abort.abort();
    await rm(manifest('dropped'));
    agent = start();
    await agent.runner.start(agent.ctx);
    await poll(() => agent.status('kept')?.phase).toBe('Running');
    expect(mainOf('kept')).toMatchObject({ containerID, restartCount: 0 });
    expect((await readFile(out, 'utf8')).split('\n').sort()).toEqual(['', 'dropped', 'kept']);
  });
});
