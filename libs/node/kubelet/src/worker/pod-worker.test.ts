import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Container, Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import { type Context, FakeClock, formatTime, silentLogger } from '@binnacle/machinery-context';
import { ShellPool, SimRuntime, Wire } from '@binnacle/node-runtime-sim';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Allocations } from '../allocation/allocations.js';
import { PodDevices } from '../devices/pod-devices.js';
import { noSources } from '../environment/container-environment.js';
import { BackOff } from '../plan/back-off.js';
import { podRequests } from '../pod/resources.js';
import { noVolumes } from '../volumes/no-volumes.js';
import { ContainerEvents } from '../pod/events.js';
import { noClaims } from '../testing/fakes.js';
import { ImagePuller } from './image-puller.js';
import { PodWorkers } from './pod-workers.js';

const cidr = `10.${201 + 2 * Math.floor(Math.random() * 25)}.${Math.floor(Math.random() * 250)}.0/24`;
let directory = '';
let clock = new FakeClock();
let abort = new AbortController();
let workers: PodWorkers;
let statuses = new Map<string, PodStatus>();
let finished: string[] = [];
let told: string[] = [];
let refreshes: number[] = [];
let used = 0;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-worker-'));
  clock = new FakeClock();
  abort = new AbortController();
  [statuses, finished, told, refreshes, used] = [new Map(), [], [], [], 0];
  const ctx: Context = { signal: abort.signal, clock, logger: silentLogger };
  const shell = new ShellPool(clock);
  const privileged = process.getuid?.() === 0;
  const identity = { nodeName: 'worker-1', hostIp: '127.0.0.1', version: '1' };
  const wire = new Wire({ privileged, isService: () => false, listeners: { has: async () => false } });
  const runtime = new SimRuntime(ctx, { ...identity, shell, wire });
  await runtime.updateRuntimeConfig(ctx, { podCidr: cidr });
  const events = new ContainerEvents({
    event: (_, type, reason, message) => void told.push(`${type} ${reason} ${message}`),
  });
  workers = new PodWorkers({
    ctx,
    runtime,
    runtimeName: 'simulated',
    nodeName: 'worker-1',
    hostIp: '127.0.0.1',
    podLogs: directory,
    events,
    statuses: {
      set: (pod, status) => void statuses.set(pod.metadata?.name ?? '', status),
      seen: () => undefined,
      finish: async (_, pod) => void finished.push(pod.metadata?.name ?? ''),
      forget: () => undefined,
    },
    environment: noSources,
    volumes: { ...noVolumes, refresh: async () => void refreshes.push(clock.now()), used: async () => used },
    devices: new PodDevices([], noClaims),
    images: new ImagePuller(runtime, events),
    restarts: new BackOff(10_000, 300_000),
    allocatable: () => ({}),
    isFollowing: () => true,
    allocations: new Allocations({
      events,
      admit: (pod) => (pod.metadata?.labels?.refuse ? { reason: 'Refused', message: 'no' } : lacking(pod)),
      changed: (uid) => workers.get(uid)?.wake(),
    }),
  });
});

afterEach(async () => {
  abort.abort();
  await rm(directory, { recursive: true, force: true });
});

/** A node of two cores. */
function lacking(pod: Pod) {
  const others = workers.activePods(pod);
  const cores = [pod, ...others].map((each) => podRequests(each).cpu ?? 0).reduce((sum, each) => sum + each, 0);
  return cores > 2000 ? { reason: 'OutOfcpu', message: `${cores} of 2000` } : undefined;
}

const STEP = 50;

/** What a step set off has not come to an end yet: files are being written, or connections made. */
const isBusy = () => process.getActiveResourcesInfo().some((resource) => /^(FSReq|TCPConnect)/.test(resource));

/** Moves time on until something holds; answers how many seconds that took. */
async function until(holds: () => boolean | undefined, seconds = 400): Promise<number> {
  const begin = clock.now();
  while (!holds()) {
    if (clock.now() - begin > seconds * 1000)
      throw new Error(`not within ${seconds} s: ${JSON.stringify([...statuses])}`);
    clock.step(STEP);
    for (let turn = 0; turn < 5 || isBusy(); turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return (clock.now() - begin) / 1000;
}

function pod(spec: Partial<NonNullable<Pod['spec']>>, metadata: object = {}): Pod {
  const containers = spec.containers ?? [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', ...metadata },
    spec: { ...spec, containers },
  };
}

const container = (image: string, more: Partial<Container> = {}): Container => ({
  name: 'main',
  image,
  imagePullPolicy: 'IfNotPresent',
  ...more,
});
const shellOf = (...words: string[]) => ({ image: 'busybox', command: words });
const main = () => statuses.get('p')?.containerStatuses?.[0];
const isRunning = () => main()?.state?.running !== undefined;
const deleted = (subject: Pod, graceSeconds: number): Pod => ({
  ...subject,
  metadata: {
    ...subject.metadata,
    deletionTimestamp: formatTime(clock.now()),
    deletionGracePeriodSeconds: graceSeconds,
  },
});

describe('restarts', () => {
  test('wait longer each time', async () => {
    workers.update(pod({ containers: [container('', shellOf('false'))] }), 'api');
    const waits: string[] = [];
    const wait = () =>
      /^back-off (\S+) restarting failed container=main/.exec(main()?.state?.waiting?.message ?? '')?.[1];
    for (let restart = 1; restart <= 4; restart += 1) {
      await until(() => main()?.restartCount === restart && wait() !== undefined);
      waits.push(wait() ?? '');
    }
    expect(waits).toEqual(['10s', '20s', '40s', '1m20s']);
    expect(main()).toMatchObject({
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState: { terminated: { exitCode: 1 } },
    });
    expect(told.filter((text) => text.startsWith('Warning BackOff')).length).toBeGreaterThan(0);
  });

  test('keep a Pod that is not to be restarted as it ended', async () => {
    workers.update(pod({ restartPolicy: 'Never', containers: [container('', shellOf('false'))] }), 'api');
    await until(() => statuses.get('p')?.phase === 'Failed');
    expect(main()).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 1, reason: 'Error' } } });
  });
});

test('one container can begin all of its Pod again, in its place', async () => {
  const restartPolicyRules = [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }];
  const watcher = container('', { ...shellOf('sh', '-c', 'sleep 5; exit 42'), name: 'watcher' });
  const subject = pod({
    restartPolicy: 'Never',
    initContainers: [container('', { ...shellOf('true'), name: 'setup' })],
    containers: [container('', shellOf('sleep', '1000')), { ...watcher, restartPolicy: 'Never', restartPolicyRules }],
  });
  workers.update(subject, 'api');
  await until(isRunning);
  const before = statuses.get('p');
  const condition = () => statuses.get('p')?.conditions?.find(({ type }) => type === 'AllContainersRestarting');
  expect(condition()?.status).toBe('False');
  const counts = () => {
    const { initContainerStatuses = [], containerStatuses = [] } = statuses.get('p') ?? {};
    return [...initContainerStatuses, ...containerStatuses].map(({ restartCount }) => restartCount);
  };
  await until(() => isRunning() && counts().every((count) => count === 1), 60);
  expect(statuses.get('p')).toMatchObject({ phase: 'Running', podIP: before?.podIP });
  expect(condition()?.status).toBe('False');
  await until(() => counts().every((count) => count === 2), 60);
  expect(statuses.get('p')?.phase).not.toBe('Failed');
});

describe('a probe', () => {
  test('that fails often enough ends the container', async () => {
    const livenessProbe = {
      exec: { command: ['false'] },
      initialDelaySeconds: 5,
      periodSeconds: 10,
      failureThreshold: 3,
    };
    workers.update(pod({ containers: [container('pause', { livenessProbe })] }), 'api');
    await until(isRunning);
    const seconds = await until(() => main()?.restartCount === 1);
    expect(Math.round(seconds)).toBe(25);
    expect(told).toContain('Normal Killing Container main failed liveness probe, will be restarted');
  });

  test('of readiness decides whether the Pod is ready', async () => {
    const readinessProbe = { tcpSocket: { port: 8080 }, periodSeconds: 1 };
    workers.update(
      pod({ containers: [container('app:1', { ports: [{ containerPort: 8080 }], readinessProbe })] }),
      'api',
    );
    await until(() => main()?.ready);
    workers.update(pod({ containers: [container('pause', { readinessProbe })] }, { name: 'q', uid: 'v' }), 'api');
    const other = () => statuses.get('q')?.containerStatuses?.[0];
    await until(() => other()?.state?.running !== undefined);
    await until(() => told.some((text) => text.includes('Readiness probe failed: dial tcp')));
    expect(other()).toMatchObject({ ready: false, started: true });
  });

  test('of startup holds back the others', async () => {
    const startupProbe = { exec: { command: ['true'] }, initialDelaySeconds: 30, periodSeconds: 1 };
    const livenessProbe = { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 };
    workers.update(pod({ containers: [container('pause', { startupProbe, livenessProbe })] }), 'api');
    await until(isRunning);
    expect(main()?.started).toBe(false);
    expect(Math.floor(await until(() => main()?.started))).toBe(30);
    await until(() => main()?.restartCount === 1, 5);
  });
});

describe('volumes made from objects', () => {
  const volumes = [{ name: 'settings', configMap: { name: 'settings' } }];

  test('are brought up to date once a minute', async () => {
    workers.update(pod({ volumes, containers: [container('pause')] }), 'api');
    await until(isRunning);
    await until(() => refreshes.length === 3);
    expect(refreshes.map((time) => time % 60_000)).toEqual([0, 0, 0]);
  });

  test('are brought up to date at once when the Pod itself changes', async () => {
    const subject = pod({ volumes, containers: [container('pause')] });
    workers.update(subject, 'api');
    await until(isRunning);
    workers.update({ ...subject, metadata: { ...subject.metadata, labels: { a: 'b' } } }, 'api');
    expect(await until(() => refreshes.length === 1)).toBeLessThan(1);
  });
});

describe('the end of a Pod', () => {
  test('is told once its containers have ended, after their preStop handler', async () => {
    const lifecycle = { preStop: { sleep: { seconds: 4 } } };
    const subject = pod({ containers: [container('pause', { lifecycle })] });
    workers.update(subject, 'api');
    await until(isRunning);
    workers.update(deleted(subject, 30), 'api');
    expect(Math.floor(await until(() => finished.length > 0))).toBe(4);
    expect(statuses.get('p')).toMatchObject({ phase: 'Succeeded' });
    expect(told).toContain('Normal Killing Stopping container main');
    await until(() => workers.list().length === 0);
  });

  test('comes with its deadline', async () => {
    workers.update(pod({ activeDeadlineSeconds: 60, containers: [container('pause')] }), 'api');
    expect(Math.round(await until(() => statuses.get('p')?.phase === 'Failed'))).toBe(60);
    expect(statuses.get('p')).toMatchObject({ reason: 'DeadlineExceeded' });
  });

  describe('comes with a volume that holds more than it may', () => {
    const volumes = [{ name: 'cache', emptyDir: { sizeLimit: '1Mi' } }];
    const message = 'Usage of EmptyDir volume "cache" exceeds the limit "1Mi". ';

    test('within ten seconds, and soon', async () => {
      workers.update(pod({ volumes, containers: [container('pause')], terminationGracePeriodSeconds: 300 }), 'api');
      await until(isRunning);
      used = 1024 * 1024;
      clock.step(60_000);
      expect(isRunning()).toBe(true);
      used += 1;
      expect(
        await until(() => statuses.get('p')?.containerStatuses?.[0]?.state?.terminated !== undefined),
      ).toBeLessThan(13);
      expect(statuses.get('p')).toMatchObject({ phase: 'Failed', reason: 'Evicted', message });
      expect(told).toContain(`Warning Evicted ${message}`);
    });

    test('but not to Pods the system needs', async () => {
      const priority = 2_000_000_000;
      workers.update(pod({ volumes, containers: [container('pause')], priority }), 'api');
      await until(isRunning);
      used = 2 * 1024 * 1024;
      clock.step(60_000);
      await expect(until(() => statuses.get('p')?.phase === 'Failed', 30)).rejects.toThrow('not within');
    });
  });

  test('comes at once where the node does not want it', async () => {
    workers.update(pod({ containers: [container('pause')] }, { labels: { refuse: 'yes' } }), 'api');
    await until(() => statuses.get('p')?.phase === 'Failed');
    expect(statuses.get('p')).toMatchObject({ reason: 'Refused', message: 'Pod was rejected: no' });
    expect(statuses.get('p')?.containerStatuses).toBeUndefined();
    expect(told).toContain('Warning Refused no');
  });

  test('of one lets another of its name begin', async () => {
    const containers = [container('pause')];
    workers.update(pod({ containers }), 'api');
    await until(isRunning);
    workers.update(pod({ containers }, { uid: 'second' }), 'api');
    expect(workers.list()).toHaveLength(1);
    workers.stop('u', { gone: true }, 'api');
    await until(() => workers.get('second') !== undefined && isRunning());
  });
});

describe('an image', () => {
  test('whose name is none is said to be so', async () => {
    workers.update(pod({ containers: [container('UPPER/bad image')] }), 'api');
    await until(() => main()?.state?.waiting?.reason === 'InvalidImageName', 5);
    expect(told).toContainEqual(
      expect.stringMatching(/^Warning InspectFailed Failed to apply default image tag "UPPER\/bad image": /),
    );
  });

  test('that cannot be had is asked for again, ever more seldom', async () => {
    workers.update(pod({ containers: [container('does-not-exist:1')] }), 'api');
    await until(() => main()?.state?.waiting?.reason === 'ErrImagePull');
    await until(() => main()?.state?.waiting?.reason === 'ImagePullBackOff');
    const tries = () => told.filter((text) => text.startsWith('Normal Pulling')).length;
    expect(tries()).toBe(1);
    expect(Math.round(await until(() => tries() === 2))).toBeLessThan(10);
    expect(Math.round(await until(() => tries() === 3))).toBe(20);
  });

  test('that must not be pulled is not', async () => {
    workers.update(pod({ containers: [container('app:1', { imagePullPolicy: 'Never' })] }), 'api');
    await until(() => main()?.state?.waiting?.reason === 'ErrImageNeverPull');
  });
});

test('a container whose image changes is run again from the new one', async () => {
  const subject = pod({ containers: [container('pause')] });
  workers.update(subject, 'api');
  await until(isRunning);
  workers.update(pod({ containers: [container('app:2', { ports: [{ containerPort: 8080 }] })] }), 'api');
  await until(() => main()?.restartCount === 1 && isRunning());
  expect(main()?.image).toBe('app:2');
  expect(told).toContain('Normal Killing Container main definition changed, will be restarted');
});

test('a failing postStart handler ends its container', async () => {
  const lifecycle = { postStart: { exec: { command: ['false'] } } };
  workers.update(pod({ containers: [container('pause', { lifecycle })] }), 'api');
  await until(() => told.some((text) => text.startsWith('Warning FailedPostStartHook')));
  await until(() => (main()?.restartCount ?? 0) > 0);
});

test('the last log lines explain an end where the Pod asks for that', async () => {
  const terminationMessagePolicy = 'FallbackToLogsOnError';
  const words = shellOf('sh', '-c', 'echo it broke; exit 4');
  workers.update(
    pod({ restartPolicy: 'Never', containers: [container('', { ...words, terminationMessagePolicy })] }),
    'api',
  );
  await until(() => statuses.get('p')?.phase === 'Failed');
  expect(main()?.state?.terminated).toMatchObject({ exitCode: 4, message: 'it broke\n' });
});

describe('what a Pod is follows from where it came from', () => {
  const forged = { annotations: { 'kubernetes.io/config.source': 'file', 'kubernetes.io/config.mirror': 'x' } };

  test('a Pod of the API that says it is a file is run and removed as any', async () => {
    const subject = pod({ containers: [container('pause')] }, forged);
    workers.update(subject, 'api');
    await until(isRunning);
    workers.update(deleted(subject, 1), 'api');
    await until(() => finished.includes('p'));
  });

  test('nothing of the API changes or ends a static Pod, even by its uid', async () => {
    const subject = pod({ containers: [container('pause')] });
    workers.update(subject, 'file');
    await until(isRunning);
    workers.update(deleted(subject, 1), 'api');
    workers.stop('u', { gone: true }, 'api');
    expect(workers.get('u')?.pod).toBe(subject);
    expect(workers.get('u')?.isActive).toBe(true);
  });

  test('a Pod of the API does not wait for a static Pod of its name', async () => {
    workers.update(pod({ containers: [container('pause')] }), 'file');
    workers.update(pod({ containers: [container('pause')] }, { uid: 'second' }), 'api');
    await until(() => workers.get('u')?.isActive && workers.get('second')?.isActive);
    expect(workers.find('ns/p')?.pod.metadata.uid).toBe('second');
  });
});

describe('another size', () => {
  const sized = (cpu: string, generation = 1, more: Partial<Container> = {}) =>
    pod(
      { containers: [container('nginx', { resources: { requests: { cpu } }, ...more })] },
      { generation, name: 'p', uid: 'u' },
    );
  const condition = (type: string) => statuses.get('p')?.conditions?.find((each) => each.type === type);
  const cpu = () => main()?.resources?.requests?.cpu;

  test('is given to a container that runs', async () => {
    workers.update(sized('1'), 'api');
    await until(isRunning);
    const id = main()?.containerID;
    expect(main()).toMatchObject({ allocatedResources: { cpu: '1' }, resources: { requests: { cpu: '1' } } });
    workers.update(sized('1500m', 2), 'api');
    await until(() => cpu() === '1500m');
    expect(main()).toMatchObject({ containerID: id, restartCount: 0, allocatedResources: { cpu: '1500m' } });
    await until(() => condition('PodResizeInProgress') === undefined);
    expect(told.filter((text) => text.includes('Resize'))).toEqual([
      expect.stringMatching(
        /^Normal ResizeStarted Pod resize started: \{"containers":\[.*"cpu":"1500m".*"generation":2/,
      ),
      expect.stringMatching(/^Normal ResizeCompleted Pod resize completed: /),
    ]);
  });

  test('is had by a new start where the policy says so', async () => {
    const policy = { resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'RestartContainer' }] };
    workers.update(sized('1', 1, policy), 'api');
    await until(isRunning);
    workers.update(sized('2', 2, policy), 'api');
    await until(() => cpu() === '2' && isRunning());
    expect(main()?.restartCount).toBe(1);
    expect(told).toContainEqual(expect.stringContaining('Container main resize requires restart'));
  });

  test('waits until there is room', async () => {
    const other = pod(
      { containers: [container('nginx', { resources: { requests: { cpu: '1' } } })] },
      { name: 'o', uid: 'o' },
    );
    workers.update(other, 'api');
    workers.update(sized('1'), 'api');
    await until(() => isRunning() && statuses.get('o')?.phase === 'Running');
    workers.update(sized('2', 2), 'api');
    await until(() => condition('PodResizePending') !== undefined);
    expect(condition('PodResizePending')).toMatchObject({
      status: 'True',
      reason: 'Deferred',
      message: '3000 of 2000',
      observedGeneration: 2,
    });
    expect(main()).toMatchObject({ allocatedResources: { cpu: '1' }, resources: { requests: { cpu: '1' } } });
    workers.update(deleted(other, 0), 'api');
    await until(() => cpu() === '2');
    expect(condition('PodResizePending')).toBeUndefined();
  });

  test('never is less memory than what is used', async () => {
    const limited = (memory: string, generation: number) =>
      sized('1', generation, { resources: { limits: { memory }, requests: { cpu: '1' } } });
    workers.update(limited('1Gi', 1), 'api');
    await until(isRunning);
    workers.update(limited('1', 2), 'api');
    await until(() => condition('PodResizeInProgress')?.reason === 'Error');
    expect(condition('PodResizeInProgress')?.message).toContain('memory limit (1) below current usage');
    expect(main()?.resources?.limits).toEqual({ memory: '1073741824' });
  });
});
