import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createSecureContext } from 'node:tls';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { StreamSessions } from './stream-sessions.js';

/** A server that takes connections and never speaks. */
const silent = createServer();
const taken = new Set<Socket>();
let sessions: StreamSessions;
const request = { method: 'GET', path: '/api/v1/pods?watch=true', headers: {}, streaming: true };

beforeEach(async () => {
  silent.on('connection', (socket) => {
    taken.add(socket);
    socket.on('error', () => undefined);
  });
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const { port } = silent.address() as AddressInfo;
  sessions = new StreamSessions({ server: `https://127.0.0.1:${port}` }, createSecureContext());
});
afterEach(async () => {
  sessions.close();
  for (const socket of taken) socket.destroy();
  await once(silent.close(), 'close');
});

const contextOf = (signal: AbortSignal, clock = new FakeClock()): Context => ({ signal, clock, logger: silentLogger });

test('whoever gives up waiting for a server that never speaks is told why at once, and others wait on', async () => {
  const [abort, other] = [new AbortController(), new AbortController()];
  const sent = sessions.send(contextOf(abort.signal), request);
  const waiting = sessions.send(contextOf(other.signal), request);
  await once(silent, 'connection');
  abort.abort(new Error('enough'));
  await expect(sent).rejects.toThrow('enough');
  expect(taken.size).toBe(1);
  sessions.close();
  await expect(waiting).rejects.toMatchObject({ name: 'TransportError' });
});

test('a server that never speaks is given up after ten seconds', async () => {
  const clock = new FakeClock();
  const sent = sessions.send(contextOf(new AbortController().signal, clock), request);
  await once(silent, 'connection');
  clock.step(10_000);
  await expect(sent).rejects.toMatchObject({
    name: 'TransportError',
    message: expect.stringMatching(/does not answer/),
  });
});
