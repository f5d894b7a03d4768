import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { anyOtherImage } from './catalogue/images.js';
import { Network } from './network/network.js';
import { Wire } from './network/wire.js';
import type { Process, Program } from './programs/program.js';
import { type ContainerParts, SimContainer } from './sim-container.js';
import { inhabitantOf, type SimSandbox } from './sim-sandbox.js';
import { configOf } from './testing/processes.js';

const wire = new Wire({ privileged: false, isService: () => false, listeners: { has: async () => false } });
let directory = '';
let clock: FakeClock;
let abort: AbortController;
let told: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-container-'));
  [clock, abort, told] = [new FakeClock(0), new AbortController(), []];
});
afterEach(async () => {
  abort.abort();
  await rm(directory, { recursive: true, force: true });
});

const behaviour = { ...anyOtherImage, startMilliseconds: [100, 100], warmUpMilliseconds: undefined } as const;
function containerOf(program: Program, more: Partial<ContainerParts> = {}): SimContainer {
  const metadata = { name: 'p', namespace: 'ns', uid: 'u', attempt: 0 };
  const config = { metadata, hostname: 'p', logDirectory: directory, labels: {}, annotations: {}, hostNetwork: false };
  const self = inhabitantOf(config, '10.244.9.2', { node: 'n', hostIp: '127.0.0.9' });
  const sandbox: SimSandbox = { id: 's1', config, createdAt: 0, self, leave: () => undefined, state: 'ready' };
  const ctx = { signal: abort.signal, clock, logger: silentLogger };
  const identity = {
    pod: 'p',
    namespace: 'ns',
    node: 'n',
    container: 'main',
    image: 'app',
    ip: self.ip,
    hostname: 'p',
  };
  const network = new Network(self, () => ({ hosts: '', resolvConf: '' }), wire);
  const parts = {
    id: 'c1',
    sandbox,
    config: configOf(),
    behaviour,
    program,
    title: 'app',
    identity,
    network,
    wire,
    seed: 'x',
    hostIp: '127.0.0.9',
    execute: async () => ({ exitCode: 0, stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) }),
    ...more,
  };
  return new SimContainer(ctx, parts, (type) => told.push(type));
}

/** A program that does what it is told from outside. */
function puppet() {
  let process: Process | undefined;
  const signals: string[] = [];
  const program: Program = async (given) => {
    process = given;
    return { signalled: (signal) => signals.push(signal) };
  };
  return { program, signals, get: () => process as Process };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
async function begun(program: Program, more: Partial<ContainerParts> = {}): Promise<SimContainer> {
  const container = containerOf(program, more);
  const started = container.start();
  clock.step(100);
  await started;
  return container;
}

describe('a container', () => {
  test('begins when its image is ready to', async () => {
    const { program } = puppet();
    const container = containerOf(program);
    expect(container.status()).toMatchObject({ id: 'c1', sandboxId: 's1', state: 'created', startedAt: undefined });
    const started = container.start();
    clock.step(99);
    await turn();
    expect(container.state).toBe('created');
    clock.step(1);
    await started;
    expect([container.status().state, container.status().startedAt, told]).toEqual(['running', 100, ['started']]);
  });

  test('that warms up is told of before its program runs', async () => {
    const { program, get } = puppet();
    await begun(program, { behaviour: { ...behaviour, warmUpMilliseconds: [500, 500] } });
    expect([told, get()]).toEqual([['started'], undefined]);
    clock.step(500);
    await turn();
    expect(get()).toBeDefined();
  });

  test('whose program is not there ends at once, and says why', async () => {
    const container = containerOf(puppet().program, { missing: 'no such file' });
    const started = container.start();
    clock.step(100);
    await expect(started).rejects.toThrow('no such file');
    await turn();
    expect(container.status()).toMatchObject({
      state: 'exited',
      exitCode: 128,
      reason: 'StartError',
      message: 'no such file',
      startedAt: 100,
      finishedAt: 100,
    });
    expect(told).toEqual(['stopped']);
  });

  test.each<[number, string]>([
    [0, 'Completed'],
    [3, 'Error'],
  ])('that ends with %i says %s, once, and leaves its last words', async (code, reason) => {
    const { program, get } = puppet();
    const container = await begun(program);
    clock.step(50);
    get().exit(code, 'bye');
    get().exit(9, 'again');
    await turn();
    expect(container.status()).toMatchObject({
      state: 'exited',
      exitCode: code,
      reason,
      message: 'bye',
      finishedAt: 150,
    });
    expect(told).toEqual(['started', 'stopped']);
    expect(get().ctx.signal.aborted).toBe(true);
  });

  test('whose program fails ends with what failed in its log', async () => {
    const container = await begun(() => Promise.reject(new Error('no port')));
    await expect.poll(() => container.status().state).toBe('exited');
    expect(container.status()).toMatchObject({ exitCode: 1, reason: 'Error' });
    expect(await readFile(container.logPath, 'utf8')).toContain('stderr F fatal: no port\n');
  });

  test('has ended only when its log is whole', async () => {
    const { program, get } = puppet();
    const container = await begun(program);
    for (let line = 0; line < 500; line += 1) get().log('stdout', `line ${line}\n`);
    get().exit(0);
    expect(container.status()).toMatchObject({ state: 'running' });
    expect(container.status()).not.toHaveProperty('exitCode');
    await expect.poll(() => container.status().state).toBe('exited');
    expect((await readFile(container.logPath, 'utf8')).match(/line \d+\n/g)).toHaveLength(500);
  });
});

describe('a container that is stopped', () => {
  test('is sent its signal, and killed when it takes too long', async () => {
    const { program, signals } = puppet();
    const container = await begun(program);
    const stopped = container.stop('SIGINT', 5);
    clock.step(4_999);
    await turn();
    expect([signals, container.state]).toEqual([['SIGINT'], 'running']);
    clock.step(1);
    await stopped;
    expect(container.status()).toMatchObject({ exitCode: 137, reason: 'Error' });
    expect(clock.pending).toBe(0);
  });

  test('ends as it likes in time, and nothing is left waiting', async () => {
    const { program, get } = puppet();
    const container = await begun(program);
    const stopped = container.stop('SIGTERM', 30);
    clock.step(1_000);
    get().exit(0);
    await stopped;
    expect([container.status().exitCode, clock.pending]).toEqual([0, 0]);
  });

  test('is ended by the signal where it does not care for any', async () => {
    const container = await begun(async () => undefined);
    await container.stop('SIGTERM', 30);
    expect(container.status()).toMatchObject({ exitCode: 143, reason: 'Error' });
  });

  test('again, or with less grace while it is being stopped, comes to one end', async () => {
    const { program } = puppet();
    const container = await begun(program);
    const [patient, impatient] = [container.stop('SIGTERM', 60), container.stop('SIGTERM', 1)];
    clock.step(1_000);
    await Promise.all([patient, impatient, container.stop('SIGTERM', 60)]);
    expect([container.status().exitCode, told]).toEqual([137, ['started', 'stopped']]);
  });

  test('while it begins does not begin', async () => {
    const container = containerOf(puppet().program);
    const started = container.start();
    const stopped = container.stop('SIGTERM', 5);
    await expect(started).rejects.toThrow('the container has ended');
    await stopped;
    expect([container.status().exitCode, told]).toEqual([143, ['stopped']]);
  });
});

test('a node that loses its power takes its containers with it, and nobody is told', async () => {
  const { program, get } = puppet();
  const container = await begun(program);
  container.cutOff();
  expect([get().ctx.signal.aborted, container.state, told]).toEqual([true, 'running', ['started']]);
});
