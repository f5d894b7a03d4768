import { once } from 'node:events';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import WebSocket from 'ws';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
});
afterAll(() => server.close());

const MAPS = '/api/v1/namespaces/default/configmaps';

function connect(path: string, protocols: string[] = []): { socket: WebSocket; messages: string[] } {
  const { ca, cert, key } = server.admin;
  const socket = new WebSocket(`${server.url.replace('https:', 'wss:')}${path}`, protocols, { ca, cert, key });
  const messages: string[] = [];
  socket.on('message', (data: Buffer, isBinary: boolean) =>
    messages.push(`${isBinary ? 'bytes ' : ''}${data.toString()}`),
  );
  return { socket, messages };
}

const make = (name: string) =>
  server.raw.call(MAPS, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { name } }),
  });

describe('a watch over a WebSocket', () => {
  test('tells each event in a message of its own, until somebody goes', async () => {
    const { socket, messages } = connect(`${MAPS}?watch=true`, ['anything']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('anything');
    await Promise.all([make('a'), make('b'), make('c')]);
    const names = () =>
      messages.map((text) => JSON.parse(text)).map(({ type, object }) => `${type} ${object.metadata.name}`);
    await expect.poll(() => names().sort()).toEqual(expect.arrayContaining(['ADDED a', 'ADDED b', 'ADDED c']));
    expect(messages.every((text) => text.endsWith('}\n'))).toBe(true);
    socket.close();
    await once(socket, 'close');
    await expect.poll(() => server.parts.lives.count).toBe(0);
  });

  test('ends as a watch does, with a goodbye', async () => {
    const { socket, messages } = connect(`${MAPS}?watch=true&timeoutSeconds=1&resourceVersion=0`);
    const [code] = (await once(socket, 'close')) as [number];
    expect([code, messages.length > 0]).toEqual([1000, true]);
  });

  test.each([
    [`${MAPS}?watch=true&labelSelector=,,`, 400],
    ['/api/v1/nowhere?watch=true', 404],
    [`${MAPS}/none`, 404],
    [MAPS, 200],
  ])('of %s is answered without one: %i', async (path, status) => {
    const { socket } = connect(path);
    socket.on('error', () => undefined);
    const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(answer.statusCode).toBe(status);
  });
});
