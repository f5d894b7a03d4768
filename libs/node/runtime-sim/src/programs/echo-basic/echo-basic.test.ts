import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { configOf, TestProcess } from '../../testing/processes.js';
import { WebSocket } from 'ws';
import { headersOf, wantedHeaders } from './asked.js';
import { echoBasic } from './echo-basic.js';

let container: TestProcess;
afterEach(() => container?.end());

async function begin(env: Record<string, string> = {}): Promise<void> {
  container = new TestProcess(configOf({ env: { NAMESPACE: 'infra', POD_NAME: 'backend-0', ...env } }));
  await container.run(echoBasic);
}

describe('the server of the conformance suite', () => {
  test('answers what it was asked, and where', async () => {
    await begin();
    expect(container.ports).toEqual([3000, 3001]);
    const { status, body } = await container.get(3000, '/a?b=1');
    expect([status, JSON.parse(body)]).toEqual([
      200,
      {
        path: '/a?b=1',
        host: 'pod',
        method: 'GET',
        proto: 'HTTP/1.1',
        headers: { Connection: ['close'] },
        httpPort: '3000',
        namespace: 'infra',
        ingress: '',
        service: '',
        pod: 'backend-0',
      },
    ]);
  });

  test('answers HTTP/2 in the clear at a port of its own', async () => {
    await begin({ HTTP_PORT: '80', H2C_PORT: '81' });
    const session = connectHttp2('http://example.com', { createConnection: () => container.dial(81) });
    const request = session.request({ ':path': '/two', 'x-mark': 'm' }).setEncoding('utf8');
    let text = '';
    for await (const chunk of request) text += chunk as string;
    session.close();
    expect(JSON.parse(text)).toMatchObject({
      path: '/two',
      host: 'example.com:80',
      proto: 'HTTP/2.0',
      httpPort: '80',
      headers: { 'X-Mark': ['m'] },
    });
  });

  test('sends the messages of a WebSocket back', async () => {
    await begin();
    const dial = () => container.dial(3000);
    const socket = new WebSocket('ws://pod/ws', { createConnection: dial });
    await once(socket, 'open');
    for (const [message, isBinary] of [
      ['text', false],
      [Buffer.from([1, 2]), true],
    ] as const) {
      socket.send(message);
      expect(await once(socket, 'message')).toEqual([Buffer.from(message), isBinary]);
    }
    socket.terminate();
    const [error] = await once(new WebSocket('ws://pod/other', { createConnection: dial }), 'error');
    expect(String(error)).toContain('Unexpected server response: 400');
  });

  test.each([
    ['Echo', '0', true],
    ['EchoTwo', '0', true],
    ['EchoThree', '12', false],
  ])('answers gRPC calls of %s with the code %s where it is to', async (method, code, isAnswered) => {
    await begin({ GRPC_ECHO_SERVER: '1' });
    const session = connectHttp2('http://grpc.example.com', { createConnection: () => container.dial(3000) });
    const path = `/gateway_api_conformance.echo_basic.grpcecho.GrpcEcho/${method}`;
    const request = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      color: 'blue',
    });
    const answered = once(request, method === 'EchoThree' ? 'response' : 'trailers');
    request.end(Buffer.alloc(5));
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    session.close();
    expect((await answered)[0]).toMatchObject({ 'grpc-status': code });
    const answer = Buffer.concat(chunks);
    expect(answer.length > 0 && answer.readUInt32BE(1) === answer.length - 5).toBe(isAnswered);
    for (const text of [path, 'color', 'blue', 'infra', 'backend-0']) expect(answer.includes(text)).toBe(isAnswered);
  });

  test.each([
    ['/health', 200, 'OK'],
    ['/status/418', 418, ''],
    ['/status/101', 400, ''],
    ['/status/teapot', 400, ''],
    ['/?delay=soon', 500, '{\n "message": "time: invalid duration"\n}'],
  ])('at %s answers %i', async (path, status, body) => {
    await begin();
    expect(await container.get(3000, path)).toEqual({ status, body });
  });

  test('answers late where it is asked to', async () => {
    await begin();
    const answer = container.get(3000, '/?delay=1s500ms');
    await expect.poll(() => container.logged.at(-1)).toMatch('/?delay=1s500ms');
    container.clock.step(1500);
    expect((await answer).status).toBe(200);
  });

  test('ends where a port is none, or there is no such certificate', async () => {
    await expect(begin({ HTTP_PORT: '70000' })).rejects.toThrow('HTTP_PORT is no port: 70000');
    await expect(begin({ TLS_SERVER_CERT: '/c', TLS_SERVER_PRIVKEY: '/k' })).rejects.toThrow('open /c: no such file');
  });

  test('what is no HTTP/2 ends its own connection alone', async () => {
    await begin();
    const socket = container.dial(3001).resume();
    socket.on('error', () => undefined).write('nonsense\r\n\r\n'.repeat(10));
    await once(socket, 'close');
    expect((await container.get(3000, '/health')).status).toBe(200);
  });
});

test.each([
  [['X-Echo-Set-Header', 'One:1, two:2:3'], { One: '1', two: '2:3' }],
  [['x-echo-set-header', 'a:1,a: 2', 'X-Echo-Set-Header', 'a:3'], { a: '1,2,3' }],
  [['X-Echo-Set-Header', ':x,b ad:1,,ok:'], { ok: '' }],
])('%j asks for headers', (rawHeaders, wanted) => {
  expect(Object.fromEntries(wantedHeaders({ rawHeaders }))).toEqual(wanted);
});

test('headers keep all their values, but for those of HTTP/2 alone', () => {
  const rawHeaders = [':path', '/', 'set-it', '1', 'Set-It', '2'];
  expect([...headersOf({ rawHeaders })]).toEqual([['Set-It', ['1', '2']]]);
});

test('no header makes an answer that cannot be written', () => {
  fc.assert(fc.property(fc.string(), (text) => void wantedHeaders({ rawHeaders: ['X-Echo-Set-Header', text] })));
});
