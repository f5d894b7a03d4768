import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { configOf, TestProcess } from '../../testing/processes.js';
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
