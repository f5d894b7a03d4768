import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { ContainerStreams, RuntimeEvent, RuntimeService } from '@binnacle/node-cri';
import { SpdyConnection } from '@binnacle/process-streams';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PodWorkers } from '../../worker/pod-workers.js';
import { refuseStream, serveStream } from './serve-stream.js';
import { streamRequest } from './stream-request.js';

const POD: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'ns', uid: 'u' },
  spec: {
    containers: [
      { name: 'main', image: 'i', ports: [{ containerPort: 80 }] },
      { name: 'ended', image: 'i' },
    ],
  },
};
const SANDBOX = { id: 's', state: 'ready', ip: '10.0.0.1' };
const CONTAINERS = [
  { id: 'c', metadata: { name: 'main', attempt: 0 }, state: 'running' },
  { id: 'e', metadata: { name: 'ended', attempt: 0 }, state: 'exited' },
];

let pod: Pod;
let server: Server;
let port: number;
let tell: (event: RuntimeEvent) => void;
let exec: (command: readonly string[], streams: ContainerStreams) => Promise<number>;
let reached: string[];
/** Where Pods are really reached. */
let behind: Server | ReturnType<typeof createListener>;
const ctx = { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal };

const runtime = {
  listPodSandboxes: async () => [SANDBOX],
  listContainers: async () => CONTAINERS,
  exec: (_: unknown, _id: string, command: readonly string[], streams: ContainerStreams) => exec(command, streams),
  attach: async (_: unknown, id: string, { stdout, tty }: ContainerStreams) => void stdout?.write(`${id} ${tty}`),
  reach: async (_: unknown, sandbox: string, host: string, wanted: number) => {
    reached.push(`${sandbox} ${host}:${wanted}`);
    return { host: '127.0.0.1', port: wanted === 81 ? 1 : (behind.address() as AddressInfo).port };
  },
  onEvent: (listener: (event: RuntimeEvent) => void) => {
    tell = listener;
    return () => undefined;
  },
} as unknown as RuntimeService;

beforeEach(async () => {
  [pod, reached] = [POD, []];
  exec = async (command, { stdout }) => {
    stdout?.write(command.join(' '));
    return 0;
  };
  const workers = { find: (name: string) => (name === 'ns/web' ? { pod } : undefined) } as unknown as PodWorkers;
  server = createServer();
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const upgrade = { request: incoming, socket, head };
    const serve = async () => {
      const asked = streamRequest(new URL(incoming.url ?? '/', 'http://kubelet'));
      if (asked) await serveStream(ctx, { workers, runtime }, asked, upgrade);
    };
    serve().catch((error: unknown) => refuseStream(upgrade, error));
  });
  behind = createListener({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  behind.listen(0, '127.0.0.1');
  server.listen(0, '127.0.0.1');
  await Promise.all([once(server, 'listening'), once(behind, 'listening')]);
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.close();
  server.closeAllConnections();
  behind.close();
});

/** Resolves with the status and text of a refusal, or with a connection. */
async function connect(path: string, protocol = 'v4.channel.k8s.io'): Promise<SpdyConnection | string> {
  const headers = { connection: 'Upgrade', upgrade: 'SPDY/3.1', 'x-stream-protocol-version': protocol };
  const call = request({ host: '127.0.0.1', port, path, method: 'POST', headers });
  call.end();
  const refused = once(call, 'response').then(async ([answer]) => `${answer.statusCode} ${await text(answer)}`);
  const upgraded = once(call, 'upgrade').then(([, socket, head]) => {
    return new SpdyConnection(socket, { role: 'client', onStream: () => undefined }, head);
  });
  return await Promise.race([refused, upgraded]);
}

async function command(path: string): Promise<{ stdout: string; error: string }> {
  const connection = await connect(path);
  if (typeof connection === 'string') throw new Error(connection);
  const [error, stdout] = [connection.open({ streamtype: 'error' }), connection.open({ streamtype: 'stdout' })];
  return { stdout: await text(stdout), error: await text(error) };
}

describe('exec', () => {
  test('runs a command and tells that it succeeded', async () => {
    const { stdout, error } = await command('/exec/ns/web/main?output=1&command=echo&command=a%20b');
    expect(stdout).toBe('echo a b');
    expect(JSON.parse(error)).toEqual({ metadata: {}, status: 'Success' });
  });

  test('tells an exit code as a cause', async () => {
    exec = async () => 7;
    const { error } = await command('/exec/ns/web/main?output=1&command=false');
    expect(JSON.parse(error)).toMatchObject({
      status: 'Failure',
      reason: 'NonZeroExitCode',
      details: { causes: [{ reason: 'ExitCode', message: '7' }] },
    });
  });

  test('tells why a command could not be run', async () => {
    exec = async () => Promise.reject(new Error('no such file'));
    const { error } = await command('/exec/ns/web/main?output=1&command=x');
    expect(JSON.parse(error)).toMatchObject({
      reason: 'InternalError',
      message: 'Internal error occurred: error executing command in container: no such file',
    });
  });

  test.each([
    ['/exec/ns/web/ended?output=1', '500 container not found ("ended")'],
    ['/exec/ns/web/none?output=1', '500 container not found ("none")'],
    ['/exec/ns/other/main?output=1', '404 pod does not exist'],
    ['/exec/ns/web/main', '400 you must specify at least 1 of stdin, stdout, stderr'],
    ['/attach/ns/web/none?output=1', '500 container none not found in pod web_ns'],
    ['/exec/ns/web', '404 404 page not found'],
    ['/portForward/ns/other', '404 pod does not exist'],
  ])('%s is refused: %s', async (path, why) => {
    expect(await connect(path)).toBe(`${why}\n`);
  });
});

test('attach has a terminal where the container has one, whatever is asked', async () => {
  expect((await command('/attach/ns/web/main?output=1')).stdout).toBe('c false');
  const [main] = POD.spec?.containers ?? [];
  if (main) pod = { ...POD, spec: { containers: [{ ...main, tty: true }] } };
  expect((await command('/attach/ns/web/main?output=1')).stdout).toBe('c true');
});

function forward(connection: SpdyConnection, to: number): { data: Duplex; error: Duplex } {
  const about = { port: String(to), requestid: '0' };
  const error = connection.open({ streamtype: 'error', ...about });
  const data = connection.open({ streamtype: 'data', ...about });
  error.end();
  return { data, error };
}

async function forwarded(to: number) {
  const connection = await connect('/portForward/ns/web', 'portforward.k8s.io');
  if (typeof connection === 'string') throw new Error(connection);
  return { connection, ...forward(connection, to) };
}

describe('a forwarded port', () => {
  test('is the one of the Pod, to the end of what either side says', async () => {
    const { data, error, connection } = await forwarded(80);
    data.end('hello');
    expect([await text(data), await text(error)]).toEqual(['hello', '']);
    expect(reached).toEqual(['s 10.0.0.1:80']);
    connection.destroy();
  });

  test('at which nothing listens says why', async () => {
    const { data, error, connection } = await forwarded(81);
    expect(await text(error)).toMatch(/^error forwarding port 81 to pod s, uid u: connect ECONNREFUSED/);
    expect(await text(data)).toBe('');
    connection.destroy();
  });

  test('of a Pod of its node is one that it declares', async () => {
    pod = { ...POD, spec: { ...POD.spec, containers: POD.spec?.containers ?? [], hostNetwork: true } };
    const { error, connection } = await forwarded(5432);
    expect(await text(error)).toContain('serves only ports it declares');
    expect(reached).toEqual([]);
    connection.destroy();
  });

  test('goes with the network of its Pod, not with one of its containers', async () => {
    const { data, connection } = await forwarded(80);
    data.write('a');
    await once(data, 'data');
    tell({ type: 'stopped', sandboxId: 's', containerId: 'c' });
    data.write('b');
    await once(data, 'data');
    tell({ type: 'stopped', sandboxId: 's' });
    await connection.ended;
  });
});
