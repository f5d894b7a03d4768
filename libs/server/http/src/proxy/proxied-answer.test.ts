import { createServer, get, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { proxiedAnswer } from './proxied-answer.js';

const BEFORE = '/api/v1/namespaces/a/pods/p/proxy';

async function answered(listener: RequestListener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const call = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
  const [message] = (await once(call, 'response')) as [IncomingMessage];
  const answer = await proxiedAnswer(message, BEFORE);
  const chunks: (Buffer | string)[] = [];
  if ('stream' in answer) {
    await answer.stream({ write: (chunk) => void chunks.push(chunk) }, new AbortController().signal);
  } else if ('body' in answer) chunks.push(...answer.body);
  server.close();
  return { ...answer, text: chunks.map(String).join('') };
}

const page =
  (body: string, headers: Record<string, string> = {}): RequestListener =>
  (_, response) => {
    response
      .writeHead(200, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(body), ...headers })
      .end(body);
  };

describe('what comes from behind a proxy', () => {
  test('leads back through it', async () => {
    const { text } = await answered(page('<a href="/x">é</a><img src=\'/y\'><a href="//other/z"><a href="rel">'));
    expect(text).toBe(`<a href="${BEFORE}/x">é</a><img src='${BEFORE}/y'><a href="//other/z"><a href="rel">`);
    const { headers, status } = await answered((_, response) => response.writeHead(302, { location: '/x' }).end());
    expect([status, headers?.location]).toEqual([302, `${BEFORE}/x`]);
  });

  test('is kept apart from this server in a browser', async () => {
    const { headers } = await answered(page('x', { 'set-cookie': 'session=1', 'x-own': 'kept' }));
    expect(headers).toMatchObject({ 'content-security-policy': 'sandbox allow-scripts allow-forms', 'x-own': 'kept' });
    expect(headers).not.toHaveProperty('set-cookie');
  });

  test('says nothing of the whole origin, and nothing that an answer over HTTP/2 cannot say', async () => {
    const kept = { 'clear-site-data': '"*"', nel: '{}', 'alt-svc': 'h2=":1"', upgrade: 'h2c', 'x-own': 'kept' };
    const { headers } = await answered(page('x', kept));
    expect(Object.keys(headers ?? {}).sort()).toEqual(['content-security-policy', 'content-type', 'date', 'x-own']);
    const { status } = await answered((_, response) => response.writeHead(799).end('x'));
    expect(status).toBe(502);
  });

  test('comes as it is where it is no page, or one that is packed', async () => {
    const { text, contentType } = await answered((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"href":');
      response.end('"/x"}');
    });
    expect([text, contentType]).toEqual(['{"href":"/x"}', 'application/json']);
    const packed = await answered(page('href="/x"', { 'content-encoding': 'gzip' }));
    expect(packed.text).toBe('href="/x"');
  });
});
