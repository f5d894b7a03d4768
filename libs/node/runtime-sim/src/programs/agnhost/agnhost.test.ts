import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerConfig } from '@binnacle/node-cri';
import { afterEach, describe, expect, test } from 'vitest';
import { configOf, ended, TestProcess } from '../../testing/processes.js';
import type { Network } from '../../network/network.js';
import { agnhost } from './agnhost.js';
import { goDuration } from './flags.js';
import { serviceOf } from './grpc-health-checking.js';

let container: TestProcess;
afterEach(() => container?.end());

async function begin(words: readonly string[], more: Partial<ContainerConfig> = {}, network?: Partial<Network>) {
  container = new TestProcess(configOf(more), network);
  return await container.run(agnhost(words));
}

describe('netexec', () => {
  test.each<[string, string[], number[], number[]]>([
    ['listens where nothing is said', [], [8080], [8081]],
    ['listens where it is told', ['--http-port=80', '--udp-port', '90'], [80], [90]],
    ['takes no notice of a port that is none', ['--http-port=x'], [8080], [8081]],
    ['answers no datagrams where it is told so', ['--udp-port=-1'], [8080], []],
  ])('%s', async (_, flags, ports, datagrams) => {
    await begin(['netexec', ...flags]);
    expect([container.ports, [...container.datagrams.keys()]]).toEqual([ports, datagrams]);
  });

  test.each<[string, number, string]>([
    ['/hostname', 200, 'web-0'],
    ['/hostName', 200, 'web-0'],
    ['/healthz', 200, ''],
    ['/readyz', 200, 'ok'],
    ['/serverport', 200, '8080'],
    ['/echo?msg=hello%20there', 200, 'hello there'],
    ['/echo?msg=no&code=418', 418, 'no'],
    ['/echo?code=1', 400, ''],
    ['/header?key=Host', 200, 'pod'],
    ['/shell?cmd=ls', 200, '{"output":"ran"}'],
    ['/dial?host=a&port=80', 400, 'request parameter not specified. <nil>\n'],
    ['/dial?host=a&port=80&request=x&protocol=sctp', 400, 'unsupported protocol. sctp\n'],
    ['/dial?host=a&port=0&request=x', 400, 'host and/or port param are invalid. 0\n'],
    ['/dial?host=a&port=1&request=x&tries=many', 400, 'tries parameter is invalid. many\n'],
  ])('answers %s with %i %j', async (path, status, body) => {
    await begin(['netexec']);
    expect(await container.get(8080, path)).toEqual({ status, body });
  });

  test('says the time on every path that is none of its own, even one that every object has', async () => {
    await begin(['netexec']);
    for (const path of ['/', '/any', '/constructor', '/__proto__'])
      expect((await container.get(8080, path)).body).toMatch(/^NOW: 20\d\d-|^NOW: 1970-/);
    expect((await container.get(8080, '//')).status).toBe(400);
  });

  test('answers one thing alone where it is told so', async () => {
    await begin(['netexec', '--http-override=/echo?msg=always']);
    expect((await container.get(8080, '/hostname')).body).toBe('always');
  });

  test.each<[string, number, number[]]>([
    ['/exit', 200, [0]],
    ['/exit?code=7', 200, [7]],
    ['/exit?code=7&wait=1m', 200, []],
    ['/exit?code=128', 400, []],
    ['/exit?code=-1', 400, []],
    ['/exit?code=soon', 400, []],
    ['/exit?wait=soon', 400, []],
    ['/shutdown', 200, [0]],
  ])('at %s answers %i and ends with %j', async (path, status, codes) => {
    await begin(['netexec']);
    const answer = container.get(8080, path).catch(() => undefined);
    if (path !== '/shutdown') expect((await answer)?.status).toBe(status);
    await expect.poll(() => container.exits.map(([code]) => code)).toEqual(codes);
  });

  test('dials others as often as it is told, and tells what each said', async () => {
    const asked: string[] = [];
    const http: Network['http'] = async ({ url }) => {
      asked.push(url);
      if (asked.length === 2) throw new Error('connect ECONNREFUSED');
      return { status: 200, statusText: 'OK', headers: {}, body: Buffer.from(`answer ${asked.length}`) };
    };
    await begin(['netexec'], {}, { http, datagram: async (_, message) => Buffer.concat([message, Buffer.from('!')]) });
    const { body } = await container.get(8080, '/dial?host=10.0.0.9&port=80&request=hostname&tries=3');
    expect(JSON.parse(body)).toEqual({ responses: ['answer 1', 'answer 3'], errors: ['connect ECONNREFUSED'] });
    expect(asked[0]).toBe('http://10.0.0.9:80/hostname');
    const datagram = await container.get(8080, '/dial?host=a&port=80&request=hi&protocol=udp');
    expect(JSON.parse(datagram.body)).toEqual({ responses: ['hi!'] });
  });

  test('answers datagrams, is not ready once it is told to end, and ends then', async () => {
    const running = await begin(['netexec', '--delay-shutdown=5']);
    const ask = container.datagrams.get(8081);
    expect([
      ask?.('hostname\n'),
      ask?.('HostName'),
      ask?.('echo hi there'),
      ask?.('serverport'),
      ask?.('what'),
    ]).toEqual(['web-0', 'web-0', 'hi there', '8081', '']);
    running?.signalled?.('SIGTERM');
    expect((await container.get(8080, '/readyz')).status).toBe(503);
    expect(container.exits).toEqual([]);
    container.clock.step(5000);
    await expect.poll(() => container.exits).toEqual([[0, undefined]]);
  });
});

test('serve-hostname says its name by HTTP, or to whoever connects', async () => {
  await begin(['serve-hostname', '--port=90']);
  expect((await container.get(90, '/any')).body).toBe('web-0');
  container.end();
  await begin(['serve-hostname', '--tcp', '--udp', '--http=false']);
  expect(await container.exchange(9376, '')).toBe('web-0');
  expect(container.datagrams.get(9376)?.('?')).toBe('web-0');
  await expect(begin(['serve-hostname', '--tcp'])).rejects.toThrow(/at the same time/);
});

test.each<[string, number, string]>([
  ['SIGTERM', 2, 'exiting because of signal "terminated"\n'],
  ['SIGINT', 1, 'exiting because of signal "interrupt"\n'],
])('pause says that %s came', async (signal, code, message) => {
  const running = await begin(['pause']);
  expect(container.logged).toEqual(['stdout: Paused\n', 'stdout: Signals registered\n']);
  running?.signalled?.(signal);
  expect(container.exits).toEqual([[code, message]]);
});

test('liveness is healthy for ten seconds', async () => {
  await begin(['liveness']);
  expect(await container.get(8080, '/healthz')).toEqual({ status: 200, body: 'ok' });
  container.clock.step(10_001);
  expect(await container.get(8080, '/healthz')).toEqual({ status: 500, body: 'error: 10.001' });
  expect((await container.get(8080, '/redirect?loc=http%3A%2F%2Fa%2F')).status).toBe(302);
});

test('logs-generator writes its lines over its time, and refuses to write none', async () => {
  await begin(['logs-generator', '--log-lines-total', '3', '--run-duration', '3s']);
  for (let second = 0; second < 3; second += 1) {
    await expect.poll(() => container.logged.length).toBe(second + 1);
    container.clock.step(1000);
  }
  await expect.poll(() => container.exits).toEqual([[0, undefined]]);
  expect(container.logged[2]).toMatch(/\] 2 (GET|POST|PUT) \/api\/v1\/namespaces\/[a-z-]+\/pods\/\w+ [2-5]\d\d\n$/);
  await expect(begin(['logs-generator', '--run-duration=1s'])).rejects.toThrow('Invalid total number of lines: 0');
  await expect(begin(['logs-generator', '--log-lines-total=1'])).rejects.toThrow('Invalid duration: 0s');
});

test('porter answers with the values of its variables', async () => {
  await begin(['porter', '--json-response'], { env: { SERVE_PORT_90: 'ninety', SERVE_UDP_PORT_91: 'u', OTHER: 'x' } });
  expect(container.ports).toEqual([90]);
  expect(JSON.parse((await container.get(90, '/')).body)).toEqual({ Method: 'GET', Body: 'ninety' });
  expect(container.datagrams.get(91)?.('')).toBe('u');
});

test('test-webserver shows the files of its own as the commands beside it see them', async () => {
  const own = new Map([['/localhost.crt', 'a certificate']]);
  container = new TestProcess(configOf(), {}, async ([, path = '']) => ended(own.has(path) ? 0 : 1, own.get(path)));
  await container.run(agnhost(['test-webserver']));
  expect(await container.get(80, '/localhost.crt')).toEqual({ status: 200, body: 'a certificate' });
  own.delete('/localhost.crt');
  expect((await container.get(80, '/localhost.crt')).status).toBe(404);
});

test('test-webserver shows the files of volumes, and nothing else of the machine', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'binnacle-files-'));
  await mkdir(join(directory, 'in'));
  await writeFile(join(directory, 'in', 'a'), 'of the volume');
  await writeFile(join(directory, 'secret'), 'secret');
  const mounts = [{ hostPath: join(directory, 'in'), containerPath: '/results', readonly: false }];
  container = new TestProcess(configOf({ mounts }), {}, async () => ended(1));
  await container.run(agnhost(['test-webserver']));
  expect(await container.get(80, '/results/a')).toEqual({ status: 200, body: 'of the volume' });
  expect((await container.get(80, '/results/..%2f..%2fsecret')).status).toBe(404);
  expect((await container.get(80, '/')).status).toBe(200);
  await rm(directory, { recursive: true });
});

test('a certificate that is none is refused before anybody connects', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tls-'));
  await writeFile(join(directory, 'tls.crt'), 'nonsense');
  const mounts = [{ hostPath: directory, containerPath: '/tls', readonly: true }];
  const flags = ['--tls-cert-file=/tls/tls.crt', '--tls-private-key-file=/tls/tls.crt'];
  await expect(begin(['netexec', ...flags], { mounts })).rejects.toThrow('PEM');
  await rm(directory, { recursive: true });
});

test('what many long answers come to is bounded', async () => {
  const answer = { status: 200, statusText: 'OK', headers: {}, body: Buffer.alloc(4 * 1024 * 1024, 'x') };
  await begin(['netexec'], {}, { http: async () => answer });
  const { body } = await container.get(8080, '/dial?host=10.0.0.9&port=80&request=shell&tries=1000');
  expect((JSON.parse(body) as { responses: string[] }).responses).toHaveLength(2);
});

test('a guestbook is full at last', async () => {
  await begin(['guestbook']);
  const set = async (key: string) => await container.get(80, `/set?key=${key}&value=${'x'.repeat(10_000)}`);
  const statuses: number[] = [];
  for (let index = 0; index < 106; index += 1) statuses.push((await set(`k${index}`)).status);
  expect(new Set(statuses.slice(0, 104))).toEqual(new Set([200]));
  expect(statuses.at(-1)).toBe(507);
  expect((await set('k0')).status).toBe(200);
});

test('a guestbook keeps what is set, tells its replicas, and asks the right one', async () => {
  const asked: string[] = [];
  const http: Network['http'] = async ({ url }) => {
    asked.push(url);
    return { status: 200, statusText: 'OK', headers: {}, body: Buffer.from('{"data":{"old":"kept"}}') };
  };
  await begin(['guestbook', '--replicaof', 'agnhost-primary'], {}, { http });
  await expect.poll(() => asked).toEqual(['http://agnhost-primary:6379/register?host=10.0.0.1']);
  await expect.poll(async () => (await container.get(80, '/get?key=old')).body).toBe('{"data":"kept"}');
  expect((await container.get(80, '/register?host=10.0.0.7')).body).toBe('{"data":{"old":"kept"}}');
  expect((await container.get(80, '/set?key=a&value=b')).body).toBe('{"message":"Updated"}');
  expect(asked.at(-1)).toBe('http://10.0.0.7:6379/set?key=a&value=b');
  expect((await container.get(80, '/guestbook?cmd=drop')).status).toBe(400);
  await container.get(80, '/guestbook?cmd=get&key=a');
  expect(asked.at(-1)).toBe('http://agnhost-replica:6379/get?key=a&value=');
});

test('nettest counts who writes to it', async () => {
  await begin(['nettest']);
  const write = (body: string) =>
    container.exchange(
      8080,
      `POST /write HTTP/1.1\r\nhost: pod\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  for (const body of ['{"Source":"a"}', '{"Source":"a"}', '{"Source":"__proto__"}', '{}', 'x']) await write(body);
  const state = JSON.parse((await container.get(8080, '/read')).body);
  expect(state).toMatchObject({ Hostname: 'web-0', Received: { a: 2 } });
  expect(state.Errors).toHaveLength(2);
  for (let times = 0; times < 600; times += 1) await write(`{"Source":"${'x'.repeat(times < 599 ? 0 : 1000)}"}`);
  const full = (await container.get(8080, '/read')).body;
  expect(JSON.parse(full).Errors).toHaveLength(500);
  expect(full).not.toContain('xxx');
  expect((await container.get(8080, '/status')).body).toBe('fail');
});

describe('grpc-health-checking', () => {
  const frame = (service: string) =>
    Buffer.concat([Buffer.from([0, 0, 0, 0, service.length + 2, 0x0a, service.length]), Buffer.from(service)]);

  async function check(service: string): Promise<{ status: number | undefined; grpc: string }> {
    const session = connect('http://pod', { createConnection: () => container.dial(5000) });
    const stream = session.request({ ':method': 'POST', ':path': '/grpc.health.v1.Health/Check' });
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const trailers = once(stream, 'trailers') as Promise<[Record<string, string>]>;
    stream.end(frame(service));
    const [{ 'grpc-status': grpc = '' }] = await trailers;
    session.close();
    return { status: Buffer.concat(chunks)[6], grpc };
  }

  test('serves until it is told otherwise, and knows one service', async () => {
    await begin(['grpc-health-checking', '--service=a']);
    expect(await check('a')).toEqual({ status: 1, grpc: '0' });
    expect(await check('b')).toEqual({ status: undefined, grpc: '5' });
    expect((await container.get(8080, '/make-not-serving')).status).toBe(200);
    expect(await check('a')).toEqual({ status: 2, grpc: '0' });
    await container.get(8080, '/make-serving');
    expect(await check('a')).toEqual({ status: 1, grpc: '0' });
  });

  test('is unhealthy after so long', async () => {
    await begin(['grpc-health-checking', '--delay-unhealthy-sec=2']);
    expect((await check('')).status).toBe(1);
    container.clock.step(2000);
    expect((await check('')).status).toBe(2);
  });

  test('no bytes make it fail', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(3), Buffer.alloc(20, 0xff)]) serviceOf(bytes);
  });
});

test('a subcommand there is none of is said to be none', async () => {
  await begin(['constructor']);
  expect([container.exits, container.logged[0]]).toEqual([
    [[1, undefined]],
    'stderr: Error: unknown command "constructor" for "app"\nRun \'app --help\' for usage.\n',
  ]);
});

test.each<[string, number | undefined]>([
  ['0', 0],
  ['1m30s', 90_000],
  ['1.5s', 1500],
  ['250ms', 250],
  ['1h', 3_600_000],
  ['', undefined],
  ['soon', undefined],
  ['5', undefined],
])('%j is %s milliseconds', (text, milliseconds) => {
  expect(goDuration(text)).toBe(milliseconds);
});
