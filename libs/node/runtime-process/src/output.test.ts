import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import type { ContainerConfig, ContainerStatus } from '@binnacle/node-cri';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProcessRuntime } from './index.js';
import { emptyLeftPipes } from './left-pipes.js';
import { LONGEST_BACKLOG, OutputFile } from './output-file.js';
import { OutputGuard } from './output-guard.js';
import { startTimeOf } from './process-identity.js';
import { manifestPlace, writeManifest } from './suite/manifest-fixture.js';

const SLOW = { timeout: 20_000 };
const isRoot = process.getuid?.() === 0;
let directory = '';
let abort = new AbortController();
let ctx: Context;
let runtime: ProcessRuntime;

/** A new run of the runtime; the one before is gone as if it had been killed. */
function restart(): void {
  abort.abort();
  abort = new AbortController();
  ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
  runtime = new ProcessRuntime(ctx, {
    directory: join(directory, 'state'),
    version: '1',
    manifests: manifestPlace(directory),
    environment: { PATH: '/usr/bin:/bin' },
  });
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-output-'));
  restart();
});

afterEach(async () => {
  for (const { id } of await runtime.listPodSandboxes(ctx)) await runtime.removePodSandbox(ctx, id);
  abort.abort();
  await rm(directory, { recursive: true, force: true });
});

function config(script: string): ContainerConfig {
  const metadata = { name: 'main', attempt: 0 };
  const empty = { args: [], env: {}, mounts: [], ports: [], limits: {}, requests: {}, labels: {}, annotations: {} };
  const command = ['sh', '-c', script];
  return {
    ...empty,
    metadata,
    image: 'test',
    command,
    workingDir: directory,
    logPath: '0.log',
    stdin: false,
    tty: false,
  };
}

async function start(script: string): Promise<string> {
  const container = config(script);
  const sandbox = await runtime.runPodSandbox(ctx, writeManifest(directory, container));
  const id = await runtime.createContainer(ctx, sandbox, container);
  await runtime.startContainer(ctx, id);
  return id;
}

const status = async (id: string) =>
  (await runtime.listContainers(ctx)).find((container) => container.id === id) as ContainerStatus;
const state = async (id: string) => (await status(id))?.state;
const path = (name: string) => join(directory, name);
const log = () => readFileSync(path('logs/0.log'), 'utf8');
const texts = () =>
  log()
    .split('\n')
    .map((line) => line.split(' ').slice(3).join(' '));

describe('a container whose runtime is dead', () => {
  test('writes on without waiting, and the next run logs every line once', SLOW, async () => {
    const id = await start('while [ ! -e go ]; do sleep 0.02; done; echo first; seq 1 40000; touch done; sleep 300');
    abort.abort();
    writeFileSync(path('go'), '');
    await expect.poll(() => existsSync(path('done')), SLOW).toBe(true);
    restart();
    await expect.poll(() => log().includes(' 40000\n'), SLOW).toBe(true);
    expect(texts().slice(0, -1)).toEqual(['first', ...Array.from({ length: 40_000 }, (_, index) => `${index + 1}`)]);
    await runtime.stopContainer(ctx, id, 0);
  });

  test('has the lines it wrote meanwhile logged with the time when it wrote them', SLOW, async () => {
    await start('while [ ! -e go ]; do sleep 0.02; done; echo meanwhile; touch done; sleep 300');
    abort.abort();
    writeFileSync(path('go'), '');
    await expect.poll(() => existsSync(path('done'))).toBe(true);
    const [id = ''] = readdirSync(path('state/containers'));
    execFileSync('touch', ['-d', '2026-01-01T00:00:00Z', path(`state/containers/${id}/stdout.raw`)]);
    restart();
    await expect
      .poll(() => existsSync(path('logs/0.log')) && log())
      .toContain('2026-01-01T00:00:00.000000000Z stdout F meanwhile');
  });
});

test(
  'a container that ended while its runtime was dead has its last words, and ended when it wrote them',
  SLOW,
  async () => {
    const id = await start('while [ ! -e go ]; do sleep 0.02; done; echo last words');
    const record = path(`state/containers/${id}/record.json`);
    const running = readFileSync(record, 'utf8');
    const { pid } = JSON.parse(running).process;
    abort.abort();
    writeFileSync(path('go'), '');
    await expect.poll(() => startTimeOf(pid)).toBeUndefined();
    const wrote = Math.floor(statSync(path(`state/containers/${id}/stdout.raw`)).mtimeMs);
    // The run before is this process too, and has seen the end.
    await expect.poll(() => readFileSync(record, 'utf8')).toContain('exited');
    writeFileSync(record, running);
    restart();
    expect(await status(id)).toMatchObject({ state: 'exited', exitCode: 255, reason: 'Unknown', finishedAt: wrote });
    await expect.poll(() => existsSync(path('logs/0.log')) && log()).toContain('last words');
  },
);

test('much output is logged whole, and does not stay on the disk twice', SLOW, async () => {
  const id = await start('yes "$(printf %0100d 1)" | head -n 80000; echo end; sleep 300');
  await expect.poll(() => existsSync(path('logs/0.log')) && log().endsWith(' end\n'), SLOW).toBe(true);
  const logged = readdirSync(path('logs')).map((name) => readFileSync(path(`logs/${name}`), 'utf8'));
  expect(logged).toHaveLength(2);
  expect(logged.join('').match(/ stdout F 0{99}1\n/g)).toHaveLength(80_000);
  await expect.poll(() => statSync(path(`state/containers/${id}/stdout.raw`)).blocks * 512).toBeLessThan(5 << 20);
});

test('what nobody reads is given up beyond a limit', () => {
  const file = new OutputFile(path('out'));
  truncateSync(path('out'), LONGEST_BACKLOG + 1);
  expect(file.giveUpBacklog()).toBe(LONGEST_BACKLOG + 1);
  expect(file.giveUpBacklog()).toBe(0);
  writeFileSync(path('out'), 'new');
  expect(file.read().toString()).toBe('new');
  file.close();
});

test('the guard empties what nobody reads, and ends with the last container', async () => {
  const containers = path('guarded');
  mkdirSync(join(containers, 'a'), { recursive: true });
  const sleeper = spawn('sleep', ['300']);
  writeFileSync(join(containers, 'a/pid'), `${sleeper.pid}\n`);
  writeFileSync(join(containers, 'a/stdout.raw'), Buffer.alloc(128 * 1024));
  writeFileSync(join(containers, 'a/stderr.raw'), 'short');
  new OutputGuard(directory, containers, [], { kibibytes: 64, everySeconds: 0.05 }).ensure();
  await expect.poll(() => statSync(join(containers, 'a/stdout.raw')).size).toBe(0);
  expect(statSync(join(containers, 'a/stderr.raw')).size).toBe(5);
  const { pid } = JSON.parse(readFileSync(path('output-guard.json'), 'utf8')) as { pid: number };
  sleeper.kill();
  await expect.poll(() => startTimeOf(pid)).toBeUndefined();
});

test('a container of an earlier release, stopped by its full pipe, can go on', async () => {
  execFileSync('mkfifo', [path('stdout')]);
  const child = spawn('sh', ['-c', 'exec 1<>stdout; seq 1 40000'], { cwd: directory });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const close = emptyLeftPipes(directory);
  expect(await ended).toBe(0);
  close?.();
  expect(emptyLeftPipes(path('state'))).toBeUndefined();
});

describe('a damaged state directory', () => {
  test.each(['', '{"id":', '[]', 'null'])(
    'with a container record that reads %j sets it aside and ends its process',
    async (text) => {
      const id = await start('sleep 300');
      const { pid } = JSON.parse(readFileSync(path(`state/containers/${id}/record.json`), 'utf8')).process;
      abort.abort();
      writeFileSync(path(`state/containers/${id}/record.json`), text);
      restart();
      await expect.poll(() => startTimeOf(pid)).toBeUndefined();
      expect(await status(id)).toBeUndefined();
      expect(readdirSync(path('state/damaged'))).toEqual([`containers-${id}`]);
    },
  );

  test('without a sandbox record goes on with what its containers say', async () => {
    const id = await start('sleep 300');
    const { sandboxId } = await status(id);
    abort.abort();
    truncateSync(path(`state/sandboxes/${sandboxId}/record.json`), 0);
    restart();
    expect(await runtime.listPodSandboxes(ctx)).toMatchObject([{ id: sandboxId, state: 'ready' }]);
    expect(await state(id)).toBe('running');
  });
});

describe.skipIf(!isRoot)('a full disk', () => {
  const fill = () => execFileSync('sh', ['-c', `dd if=/dev/zero of=${path('state/fill')} bs=64k 2>/dev/null || :`]);

  beforeEach(() => {
    mkdirSync(path('state'), { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path('state')]);
    restart();
  });
  afterEach(async () => {
    for (const { id } of await runtime.listPodSandboxes(ctx)) await runtime.removePodSandbox(ctx, id);
    abort.abort();
    execFileSync('umount', ['-l', path('state')]);
  });

  test('loses lines, and neither the container nor its record', SLOW, async () => {
    const id = await start('while :; do echo line; [ ! -e quit ] || exit 3; sleep 0.01; done');
    await expect.poll(log).toContain('line');
    fill();
    const other = await start('echo made on a full disk; sleep 300');
    writeFileSync(path('quit'), '');
    await expect.poll(() => state(id)).toBe('exited');
    expect(await status(id)).toMatchObject({ exitCode: 3 });
    expect(await state(other)).toBe('running');
    rmSync(path('state/fill'));
    const saved = () => JSON.parse(readFileSync(path(`state/containers/${id}/record.json`), 'utf8'));
    await expect.poll(saved, { timeout: 5000 }).toMatchObject({ state: 'exited', exitCode: 3 });
    restart();
    expect(await state(other)).toBe('running');
  });
});
