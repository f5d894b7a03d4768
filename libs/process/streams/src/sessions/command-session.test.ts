import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { FakeClock } from '@binnacle/machinery-context';
import type { Status } from '@binnacle/machinery-meta';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { commandOptions } from './command-options.js';
import { type CommandSession, openCommandSession } from './command-session.js';
import { UpgradeServer } from './suite/upgrade-server.js';
import type { TerminalSize } from './terminal-size.js';

const FAILED: Status = { status: 'Failure', reason: 'InternalError', message: 'no' };
const clock = new FakeClock();
let server: UpgradeServer;
let sizes: TerminalSize[];

/** Says what it reads in upper case, then fails. */
async function shout(session: CommandSession): Promise<void> {
  session.onResize((size) => sizes.push(size));
  const said = session.stdin ? await text(session.stdin) : 'nothing';
  session.stdout?.write(said.toUpperCase());
  session.stderr?.write('!');
  await session.end(FAILED);
}

beforeEach(async () => {
  sizes = [];
  server = await UpgradeServer.start(async (upgrade, query) => {
    const session = await openCommandSession(upgrade, commandOptions(query), clock);
    if (session) await shout(session);
  });
});
afterEach(() => server.close());

describe('a command over SPDY', () => {
  test('has its streams, and ends with a Status', async () => {
    const { connection, protocol } = await server.spdy(
      '/?input=1&output=1&error=1',
      'v5.channel.k8s.io, v4.channel.k8s.io',
    );
    expect(protocol).toBe('v4.channel.k8s.io');
    const [error, stdin, stdout, stderr] = ['error', 'stdin', 'stdout', 'stderr'].map((streamtype) =>
      connection.open({ streamtype }),
    );
    stdin?.write('hello');
    // What ends here is the command, to kubectl.
    await expect.poll(() => stdin?.writableLength).toBe(0);
    expect(stdin?.readableEnded).toBe(false);
    stdin?.end();
    const got = await Promise.all([stdout, stderr, error].map((stream) => text(stream ?? connection.open({}))));
    expect(got).toEqual(['HELLO', '!', JSON.stringify(FAILED)]);
    await connection.ended;
  });

  test('tells before v4 how it ended as text, and is told sizes from v3 on', async () => {
    const { connection } = await server.spdy('/?output=1&tty=1&error=1', 'v3.channel.k8s.io');
    const [error, stdout, resize] = ['error', 'stdout', 'resize'].map((streamtype) => connection.open({ streamtype }));
    resize?.write('{"Width":80,"He');
    resize?.write('ight":24}\n{"Width":-1,"Height":1}{"Width":100,"Height":40}');
    expect(await text(error ?? connection.open({}))).toBe('no');
    expect(await text(stdout ?? connection.open({}))).toBe('NOTHING');
    expect(sizes).toEqual([
      { width: 80, height: 24 },
      { width: 100, height: 40 },
    ]);
  });

  test.each([
    [
      '/?output=1',
      'v9.channel.k8s.io',
      'SPDY/3.1',
      'client supports [v9.channel.k8s.io], server accepts [v4.channel.k8s.io',
    ],
    ['/?output=1', 'v4.channel.k8s.io', 'other', 'missing upgrade headers'],
    ['/', 'v4.channel.k8s.io', 'SPDY/3.1', 'you must specify at least 1 of stdin, stdout, stderr'],
  ])('%s with %s over %s is refused', async (path, protocols, upgrade, why) => {
    await expect(server.spdy(path, protocols, upgrade)).rejects.toThrow(why);
  });

  test('whose streams do not come in time is given up', async () => {
    const { connection } = await server.spdy('/?input=1', 'v4.channel.k8s.io');
    connection.open({ streamtype: 'error' });
    await expect.poll(() => clock.pending).toBeGreaterThan(0);
    clock.step(30_000);
    await connection.ended;
  });
});

/** All messages until the connection closes, and with which code. */
async function listen(
  socket: Awaited<ReturnType<UpgradeServer['webSocket']>>,
): Promise<{ messages: string[]; code: number }> {
  const messages: string[] = [];
  socket.on('message', (data: Buffer) => messages.push(data.toString()));
  socket.resume();
  const [code] = (await once(socket, 'close')) as [number];
  return { messages, code };
}

describe('a command over a WebSocket', () => {
  test('v5: stdin ends by itself, and a Status comes last', async () => {
    const socket = await server.webSocket('/?input=1&output=1&error=1', 'v5.channel.k8s.io, v4.channel.k8s.io');
    expect(socket.agreed).toBe('v5.channel.k8s.io');
    socket.send(Buffer.from('\0hello'));
    socket.send(Buffer.from([255, 0]));
    const { messages, code } = await listen(socket);
    expect([...messages].sort()).toEqual(['\x01HELLO', '\x02!', `\x03${JSON.stringify(FAILED)}`]);
    expect(messages.at(-1)?.[0]).toBe('\x03');
    expect(code).toBe(1000);
  });

  test('v4 is greeted on the first channel it reads, and a byte 255 is no end', async () => {
    const socket = await server.webSocket('/?output=1', 'v4.channel.k8s.io');
    socket.send(Buffer.from([255, 0]));
    expect((await listen(socket)).messages).toEqual(['\x01', '\x01NOTHING', `\x03${JSON.stringify(FAILED)}`]);
  });

  test('base64 speaks in text, and before v4 tells the end as text', async () => {
    const socket = await server.webSocket('/?output=1', 'base64.channel.k8s.io');
    const said = (channel: number, words: string) => `${channel}${Buffer.from(words).toString('base64')}`;
    expect((await listen(socket)).messages).toEqual([said(1, ''), said(1, 'NOTHING'), said(3, 'no')]);
  });

  test('by no protocol that is known is refused', async () => {
    await expect(server.webSocket('/?output=1', 'v9.channel.k8s.io')).rejects.toThrow(
      'no requested protocol is supported',
    );
  });

  test('is told when the client goes', async () => {
    let gone: Promise<unknown> | undefined;
    let isOpen = false;
    const waiting = await UpgradeServer.start(async (upgrade, query) => {
      const session = await openCommandSession(upgrade, commandOptions(query), clock);
      if (session) gone = once(session.signal, 'abort');
      isOpen = true;
    });
    const socket = await waiting.webSocket('/?output=1', 'v5.channel.k8s.io');
    await expect.poll(() => isOpen).toBe(true);
    socket.terminate();
    await gone;
    waiting.close();
  });
});
