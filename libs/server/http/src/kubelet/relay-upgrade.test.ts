import { type Duplex, duplexPair, Readable } from 'node:stream';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { passedHeaders, relayUpgrade } from './relay-upgrade.js';

test('of a request for another protocol only that is handed on, and no token', () => {
  const headers = {
    authorization: 'Bearer x',
    cookie: 's=1',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-protocol':
      'v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.abc, base64url.impersonate.binnacle.dev.abc',
  };
  expect(passedHeaders(headers)).toEqual({
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  });
});

const headOf = (statusCode: number, more: object = {}): IncomingMessage =>
  Object.assign(Readable.from([Buffer.from('container not found')]), {
    statusCode,
    headers: { 'content-type': 'text/plain' },
    rawHeaders: ['Upgrade', 'SPDY/3.1', 'X-Stream-Protocol-Version', 'v4.channel.k8s.io', 'Set-Cookie', 'session=1'],
    ...more,
  }) as unknown as IncomingMessage;

/** Both ends of a connection, which close with each other as sockets do. */
function connected(): [Duplex, Duplex] {
  const [one, other] = duplexPair();
  one.once('close', () => other.destroy());
  other.once('close', () => one.destroy());
  return [one, other];
}

function relayed() {
  const [client, clientEnd] = connected();
  const [backend, backendEnd] = connected();
  const stop = new AbortController();
  const begin = async () => {
    const head = Buffer.from('early');
    const answer = await relayUpgrade(
      { socket: clientEnd, head },
      { head: headOf(101), socket: backendEnd, first: Buffer.from('first') },
    );
    if ('upgrade' in answer) await answer.upgrade(stop.signal);
  };
  return { client, backend, stop, over: begin() };
}

describe('a relayed connection', () => {
  test('begins with what came with the heads, and carries both ways', async () => {
    const { client, backend, over } = relayed();
    backend.once('data', (chunk: Buffer) => {
      expect(chunk.toString()).toBe('early');
      backend.end('last words', () => backend.destroy());
    });
    const seen = text(client);
    client.once('end', () => client.end());
    expect(await seen).toBe(
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\nfirstlast words',
    );
    await over;
  });

  test.each(['client', 'backend', 'server'] as const)('ends on all sides with the %s', async (who) => {
    const { client, backend, stop, over } = relayed();
    // As clients do.
    client.resume().once('end', () => client.end());
    backend.resume();
    if (who === 'server') stop.abort();
    else ({ client, backend })[who].destroy();
    await over;
  });

  test('that is refused answers as the other side did', async () => {
    const [, socket] = duplexPair();
    const answer = await relayUpgrade({ socket, head: Buffer.alloc(0) }, { head: headOf(500) });
    expect(answer).toMatchObject({ status: 500, contentType: 'text/plain' });
    expect('body' in answer && answer.body.map(String)).toEqual(['container not found']);
  });
});
