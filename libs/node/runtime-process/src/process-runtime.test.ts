import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { type ContainerConfig, type ContainerStatus, ExecTimeoutError } from '@binnacle/node-cri';
import { systemClock } from '@binnacle/process-lifecycle';
import fc from 'fast-check';
import type { Account } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProcessRuntime } from './index.js';
import { manifestPlace, writeManifest } from './suite/manifest-fixture.js';
import { isAlive, parseProcStat, startTimeOf } from './process-identity.js';

let directory = '';
let abort = new AbortController();
let ctx: Context;
let runtime: ProcessRuntime;

const open = () => {
  const environment = { PATH: '/usr/bin:/bin' };
  const manifests = manifestPlace(directory);
  return new ProcessRuntime(ctx, { directory: join(directory, 'state'), version: '1', environment, manifests });
};

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-process-'));
  abort = new AbortController();
  ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
  runtime = open();
});

afterEach(async () => {
  for (const { id } of await runtime.listPodSandboxes(ctx)) await runtime.removePodSandbox(ctx, id);
  abort.abort();
  await rm(directory, { recursive: true, force: true });
});

const config = (command: string[], more: Partial<ContainerConfig> = {}): ContainerConfig => ({
  metadata: { name: 'main', attempt: 0 },
  image: 'binnacle.dev/test:1',
  command,
  args: [],
  env: {},
  mounts: [],
  ports: [],
  logPath: 'main/0.log',
  limits: {},
  requests: {},
  stdin: false,
  tty: false,
  labels: {},
  annotations: {},
  ...more,
});

const EXECS = [
  ['sh', '-c', 'echo $A; exit 4'],
  ['sleep', '300'],
  ['touch', 'go'],
];

const sandbox = (container: ContainerConfig) => runtime.runPodSandbox(ctx, writeManifest(directory, container, EXECS));

async function start(command: string[], more?: Partial<ContainerConfig>): Promise<string> {
  const container = config(command, more);
  const id = await runtime.createContainer(ctx, await sandbox(container), container);
  await runtime.startContainer(ctx, id);
  return id;
}

const status = async (id: string) =>
  (await runtime.listContainers(ctx)).find((container) => container.id === id) as ContainerStatus;

async function exited(id: string): Promise<ContainerStatus> {
  while ((await status(id)).state !== 'exited') {
    await new Promise<void>((resolve) => {
      const stop = runtime.onEvent(() => {
        stop();
        resolve();
      });
    });
  }
  return await status(id);
}

const log = () => readFile(join(directory, 'logs/main/0.log'), 'utf8');

describe('a container', () => {
  test('runs with its environment and directory, logs both streams and reports its exit code', async () => {
    const id = await start(['sh', '-c', 'echo $GREETING in $PWD; echo oops >&2; exit 7'], {
      env: { GREETING: 'hello' },
      workingDir: '/usr',
    });
    expect(await exited(id)).toMatchObject({ state: 'exited', exitCode: 7, reason: 'Error' });
    expect(await log()).toMatch(/ stdout F hello in \/usr\n/);
    expect(await log()).toMatch(/ stderr F oops\n/);
  });

  test('is in a process group of its own', async () => {
    const id = await start(['sh', '-c', 'ps -o pgid= -p $$; echo $$']);
    await exited(id);
    const [group, pid] = (await log()).split('\n').map((line) => line.split(' F ')[1]?.trim());
    expect(group).toBe(pid);
  });

  test('whose program is missing fails to start', async () => {
    const missing = config(['/no/such/program']);
    const id = await runtime.createContainer(ctx, await sandbox(missing), missing);
    await expect(runtime.startContainer(ctx, id)).rejects.toThrow('/no/such/program');
    expect(await status(id)).toMatchObject({ state: 'exited', exitCode: 128, reason: 'StartError' });
  });

  test('is asked to stop, and killed with its children when it does not', async () => {
    const polite = await start(['sh', '-c', 'trap "exit 3" TERM; echo up; while :; do sleep 0.05; done']);
    await expect.poll(log).toContain('up');
    await runtime.stopContainer(ctx, polite, 20);
    expect((await status(polite)).exitCode).toBe(3);
    const stubborn = await start(['sh', '-c', 'trap "" TERM; sleep 300 & echo child $!; while :; do sleep 0.05; done']);
    await expect.poll(log).toContain('child');
    await runtime.stopContainer(ctx, stubborn, 0.2);
    expect(await status(stubborn)).toMatchObject({ exitCode: 137, reason: 'Error' });
    const child = Number(/child (\d+)/.exec(await log())?.[1]);
    await expect.poll(() => startTimeOf(child)).toBeUndefined();
  });

  test('runs as another user', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip();
    await exited(await start(['id', '-u'], { runAsUser: 65534, runAsGroup: 65534 }));
    expect(await log()).toContain('F 65534');
  });

  test('is confined as who it runs as', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip();
    const options = { version: '1', environment: { PATH: '/usr/bin:/bin' }, manifests: manifestPlace(directory) };
    const confinement = { own: ['env', 'A=b'], keeping: () => [], other: ({ uid }: Account) => ['env', `A=${uid}`] };
    runtime = new ProcessRuntime(ctx, { ...options, directory: join(directory, 'state'), confinement });
    await exited(await start(['sh', '-c', 'echo own $A']));
    expect(await log()).toContain('own b');
    await exited(await start(['sh', '-c', 'echo other $A'], { runAsUser: 65534, runAsGroup: 65534 }));
    expect(await log()).toContain('other 65534');
  });

  test('tells what it uses', async () => {
    const id = await start(['sleep', '300']);
    expect((await runtime.containerStats(ctx, id)).memoryBytes).toBeGreaterThan(100_000);
  });
});

describe('exec', () => {
  test('answers output and exit code', async () => {
    const id = await start(['sleep', '300'], { env: { A: 'b' } });
    const result = await runtime.execSync(ctx, id, ['sh', '-c', 'echo $A; exit 4'], 5);
    expect(result).toMatchObject({ exitCode: 4, stdout: Buffer.from('b\n') });
  });

  test('ends a command that takes too long', async () => {
    const id = await start(['sleep', '300']);
    await expect(runtime.execSync(ctx, id, ['sleep', '300'], 0.1)).rejects.toThrow(ExecTimeoutError);
  });
});

describe('a later run of the runtime', () => {
  test('takes over what still runs, its log too', async () => {
    const id = await start(['sh', '-c', 'while [ ! -e go ]; do sleep 0.05; done; echo after'], {
      workingDir: directory,
    });
    const before = await status(id);
    runtime = open();
    expect(await status(id)).toMatchObject({ state: 'running', startedAt: before.startedAt });
    await runtime.execSync(ctx, id, ['touch', 'go'], 5);
    expect(await exited(id)).toMatchObject({ exitCode: 255, reason: 'Unknown' });
    expect(await log()).toContain('after');
  });

  test('knows that a process ended meanwhile, even where its number is used again', async () => {
    const id = await start(['sleep', '300']);
    const record = join(directory, 'state/containers', id, 'record.json');
    const stranger = spawn('sleep', ['300']);
    const saved = JSON.parse(await readFile(record, 'utf8'));
    await runtime.stopContainer(ctx, id, 1);
    saved.process.pid = stranger.pid;
    saved.process.startTime = '1';
    await import('node:fs/promises').then((fs) => fs.writeFile(record, JSON.stringify(saved)));
    runtime = open();
    expect(await status(id)).toMatchObject({ state: 'exited', exitCode: 255 });
    await runtime.removeContainer(ctx, id);
    expect(isAlive({ pid: stranger.pid ?? 0, startTime: startTimeOf(stranger.pid ?? 0) ?? '' })).toBe(true);
    stranger.kill();
  });

  test('finds a process that was made but not yet written down', async () => {
    const id = await start(['sleep', '300']);
    const record = join(directory, 'state/containers', id, 'record.json');
    const saved = JSON.parse(await readFile(record, 'utf8'));
    const { pid } = saved.process;
    await import('node:fs/promises').then((fs) =>
      fs.writeFile(record, JSON.stringify({ ...saved, state: 'created', starting: true, process: undefined })),
    );
    runtime = open();
    expect(await status(id)).toMatchObject({ state: 'running' });
    await runtime.stopContainer(ctx, id, 1);
    expect(startTimeOf(pid)).toBeUndefined();
  });
});

test('no text at all makes the reader of process states throw', () => {
  fc.assert(fc.property(fc.string(), (text) => void parseProcStat(text)));
});
