import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, expect, test } from 'vitest';
import { type Address, parseAddress, startBalancer } from './balance.js';

const abort = new AbortController();
const ctx = { signal: abort.signal, clock: new FakeClock(), logger: silentLogger };
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers every connection with its name. */
async function serverCalled(name: string): Promise<Address & { server: Server }> {
  const server = createServer((socket) => socket.end(name));
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port, server };
}

async function answerOf(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => undefined);
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

test('connections take turns, and go on with the servers that are left', async () => {
  const [one, two] = [await serverCalled('one'), await serverCalled('two')];
  const port = await startBalancer(ctx, { host: '127.0.0.1', port: 0 }, [one, two]);
  const both = [await answerOf(port), await answerOf(port)];
  expect(both.sort()).toEqual(['one', 'two']);
  one.server.close();
  await once(one.server, 'close');
  expect([await answerOf(port), await answerOf(port)]).toEqual(['two', 'two']);
});

test('a connection is closed when no server answers', async () => {
  const gone = await serverCalled('gone');
  gone.server.close();
  await once(gone.server, 'close');
  const port = await startBalancer(ctx, { host: '127.0.0.1', port: 0 }, [gone]);
  expect(await answerOf(port).catch(() => '')).toBe('');
});

test.each(['', 'host', ':1', 'host:70000', 'host:0', 'host:x'])('"%s" is no address', (text) => {
  expect(() => parseAddress(text)).toThrow('host:port');
});
