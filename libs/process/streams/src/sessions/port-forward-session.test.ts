import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { FakeClock } from '@binnacle/machinery-context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebSocketStream } from 'ws';
import { SpdyConnection } from '../spdy/spdy-connection.js';
import type { ForwardedConnection } from './forwarded-connection.js';
import { portsAsked } from './port-forward-channels.js';
import { openPortForwardSession, TUNNEL } from './port-forward-session.js';
import { UpgradeServer } from './suite/upgrade-server.js';

const clock = new FakeClock();
let server: UpgradeServer;

/** Echoes, but nothing listens at port 1. */
function echo({ port, data, error }: ForwardedConnection): void {
  if (port === 1) {
    error.end('connection refused');
    data.resume().end();
    return;
  }
  data.write(`${port}:`);
  data.pipe(data);
  error.end();
}

beforeEach(async () => {
  server = await UpgradeServer.start(async (upgrade, query) => {
    await openPortForwardSession(upgrade, query, clock, echo);
  });
});
afterEach(() => server.close());

function forward(connection: SpdyConnection, port: number, requestid?: string): { data: Duplex; error: Duplex } {
  const more: Record<string, string> = requestid === undefined ? {} : { requestid };
  const error = connection.open({ streamtype: 'error', port: String(port), ...more });
  const data = connection.open({ streamtype: 'data', port: String(port), ...more });
  error.end();
  return { data, error };
}

async function tunnel(): Promise<SpdyConnection> {
  const socket = await server.webSocket('/', TUNNEL);
  return new SpdyConnection(createWebSocketStream(socket), { role: 'client', onStream: () => undefined });
}

describe.each([
  ['SPDY', async () => (await server.spdy('/', 'portforward.k8s.io')).connection],
  ['SPDY in a WebSocket', tunnel],
])('ports forwarded over %s', (_name, connect) => {
  test('are as many connections as are asked for, each with its end', async () => {
    const connection = await connect();
    const pairs = [forward(connection, 80, '0'), forward(connection, 81, '1'), forward(connection, 1, '2')];
    pairs[0]?.data.end('a');
    pairs[1]?.data.end('b');
    const said = await Promise.all(pairs.flatMap(({ data, error }) => [text(data), text(error)]));
    expect(said).toEqual(['80:a', '', '81:b', '', '', 'connection refused']);
    connection.destroy();
  });

  test('go without numbers of requests', async () => {
    const connection = await connect();
    const { data } = forward(connection, 80);
    data.end('a');
    expect(await text(data)).toBe('80:a');
    connection.destroy();
  });
});

describe('a stream of a port-forward', () => {
  test.each([
    ['of another type', { streamtype: 'stdin', port: '80' }],
    ['for no port', { streamtype: 'data' }],
    ['for a port there cannot be', { streamtype: 'data', port: '70000' }],
  ])('%s is given up', async (_what, headers) => {
    const { connection } = await server.spdy('/', 'portforward.k8s.io');
    await once(connection.open(headers), 'close');
    connection.destroy();
  });

  test('that stays alone is given up', async () => {
    const { connection } = await server.spdy('/', 'portforward.k8s.io');
    const alone = connection.open({ streamtype: 'error', port: '80', requestid: '0' });
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    clock.step(30_000);
    await once(alone, 'close');
    connection.destroy();
  });
});

describe('ports forwarded as channels', () => {
  test('are a pair each, which begins with the number of the port', async () => {
    const socket = await server.webSocket('/?port=80', 'v4.channel.k8s.io');
    const messages: Buffer[] = [];
    socket.on('message', (message: Buffer) => messages.push(message));
    socket.resume();
    socket.send(Buffer.from('\0hi'));
    await expect.poll(() => messages.length).toBe(4);
    expect(messages.map((message) => message.toString('latin1'))).toEqual(['\0P\0', '\x01P\0', '\x0080:', '\0hi']);
    socket.close();
  });

  test.each(['', 'port=', 'port=0', 'port=80,x', 'port=65536', `port=${'1,'.repeat(101)}1`])(
    '%j names none',
    (query) => {
      expect(() => portsAsked(new URLSearchParams(query))).toThrow(/port/);
    },
  );

  test('may be named in one parameter or in many', () => {
    expect(portsAsked(new URLSearchParams('port=80,81&port=82'))).toEqual([80, 81, 82]);
  });
});
