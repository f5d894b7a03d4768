import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Context, silentLogger } from '@binnacle/machinery-context';
import { wireAddress } from '@binnacle/machinery-wire';
import type { ContainerConfig, ContainerStatus } from '@binnacle/node-cri';
import { systemClock } from '@binnacle/process-lifecycle';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ShellPool, SimRuntime, Wire } from './index.js';
import { TestRules } from './testing/inhabitants.js';

const privileged = process.getuid?.() === 0;
const network = `10.${201 + 2 * Math.floor(Math.random() * 25)}.${Math.floor(Math.random() * 250)}`;
let directory = '';
let abort = new AbortController();
let ctx: Context;
let runtime: SimRuntime;
let wire: Wire;
const rules = new TestRules();

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'binnacle-sim-'));
  abort = new AbortController();
  ctx = { signal: abort.signal, clock: systemClock, logger: silentLogger };
  wire = new Wire({ privileged, isService: () => false, listeners: { has: async () => false }, rules });
  runtime = new SimRuntime(ctx, {
    nodeName: 'worker-1',
    hostIp: '127.0.0.1',
    version: '1',
    shell: new ShellPool(systemClock),
    wire,
  });
  await runtime.updateRuntimeConfig(ctx, { podCidr: `${network}.0/24` });
});

afterEach(async () => {
  abort.abort();
  // A server that was just ended may still write the last line of its log.
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

async function sandbox(name = 'pod'): Promise<{ id: string; ip: string }> {
  const id = await runtime.runPodSandbox(ctx, {
    metadata: { name, namespace: 'ns', uid: name, attempt: 0 },
    hostname: name,
    logDirectory: join(directory, name),
    labels: {},
    annotations: {},
    hostNetwork: false,
  });
  const [status] = await runtime.listPodSandboxes(ctx, { podUid: name });
  return { id, ip: status?.ip ?? '' };
}

const config = (image: string, more: Partial<ContainerConfig> = {}): ContainerConfig => ({
  metadata: { name: 'main', attempt: 0 },
  image,
  command: [],
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

async function start(sandboxId: string, image: string, more?: Partial<ContainerConfig>): Promise<string> {
  const id = await runtime.createContainer(ctx, sandboxId, config(image, more));
  await runtime.startContainer(ctx, id);
  return id;
}

const status = async (id: string) =>
  (await runtime.listContainers(ctx)).find((container) => container.id === id) as ContainerStatus;
const log = (pod = 'pod') => readFile(join(directory, pod, 'main/0.log'), 'utf8').catch(() => '');
const poll = <T>(read: () => T) => expect.poll(read, { timeout: 10_000, interval: 10 });

async function fetchPod(ip: string, port: number, path = '/'): Promise<Response> {
  const address = wireAddress(ip, port, privileged);
  return await fetch(`http://${address.host}:${address.port}${path}`);
}

const tcp = (port: number) => ({ containerPort: port, protocol: 'TCP' as const });

test('a Pod is known by its address as long as it has it', async () => {
  const { id, ip } = await sandbox();
  const self = { namespace: 'ns', name: 'pod', uid: 'pod', node: 'worker-1', hostIp: '127.0.0.1', ip };
  expect(wire.inhabitant(ip)).toMatchObject(self);
  await runtime.stopPodSandbox(ctx, id);
  expect(wire.inhabitant(ip)).toBeUndefined();
  const other = await sandbox('other');
  expect(wire.inhabitant(other.ip)?.name).toBe('other');
  abort.abort();
  expect(wire.inhabitant(other.ip)).toBeUndefined();
});

test('a container that runs gets another size, and says so', async () => {
  const { id } = await sandbox();
  const requests = { cpuMillis: 500 };
  const container = await start(id, 'nginx', { requests });
  expect((await status(container)).size).toEqual({ limits: {}, requests });
  const size = { limits: { memoryBytes: 2 ** 30 }, requests: { cpuMillis: 700 } };
  await runtime.updateContainerResources(ctx, container, size);
  expect((await status(container)).size).toEqual(size);
  await runtime.stopContainer(ctx, container, 0);
  await expect(runtime.updateContainerResources(ctx, container, size)).rejects.toThrow('is not running');
});

describe('an image', () => {
  test('nobody knows answers who it is on its ports', async () => {
    const { id, ip } = await sandbox();
    await start(id, 'example.com/team/app:v2', { ports: [tcp(8080)] });
    await poll(log).toContain('listening on port 8080');
    const answer = await (await fetchPod(ip, 8080, '/x?y=1')).json();
    expect(answer).toMatchObject({
      pod: 'pod',
      namespace: 'ns',
      node: 'worker-1',
      image: 'example.com/team/app:v2',
      container: 'main',
    });
    expect(answer.request).toMatchObject({ method: 'GET', path: '/x?y=1' });
  });

  test('nginx shows its welcome page on port 80 without being asked', async () => {
    const { id, ip } = await sandbox();
    await start(id, 'nginx:1.27');
    await poll(log).toContain('ready to serve');
    expect(await (await fetchPod(ip, 80)).text()).toContain('Welcome to nginx!');
    expect((await fetchPod(ip, 80, '/nothing')).status).toBe(404);
    await poll(log).toMatch(/"GET \/nothing HTTP\/1.1" 404/);
  });

  test('redis answers', async () => {
    const { id, ip } = await sandbox();
    await start(id, 'redis:7');
    await poll(log).toContain('Ready to accept connections');
    const socket = connect(wireAddress(ip, 6379, privileged));
    socket.write('PING\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$2\r\nhi\r\nGET a\r\nQUIT\r\n');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    expect(Buffer.concat(chunks).toString()).toBe('+PONG\r\n+OK\r\n$2\r\nhi\r\n+OK\r\n');
  });

  test('with a UDP port sends back what it gets', async () => {
    const { id, ip } = await sandbox();
    await start(id, 'dns-ish:1', { ports: [{ containerPort: 5353, protocol: 'UDP' }, tcp(8080)] });
    await poll(log).toContain('listening');
    const socket = createSocket('udp4');
    const address = wireAddress(ip, 5353, privileged);
    await poll(async () => {
      socket.send('hello', address.port, address.host);
      return String(
        ((await Promise.race([once(socket, 'message'), new Promise((r) => setTimeout(r, 100, ['-']))])) as Buffer[])[0],
      );
    }).toBe('hello');
    socket.close();
  });

  test('that a registry does not have cannot be pulled', async () => {
    await expect(runtime.pullImage(ctx, 'nginx:1.999')).rejects.toThrow('docker.io/library/nginx:1.999: not found');
    await expect(runtime.pullImage(ctx, 'Not An Image')).rejects.toMatchObject({ reason: 'InvalidImageName' });
    expect(await runtime.pullImage(ctx, 'team/app')).toBe('docker.io/team/app:latest');
    expect(await runtime.imageStatus(ctx, 'team/app:latest')).toMatchObject({
      repoTags: ['docker.io/team/app:latest'],
    });
  });
});

describe('containers of one Pod', () => {
  test('share an address: a port is taken only once', async () => {
    const { id } = await sandbox();
    await start(id, 'app:1', { ports: [tcp(8080)] });
    await poll(log).toContain('listening');
    const second = await start(id, 'app:1', { ports: [tcp(8080)], metadata: { name: 'second', attempt: 0 } });
    await poll(async () => (await status(second)).exitCode).toBe(1);
  });

  test('stop listening when they are stopped, and the address is free again', async () => {
    const { id, ip } = await sandbox();
    const container = await start(id, 'app:1', { ports: [tcp(8080)] });
    await poll(log).toContain('listening');
    await runtime.stopContainer(ctx, container, 5);
    expect(await status(container)).toMatchObject({ state: 'exited', exitCode: 0, reason: 'Completed' });
    await expect(fetchPod(ip, 8080)).rejects.toThrow();
    await runtime.removePodSandbox(ctx, id);
    expect(await runtime.listContainers(ctx)).toEqual([]);
  });

  test.each(['app:1', 'nginx'])('answer what is on its way when they are told to end: %s', async (image) => {
    const { id, ip } = await sandbox();
    const container = await start(id, image, { ports: [tcp(80)] });
    await poll(async () => (await fetchPod(ip, 80)).status).toBe(200);
    const stopped = runtime.stopContainer(ctx, container, 5);
    expect((await fetchPod(ip, 80)).status).toBe(200);
    await stopped;
    expect(await status(container)).toMatchObject({ state: 'exited', exitCode: 0 });
    await expect(fetchPod(ip, 80)).rejects.toThrow();
  });

  test('are gone when the node loses its power', async () => {
    const { id, ip } = await sandbox();
    await start(id, 'app:1', { ports: [tcp(8080)] });
    await poll(log).toContain('listening');
    abort.abort();
    await expect(fetchPod(ip, 8080)).rejects.toThrow();
    expect(await runtime.listPodSandboxes(ctx)).toEqual([]);
  });
});

describe('a command', () => {
  test.each([
    [['echo', 'hi', 'there'], 0, 'F hi there\n'],
    [['false'], 1, ''],
    [['sh', '-c', 'echo one; sleep 0.01 && echo two; exit 3'], 3, 'F one\n'],
  ])('%j runs without a thread', async (command, exitCode, text) => {
    const { id } = await sandbox();
    const container = await start(id, 'busybox', { command });
    await poll(async () => (await status(container)).state).toBe('exited');
    expect((await status(container)).exitCode).toBe(exitCode);
    expect(await log()).toContain(text);
  });

  test('sleep is a timer that a signal ends', async () => {
    const { id } = await sandbox();
    const container = await start(id, 'busybox', { args: ['sleep', '1d'] });
    await runtime.stopContainer(ctx, container, 5);
    expect((await status(container)).exitCode).toBe(143);
  });

  test('crash ends by itself', async () => {
    const { id } = await sandbox();
    const container = await start(id, 'crash:1');
    await poll(async () => (await status(container)).exitCode).toBe(1);
    expect(await log()).toContain('something went wrong');
  });
});

describe('a shell', () => {
  test('logs while it runs, reaches its neighbour over localhost, and is ended by a signal', async () => {
    const { id } = await sandbox();
    await start(id, 'app:1', { ports: [tcp(3000)], metadata: { name: 'server', attempt: 0 }, logPath: 'server/0.log' });
    const script =
      'n=0; while true; do n=$((n+1)); echo "try $n"; wget -qO- http://localhost:3000/from-shell; sleep 0.05; done';
    const container = await start(id, 'busybox', { command: ['sh', '-c', script] });
    await poll(log).toMatch(/F try 2\n/);
    await poll(log).toContain('"path":"/from-shell"');
    await runtime.stopContainer(ctx, container, 5);
    expect((await status(container)).exitCode).toBe(143);
  });

  test('shares its files with commands run beside it, and leaves a termination message', async () => {
    const { id } = await sandbox();
    const script =
      'touch /tmp/healthy; while [ -e /tmp/healthy ]; do sleep 0.02; done; echo "all done" > /dev/termination-log; exit 5';
    const container = await start(id, 'busybox', { command: ['sh', '-c', script], env: { A: 'b' } });
    await poll(async () => (await runtime.execSync(ctx, container, ['cat', '/tmp/healthy'], 5)).exitCode).toBe(0);
    const echoed = await runtime.execSync(ctx, container, ['sh', '-c', 'echo $A $HOSTNAME | tr a-z A-Z'], 5);
    expect(echoed.stdout.toString()).toBe('B POD\n');
    await runtime.execSync(ctx, container, ['rm', '/tmp/healthy'], 5);
    await poll(async () => await status(container)).toMatchObject({ exitCode: 5, message: 'all done\n' });
  });

  test('shares volumes with its neighbours, and nothing else of the machine', async () => {
    const volume = join(directory, 'volume');
    await mkdir(volume);
    const { id, ip } = await sandbox();
    const mount = (containerPath: string, readonly = false) => ({ hostPath: volume, containerPath, readonly });
    await start(id, 'nginx', {
      mounts: [mount('/usr/share/nginx/html', true)],
      metadata: { name: 'server', attempt: 0 },
      logPath: 'server/0.log',
    });
    expect((await fetchPod(ip, 80)).status).toBe(404);
    const script = 'echo "hello from the shell" > /html/index.html; ls /etc/shadow; sleep 60';
    const shell = await start(id, 'busybox', { command: ['sh', '-c', script], mounts: [mount('/html')] });
    await poll(async () => (await fetchPod(ip, 80)).text()).toBe('hello from the shell\n');
    await poll(log).toContain('No such file or directory');
    const escape = await runtime.execSync(ctx, shell, ['sh', '-c', 'ln -s /etc/passwd /html/x; cat /html/x'], 5);
    expect(escape.stdout.toString()).toBe('');
    await symlink('/etc/hostname', join(volume, 'link.html'));
    expect((await fetchPod(ip, 80, '/link.html')).status).toBe(404);
    expect((await fetchPod(ip, 80, '/..%2f..%2fetc/passwd')).status).toBe(404);
  });

  test.each(['curl -s localhost:3000/x', 'curl -s http://localhost:3000/x', 'wget -qO- localhost:3000/x'])(
    'asks its neighbour: %s',
    async (script) => {
      const { id } = await sandbox();
      await start(id, 'app:1', {
        ports: [tcp(3000)],
        metadata: { name: 'server', attempt: 0 },
        logPath: 'server/0.log',
      });
      await start(id, 'busybox', { command: ['sh', '-c', script] });
      await poll(log).toContain('"path":"/x"');
    },
  );

  test('tells by its exit code why a server was not reached, as curl does', async () => {
    const web = await sandbox('web');
    const { id } = await sandbox();
    const shell = await start(id, 'busybox', { command: ['sleep', 'infinity'] });
    const ask = async (...words: string[]) => {
      const { exitCode, stderr } = await runtime.execSync(ctx, shell, ['curl', '-sS', ...words], 20);
      return [exitCode, stderr.toString().split('\n')[0]];
    };
    const url = `http://${web.ip}:3000/`;
    const refused = `Failed to connect to ${web.ip} port 3000 after 0 ms: Could not connect to server`;
    expect(await ask(url)).toEqual([7, `curl: (7) ${refused}`]);
    expect(await ask('nobody')).toEqual([6, 'curl: (6) Could not resolve host: nobody']);
    rules.forbid(web.ip);
    const late = 'Connection timed out after 100 milliseconds';
    expect(await ask('--connect-timeout', '0.1', url)).toEqual([28, `curl: (28) ${late}`]);
    expect((await runtime.execSync(ctx, shell, ['curl', '-s', '-m', '0.1', url], 20)).stderr.toString()).toBe('');
    rules.allow(web.ip);
    await start(web.id, 'nginx');
    expect(await ask(`http://${web.ip}/`)).toEqual([0, '']);
  });

  test('says what https is, here', async () => {
    const { id } = await sandbox();
    await start(id, 'busybox', { command: ['sh', '-c', 'curl https://localhost:3000/'] });
    await poll(log).toContain('https: is not supported here');
  });

  test.each(['nc -z localhost 3000', 'nc -zv -w 2 localhost 3000', 'nc -w 2 -z localhost 3000'])(
    'finds an open port: %s',
    async (script) => {
      const { id } = await sandbox();
      const metadata = { name: 'server', attempt: 0 };
      await start(id, 'app:1', { ports: [tcp(3000)], metadata, logPath: 'server/0.log' });
      const shell = await start(id, 'busybox', { command: ['sh', '-c', `${script} && echo open`] });
      await poll(async () => (await status(shell)).exitCode).toBe(0);
    },
  );

  test('that takes too much memory is ended, and says so', async () => {
    const { id } = await sandbox();
    const script = 'x=abcdefghijklmnop; while :; do x="$x$x"; y="$y$x"; done';
    const container = await start(id, 'busybox', { command: ['sh', '-c', script] });
    await poll(async () => (await status(container)).state).toBe('exited');
    expect((await status(container)).exitCode).not.toBe(0);
    await poll(log).toMatch(/stderr F .+/);
  });

  test('that is stopped leaves the others in its thread alone', async () => {
    const { id } = await sandbox();
    const waiting = { command: ['sh', '-c', 'touch /tmp/x; echo here; sleep 1000'] };
    const starts = Array.from({ length: 9 }, (_, attempt) =>
      start(id, 'busybox', { ...waiting, metadata: { name: 'main', attempt }, logPath: `main/${attempt}.log` }),
    );
    const [neighbours, last] = [await Promise.all(starts.slice(0, 8)), (await starts[8]) ?? ''];
    const logOf = (attempt: number) => readFile(join(directory, `pod/main/${attempt}.log`), 'utf8').catch(() => '');
    for (let attempt = 0; attempt < 9; attempt += 1) await poll(() => logOf(attempt)).toContain('here');
    for (const neighbour of neighbours) {
      expect((await runtime.execSync(ctx, neighbour, ['cat', '/tmp/x'], 5)).exitCode).toBe(0);
      await runtime.stopContainer(ctx, neighbour, 5);
    }
    const echoed = await runtime.execSync(ctx, last, ['sh', '-c', 'for word in a b; do echo "$word"; done'], 5);
    expect(echoed.stdout.toString()).toBe('a\nb\n');
    expect((await status(last)).state).toBe('running');
  });

  test('in an endless loop is ended with its thread', async () => {
    const { id } = await sandbox();
    const container = await start(id, 'busybox', { command: ['sh', '-c', 'while :; do :; done'] });
    await expect(runtime.execSync(ctx, container, ['ls', '/'], 0.2)).rejects.toThrow('timed out');
    await poll(async () => (await status(container)).exitCode).toBe(137);
  });
});

describe('what a probe dials', () => {
  test("is a sandbox's socket where a container holds it, and nothing where none does", async () => {
    const { id, ip } = await sandbox();
    const code = { code: 'ECONNREFUSED' };
    await expect(runtime.reach(ctx, id, ip, 8080)).rejects.toMatchObject(code);
    await start(id, 'nginx', { ports: [{ containerPort: 8080, protocol: 'TCP' }] });
    expect(await runtime.reach(ctx, id, ip, 8080)).toEqual(wireAddress(ip, 8080, privileged));
    await expect(runtime.reach(ctx, 'another', ip, 8080)).rejects.toThrow('there is no sandbox another');
  });

  test("is never what listens on this machine, whatever the machine's own names are", async () => {
    const { id } = await sandbox();
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    for (const host of ['localhost', '127.0.0.1', '10.0.0.1']) {
      await expect(runtime.reach(ctx, id, host, port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    }
    server.close();
  });
});
