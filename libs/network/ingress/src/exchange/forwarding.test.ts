import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Stage } from '../testing/stage.js';
import { route } from '../testing/routes.js';
import type { RoutePolicy } from '../table/policy.js';
import type { Canary, Forward } from '../table/route.js';

let stage: Stage;
beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.close());

const forward = (backend: string, canaries: readonly Canary[] = []): Forward => ({
  kind: 'forward',
  targets: [{ backend, weight: 1 }],
  canaries,
});
const to = (backend: string, policy: Partial<RoutePolicy> = {}, path = '/') =>
  route('web', path, { action: forward(backend), policy });

interface Said {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
  readonly json: { readonly pod?: string; readonly url?: string; readonly headers?: IncomingMessage['headers'] };
}

interface Question {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

async function ask({ path = '/', method = 'GET', headers = {}, body }: Question = {}): Promise<Said> {
  const request = httpRequest(stage.url + path, {
    method,
    headers: { host: 'shop.example.com', ...headers },
    agent: false,
  });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const json = response.headers['content-type'] === 'application/json' ? JSON.parse(text) : {};
  return { status: response.statusCode ?? 0, headers: response.headers, text, json };
}

/** What comes back for bytes that are no client's of ours. */
async function raw(bytes: string): Promise<string> {
  const [, host = '', port = ''] = /http:\/\/([\d.]+):(\d+)/.exec(stage.url) ?? [];
  const socket = connect({ host, port: Number(port) });
  socket.on('error', () => undefined);
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

describe('a request', () => {
  test('is sent to an endpoint with who asked for what, and nothing a client made up', async () => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    const { status, json } = await ask({
      path: '/a%20b?c=d',
      headers: {
        'x-forwarded-for': '1.2.3.4',
        'x-real-ip': '1.2.3.4',
        'x-forwarded-proto': 'https',
        forwarded: 'for=1.2.3.4',
        connection: 'close, x-secret',
        'x-secret': 'hop',
        te: 'trailers',
        'x-kept': 'yes',
      },
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ url: '/a%20b?c=d' });
    expect(json.headers).toMatchObject({
      host: 'shop.example.com',
      'x-forwarded-for': '127.0.0.1',
      'x-original-forwarded-for': '1.2.3.4',
      'x-real-ip': '127.0.0.1',
      'x-forwarded-host': 'shop.example.com',
      'x-forwarded-port': '8080',
      'x-forwarded-proto': 'http',
      'x-scheme': 'http',
      'x-request-id': 'made-id',
      'x-kept': 'yes',
    });
    for (const name of ['forwarded', 'x-secret', 'te']) expect(json.headers).not.toHaveProperty(name);
  });

  test('has its body carried, and its own id', async () => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    await ask({ method: 'POST', body: 'hello', headers: { 'x-request-id': 'mine', expect: '100-continue' } });
    expect(stage.asked[0]).toMatchObject({ method: 'POST', body: 'hello', headers: { 'x-request-id': 'mine' } });
    expect(stage.asked[0]?.headers).not.toHaveProperty('expect');
    await ask({ method: 'POST', body: 'again', headers: { 'transfer-encoding': 'chunked' } });
    expect(stage.asked[1]).toMatchObject({ body: 'again' });
  });

  test('is carried by turns, and past an endpoint that refuses', async () => {
    const pods = [await stage.pod(), await stage.pod()];
    await stage.serve([to(stage.backend('web', [...pods, stage.address()]))]);
    const answers = await Promise.all(Array.from({ length: 9 }, () => ask()));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 200));
    expect(new Set(answers.map(({ json }) => json.pod))).toEqual(new Set(pods));
  });

  test('with a body too', async () => {
    await stage.serve([to(stage.backend('web', [stage.address(), await stage.pod()]))]);
    for (const body of ['one', 'two']) expect(await ask({ method: 'POST', body })).toMatchObject({ status: 200 });
    expect(stage.asked.map(({ body }) => body)).toEqual(['one', 'two']);
  });

  test('is answered 503 in words where no endpoint is ready, and 502 where none can be reached', async () => {
    await stage.serve([to(stage.backend('none', []), {}, '/none'), to(stage.backend('gone', [stage.address()]))]);
    expect(await ask({ path: '/none' })).toMatchObject({
      status: 503,
      text: 'no endpoint of the Service default/none is ready\n',
    });
    expect(await ask()).toMatchObject({ status: 502 });
  });

  test('is told of an endpoint that answers nonsense, or breaks off', async () => {
    const nonsense = await stage.pod((request) => void request.socket.end('nonsense\r\n\r\n'));
    const silent = await stage.pod((request) => void request.socket.destroy());
    await stage.serve([to(stage.backend('a', [nonsense]), {}, '/a'), to(stage.backend('b', [silent]))]);
    expect(await ask({ path: '/a' })).toMatchObject({ status: 502 });
    expect(await ask({ method: 'POST', body: 'x' })).toMatchObject({ status: 502 });
  });

  test('is answered 504 where the endpoint takes too long', async () => {
    const slow = await stage.pod(() => undefined);
    const timeouts = { connect: 1_000, read: 100, send: 1_000, whole: 0, attempt: 0 };
    await stage.serve([to(stage.backend('slow', [slow]), { timeouts })]);
    expect(await ask()).toMatchObject({ status: 504, text: 'the endpoint did not answer in time\n' });
  });

  test('takes no longer at one endpoint than a route says', async () => {
    const slow = await stage.pod((_, response) => void setTimeout(() => response.end('late'), 1_000));
    const timeouts = { connect: 1_000, read: 60_000, send: 60_000, whole: 0, attempt: 50 };
    await stage.serve([to(stage.backend('slow', [slow]), { timeouts })]);
    expect(await ask()).toMatchObject({ status: 504, text: 'the endpoint did not answer in time\n' });
  });

  test('is asked once more where a connection that was kept open turns out to be closed', async () => {
    let asked = 0;
    const pod = await stage.pod((request, response) => {
      asked += 1;
      if (asked === 2) request.socket.destroy();
      else response.end(`${asked}`);
    });
    await stage.serve([to(stage.backend('web', [pod]))]);
    expect(await ask()).toMatchObject({ text: '1' });
    expect(await ask()).toMatchObject({ text: '3' });
  });

  test('as a whole takes no longer than a route says', async () => {
    const slow = await stage.pod((_, response) => void response.writeHead(200).write('a'));
    const silent = await stage.pod(() => undefined);
    const timeouts = { connect: 1_000, read: 60_000, send: 60_000, whole: 100, attempt: 0 };
    await stage.serve([
      to(stage.backend('slow', [slow]), { timeouts }),
      to(stage.backend('silent', [silent]), { timeouts }, '/silent'),
    ]);
    await expect(ask()).rejects.toThrow();
    expect(await ask({ path: '/silent' })).toMatchObject({ status: 504 });
  });
});

test('an answer that breaks off is not taken for a whole one', async () => {
  const broken = await stage.pod((_, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => response.destroy());
  });
  await stage.serve([to(stage.backend('broken', [broken]))]);
  await expect(ask()).rejects.toThrow();
});

test('an answer goes as fast as its client reads, however large it is', async () => {
  const size = 32 << 20;
  let written = 0;
  const large = await stage.pod(async (_, response) => {
    response.writeHead(200, { 'content-length': String(size) });
    while (written < size) {
      written += 1 << 16;
      if (!response.write(Buffer.alloc(1 << 16))) await once(response, 'drain');
    }
    response.end();
  });
  await stage.serve([to(stage.backend('large', [large]))]);
  const request = httpRequest(stage.url, { agent: false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(written).toBeLessThan(size / 2);
  let read = 0;
  for await (const chunk of response) read += (chunk as Buffer).length;
  expect(read).toBe(size);
});

test('an endpoint hears that its client has left', async () => {
  let left = false;
  const pod = await stage.pod((request, response) => {
    response.writeHead(200).write('a');
    request.once('close', () => (left = true));
  });
  await stage.serve([to(stage.backend('web', [pod]))]);
  const request = httpRequest(stage.url, { agent: false }).end();
  request.on('error', () => undefined);
  await once(request, 'response');
  request.destroy();
  await expect.poll(() => left).toBe(true);
});

describe('a body', () => {
  test('larger than a route takes is refused, before it is sent where it says so', async () => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]), { bodyLimit: 10 })]);
    const told = await ask({ method: 'POST', body: 'x'.repeat(11) });
    expect(told).toMatchObject({ status: 413, text: 'the body is larger than 10 bytes\n' });
    const untold = await ask({ method: 'POST', body: 'x'.repeat(11), headers: { 'transfer-encoding': 'chunked' } });
    expect(untold).toMatchObject({ status: 413 });
    expect(await ask({ method: 'POST', body: 'x'.repeat(10) })).toMatchObject({ status: 200 });
  });

  test('that does not come is not waited for for ever', async () => {
    const timeouts = { connect: 1_000, read: 60_000, send: 100, whole: 0, attempt: 0 };
    await stage.serve([to(stage.backend('web', [await stage.pod()]), { timeouts })]);
    const text = await raw('POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nconnection: close\r\n\r\nab');
    expect(text).toContain('HTTP/1.1 408 ');
  });
});

describe('affinity', () => {
  const affinity = { name: 'route', path: '/', changesOnFailure: false };

  test('keeps a client at its endpoint by a cookie, as long as that is there', async () => {
    const pods = [await stage.pod(), await stage.pod(), await stage.pod()];
    const backend = stage.backend('web', pods);
    await stage.serve([to(backend, { affinity })]);
    const first = await ask();
    const [cookie = ''] = first.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^route=[0-9a-f]{32}; Path=\/; HttpOnly$/);
    const [pair = ''] = cookie.split(';');
    const answers = await Promise.all(Array.from({ length: 6 }, () => ask({ headers: { cookie: `a=b; ${pair}` } })));
    expect(new Set(answers.map(({ json }) => json.pod))).toEqual(new Set([first.json.pod]));
    expect(answers[0]?.headers).not.toHaveProperty('set-cookie');
    stage.backend(
      'web',
      pods.filter((pod) => pod !== first.json.pod),
    );
    const moved = await ask({ headers: { cookie: pair } });
    expect(moved.headers['set-cookie']).toHaveLength(1);
    expect(moved.json.pod).not.toBe(first.json.pod);
  });
});

describe('a canary', () => {
  const podOf = async (question: Question) => (await ask(question)).json.pod;
  let pods: { readonly main: string; readonly canary: string };
  const serve = async (canary: Partial<Canary>) => {
    pods = { main: await stage.pod(), canary: await stage.pod() };
    const target = { backend: stage.backend('canary', [pods.canary]), weight: 1 };
    const action = forward(stage.backend('main', [pods.main]), [{ weight: 0, of: 100, ...canary, target }]);
    await stage.serve([route('web', '/', { action })]);
  };

  test('is for those with a header', async () => {
    await serve({ header: { name: 'x-canary' } });
    expect(await podOf({ headers: { 'x-canary': 'always' } })).toBe(pods.canary);
    expect(await podOf({ headers: { 'x-canary': 'never' } })).toBe(pods.main);
    expect(await podOf({})).toBe(pods.main);
  });

  test('or a cookie, after the header', async () => {
    await serve({ header: { name: 'x-canary', value: { kind: 'exact', value: 'de' } }, cookie: 'beta', weight: 100 });
    expect(await podOf({ headers: { 'x-canary': 'de', cookie: 'beta=never' } })).toBe(pods.canary);
    expect(await podOf({ headers: { 'x-canary': 'fr', cookie: 'beta=never' } })).toBe(pods.main);
    expect(await podOf({})).toBe(pods.canary);
  });
});

describe('a mirror', () => {
  const HALF = { part: 1, of: 1 };

  test('sees what a backend sees, and is not waited for', async () => {
    const slow = await stage.pod((request) => {
      stage.asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body: '' });
    });
    const mirrors = [{ backend: stage.backend('mirror', [slow]), ...HALF }];
    await stage.serve([to(stage.backend('web', [await stage.pod()]), { mirrors })]);
    expect(await ask({ path: '/a?b' })).toMatchObject({ status: 200 });
    await expect.poll(() => stage.asked.map(({ url }) => url)).toEqual(['/a?b', '/a?b']);
  });

  test('sees bodies, and may be away', async () => {
    const mirrors = [
      { backend: stage.backend('mirror', [await stage.pod()]), ...HALF },
      { backend: stage.backend('gone', [stage.address()]), ...HALF },
      { backend: stage.backend('none', []), ...HALF },
      { backend: stage.backend('never', [await stage.pod()]), part: 0, of: 100 },
    ];
    await stage.serve([to(stage.backend('web', [await stage.pod()]), { mirrors })]);
    for (const body of ['hello', 'x'.repeat(3 << 18)])
      expect(await ask({ method: 'POST', body })).toMatchObject({ status: 200 });
    await expect.poll(() => stage.asked.map(({ body }) => body.length).sort()).toEqual([5, 5, 3 << 18, 3 << 18]);
  });
});

test('what is done for a target comes on top of what is done for its route', async () => {
  const change = (name: string, value: string) => [{ set: [], add: [[name, value] as const], remove: [] }];
  const backend = stage.backend('web', [await stage.pod()]);
  const target = {
    backend,
    weight: 1,
    policy: { requestHeaders: change('x-of-target', 'b'), responseHeaders: change('x-answer', 'b') },
  };
  const policy = { requestHeaders: change('x-of-route', 'a'), responseHeaders: change('x-answer', 'a') };
  await stage.serve([route('web', '/', { action: { kind: 'forward', targets: [target], canaries: [] }, policy })]);
  const { json, headers } = await ask();
  expect(json.headers).toMatchObject({ 'x-of-route': 'a', 'x-of-target': 'b' });
  expect(headers['x-answer']).toBe('a, b');
});

test('of targets some may be nobody', async () => {
  const targets = [
    { weight: 1, status: 500, words: 'there is no such Service' },
    { weight: 0, backend: 'x' },
  ];
  await stage.serve([route('web', '/', { action: { kind: 'forward', targets, canaries: [] } })]);
  expect(await ask()).toMatchObject({ status: 500, text: 'there is no such Service\n' });
});

describe('what is no proper request is refused', () => {
  test.each<[why: string, bytes: string, status: number]>([
    ['no host', 'GET / HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['two hosts', 'GET / HTTP/1.1\r\nhost: a\r\nhost: b\r\nconnection: close\r\n\r\n', 400],
    ['one host twice', 'GET / HTTP/1.1\r\nhost: a\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    ['a host that is none', 'GET / HTTP/1.1\r\nhost: a/b\r\nconnection: close\r\n\r\n', 400],
    ['a path above the root', 'GET /../a HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n', 400],
    [
      'both lengths',
      'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nabcdef', 400],
    ['an odd encoding', 'POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, gzip\r\n\r\n0\r\n\r\n', 400],
    ['a space before a colon', 'GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding : chunked\r\n\r\n', 400],
    ['a folded line', 'GET / HTTP/1.1\r\nhost: a\r\nx: a\r\n b\r\nconnection: close\r\n\r\n', 400],
    ['a lone carriage return', 'GET / HTTP/1.1\r\nhost: a\r\nx: a\rb\r\n\r\n', 400],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a tunnel', 'CONNECT a:443 HTTP/1.1\r\nhost: a:443\r\n\r\n', 405],
    ['headers without end', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['a very long path', `GET /${'a'.repeat(9_000)} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`, 414],
  ])('%s', async (_, bytes, status) => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    expect(await raw(bytes)).toContain(`HTTP/1.1 ${status} `);
    expect(stage.asked).toEqual([]);
  });

  test('a request behind a body that was not asked for is not one of its own', async () => {
    const smuggled = 'GET /admin HTTP/1.1\r\nhost: a\r\n\r\n';
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    const head = `POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: ${smuggled.length}\r\n\r\n`;
    await raw(head + smuggled);
    expect(stage.asked.map(({ url, body }) => [url, body])).toEqual([['/', smuggled]]);
  });

  test('of a whole URL its host counts', async () => {
    await stage.serve([to(stage.backend('web', [await stage.pod()]))]);
    await raw('GET http://inner.example.com/a HTTP/1.1\r\nhost: other\r\nconnection: close\r\n\r\n');
    expect(stage.asked[0]).toMatchObject({ url: '/a', headers: { host: 'inner.example.com' } });
  });
});

test('so many requests at a time, and no more', async () => {
  stage.close();
  stage = new Stage(1);
  const pod = await stage.pod(() => undefined);
  await stage.serve([to(stage.backend('web', [pod]))]);
  const first = httpRequest(stage.url, { agent: false }).end();
  first.on('error', () => undefined);
  await expect.poll(() => stage.engine.requests).toBe(1);
  expect(await ask()).toMatchObject({ status: 503, text: 'too much is being asked at this moment\n' });
  first.destroy();
  await expect.poll(() => stage.engine.requests).toBe(0);
});

test('every request is told of once', async () => {
  await stage.serve([to(stage.backend('web', [await stage.pod()]), {}, '/a')]);
  await ask({ path: '/a/b', method: 'POST', body: 'hello' });
  await ask({ path: '/b' });
  await expect.poll(() => stage.reports.length).toBe(2);
  const [first, second] = stage.reports;
  expect(first).toMatchObject({
    answer: { status: 200 },
    trace: { service: 'web', tries: 1, body: { bytes: 5 } },
    id: 'made-id',
  });
  expect(first?.match?.route.origin.name).toBe('web');
  expect(second).toMatchObject({ match: undefined, answer: { status: 404 } });
});
