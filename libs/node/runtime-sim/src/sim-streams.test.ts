import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { type Context, silentLogger, withSignal } from '@binnacle/machinery-context';
import type { ContainerConfig, ContainerStreams } from '@binnacle/node-cri';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ShellPool, SimRuntime, Wire } from './index.js';

const network = `10.${202 + 2 * Math.floor(Math.random() * 25)}.${Math.floor(Math.random() * 250)}`;
let directory: string;
let abort: AbortController;
let ctx: Context;
let runtime: SimRuntime;
let sandbox: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-streams-'));
  abort = new AbortController();
  ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
  runtime = new SimRuntime(ctx, {
    nodeName: 'worker-1',
    hostIp: '127.0.0.1',
    version: '1',
    shell: new ShellPool(systemClock),
    wire: new Wire({
      privileged: process.getuid?.() === 0,
      isService: () => false,
      listeners: { has: async () => false },
    }),
  });
  await runtime.updateRuntimeConfig(ctx, { podCidr: `${network}.0/24` });
  sandbox = await runtime.runPodSandbox(ctx, {
    metadata: { name: 'pod', namespace: 'ns', uid: 'pod', attempt: 0 },
    hostname: 'pod',
    logDirectory: join(directory, 'pod'),
    labels: {},
    annotations: {},
    hostNetwork: false,
  });
});
afterEach(async () => {
  abort.abort();
  await rm(directory, { recursive: true, force: true });
});

async function start(image: string, more: Partial<ContainerConfig> = {}): Promise<string> {
  const id = await runtime.createContainer(ctx, sandbox, {
    metadata: { name: 'main', attempt: 0 },
    image,
    command: [],
    args: [],
    env: { GREETING: 'hello' },
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
  await runtime.startContainer(ctx, id);
  return id;
}

/** The far end of the streams of a command. */
class Client {
  readonly stdin = new PassThrough();
  private readonly seen = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  readonly streams: ContainerStreams;

  constructor(tty = false, wanted: { readonly stdin?: boolean } = {}) {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    stdout.on('data', (chunk: Buffer) => this.seen.stdout.push(chunk));
    stderr.on('data', (chunk: Buffer) => this.seen.stderr.push(chunk));
    const input = wanted.stdin === false ? {} : { stdin: this.stdin };
    this.streams = { ...input, stdout, ...(!tty && { stderr }), tty, onResize: () => undefined };
  }

  get stdout(): string {
    return Buffer.concat(this.seen.stdout).toString();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.seen.stdout);
  }

  get stderr(): string {
    return Buffer.concat(this.seen.stderr).toString();
  }

  /** Types once what comes before has been seen. */
  async type(after: string, keys: string): Promise<void> {
    await poll(() => this.stdout).toContain(after);
    this.stdin.write(keys);
  }
}

const poll = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 10 });

/** A command without input. */
async function run(id: string, ...command: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const client = new Client(false, { stdin: false });
  const code = await runtime.exec(ctx, id, command, client.streams);
  return { code, stdout: client.stdout, stderr: client.stderr };
}

describe('a command', () => {
  test('prints, and ends with its exit code', async () => {
    const id = await start('nginx:1.27');
    expect(await run(id, 'sh', '-c', 'echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await run(id, 'env')).stdout).toContain('GREETING=hello');
    expect((await run(id, 'hostname')).stdout).toBe('pod\n');
    expect((await run(id, 'ps')).stdout).toMatch(/1 root +0:00 nginx/);
  });

  test('that the image does not have cannot be run', async () => {
    const id = await start('nginx:1.27');
    await expect(run(id, 'vim')).rejects.toThrow(
      /failed to exec in container.*exec: "vim": executable file not found in \$PATH/,
    );
    const pause = await start('registry.k8s.io/pause:3.10', { logPath: 'pause/0.log' });
    await expect(run(pause, 'sh')).rejects.toThrow('executable file not found');
  });

  test('reads its input to the end, and keeps every byte', async () => {
    const id = await start('busybox', { command: ['sleep', 'infinity'] });
    const bytes = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));
    const writer = new Client();
    const written = runtime.exec(ctx, id, ['sh', '-c', 'cat > /tmp/bytes'], writer.streams);
    writer.stdin.end(bytes);
    expect(await written).toBe(0);
    const reader = new Client(false, { stdin: false });
    await runtime.exec(ctx, id, ['cat', '/tmp/bytes'], reader.streams);
    expect(reader.bytes.equals(bytes)).toBe(true);
  });

  test('copies files out and in as tar', async () => {
    const id = await start('busybox', { command: ['sleep', 'infinity'] });
    await run(id, 'sh', '-c', 'mkdir -p /data/sub; echo one > /data/a; echo two > /data/sub/b');
    const out = new Client(false, { stdin: false });
    expect(await runtime.exec(ctx, id, ['tar', 'cf', '-', '/data'], out.streams)).toBe(0);
    const into = new Client();
    const copied = runtime.exec(ctx, id, ['tar', '-xmf', '-', '-C', '/tmp'], into.streams);
    into.stdin.end(out.bytes);
    expect(await copied).toBe(0);
    expect((await run(id, 'cat', '/tmp/data/a', '/tmp/data/sub/b')).stdout).toBe('one\ntwo\n');
  });

  test('ends with whoever asked for it, and with its container', async () => {
    const id = await start('busybox', { command: ['sleep', 'infinity'] });
    const gone = new AbortController();
    const left = runtime.exec(
      withSignal(ctx, gone.signal),
      id,
      ['sleep', '1000'],
      new Client(false, { stdin: false }).streams,
    );
    gone.abort();
    expect(await left).not.toBe(0);
    const cut = runtime.exec(ctx, id, ['sh', '-c', 'sleep 1000'], new Client(false, { stdin: false }).streams);
    await runtime.stopContainer(ctx, id, 0);
    expect(await cut).not.toBe(0);
  });
});

describe('a shell', () => {
  test('at a terminal shows a prompt, keeps its state, edits lines, and ends with an exit code', async () => {
    const id = await start('nginx:1.27');
    const client = new Client(true);
    const ended = runtime.exec(ctx, id, ['sh'], client.streams);
    await client.type('/ # ', 'cd /tmp\r');
    await client.type('/tmp # ', 'X=5; greet() { echo hi $1; }\r');
    await client.type('}\r\n/tmp # ', 'greet() { echo hi $1; }\r');
    await client.type('$1; }\r\n/tmp # ', 'greet $X-$GREETING\r');
    await client.type('hi 5-hello\r\n/tmp # ', 'flase\x01\x1b[C\x1b[C\x7f\x0blse; false\r');
    await client.type('/tmp # ', 'echo code $?\r');
    await client.type('code 1\r\n', 'for i in a b; do\recho "<$i>"\rdone\r');
    await client.type('<a>\r\n<b>\r\n/tmp # ', 'exit 4\r');
    expect(await ended).toBe(4);
  });

  test('is interrupted by Ctrl-C and ended by Ctrl-D', async () => {
    const id = await start('nginx:1.27');
    const client = new Client(true);
    const ended = runtime.exec(ctx, id, ['sh'], client.streams);
    await client.type('/ # ', 'sleep 1000\r');
    await client.type('sleep 1000\r\n', '\x03');
    await client.type('^C\r\n/ # ', 'echo code $?\r');
    await client.type('code 130\r\n/ # ', 'abc\x03');
    await client.type('abc^C\r\n/ # ', '\x1b[A\r');
    await client.type('code 130\r\n/ # ', '\x04');
    expect(await ended).toBe(0);
  });

  test('without a terminal takes its commands from its input', async () => {
    const id = await start('nginx:1.27');
    const client = new Client();
    const ended = runtime.exec(ctx, id, ['sh'], client.streams);
    client.stdin.end('cd /tmp\npwd\nnot-there\nexit 2\n');
    expect(await ended).toBe(2);
    expect(client.stdout).toBe('/tmp\n');
    expect(client.stderr).toContain('not-there');
  });
});

describe('who attaches', () => {
  test('to a shell with a terminal uses it, and ends it', async () => {
    const id = await start('busybox', { stdin: true, stdinOnce: true, tty: true });
    const client = new Client(true);
    const attached = runtime.attach(ctx, id, client.streams);
    client.stdin.write('\r');
    await client.type('/ # ', 'echo hi $GREETING\r');
    await client.type('hi hello\r\n', 'exit 3\r');
    await attached;
    const [status] = await runtime.listContainers(ctx, sandbox);
    expect(status).toMatchObject({ state: 'exited', exitCode: 3 });
    expect(await readFile(join(directory, 'pod/main/0.log'), 'utf8')).toContain('hi hello');
  });

  test('to a program sees what it prints', async () => {
    const id = await start('busybox', { command: ['sh', '-c', 'while true; do echo tick; sleep 0.05; done'] });
    const client = new Client(false, { stdin: false });
    const gone = new AbortController();
    const attached = runtime.attach(withSignal(ctx, gone.signal), id, client.streams);
    await poll(() => client.stdout).toContain('tick\ntick\n');
    gone.abort();
    await attached;
  });
});
