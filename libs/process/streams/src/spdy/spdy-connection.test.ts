import { once } from 'node:events';
import { duplexPair, type Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CarriedStream } from '../carrier/carried-stream.js';
import { MOST_BUFFERED } from '../carrier/carried-stream.js';
import { controlFrame, FrameReader, FrameType, words } from './frames.js';
import { HeaderWriter } from './header-block.js';
import { SpdyConnection } from './spdy-connection.js';

function connect(onStream: (stream: CarriedStream) => void) {
  const [near, far] = duplexPair();
  // As sockets do.
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  const server = new SpdyConnection(far, { role: 'server', onStream });
  const client = new SpdyConnection(near, { role: 'client', onStream: () => undefined });
  return { client, server, near };
}

const echo = (stream: CarriedStream) => void stream.pipe(stream);

/** A client that writes frames by hand. */
function byHand(onStream: (stream: CarriedStream) => void): { socket: Duplex; server: SpdyConnection } {
  const [socket, far] = duplexPair();
  return { socket, server: new SpdyConnection(far, { role: 'server', onStream }) };
}

const headers = new HeaderWriter();
const synStream = (id: number, writer = headers) =>
  controlFrame(FrameType.synStream, 0, Buffer.concat([words(id, 0), Buffer.from([0, 0]), writer.write({ a: 'b' })]));

describe('a SPDY connection', () => {
  test('carries what is written on many streams at once, both ways, to its end', async () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 2000 }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(fc.array(chunks, { minLength: 1, maxLength: 6 }), async (list) => {
        const { client } = connect(echo);
        const got = list.map(async (pieces) => {
          const stream = client.open({ streamtype: 'data' });
          for (const piece of pieces) stream.write(piece);
          stream.end();
          return await buffer(stream);
        });
        expect(await Promise.all(got)).toEqual(list.map((pieces) => Buffer.concat(pieces)));
        client.destroy();
      }),
      { numRuns: 30 },
    );
  });

  test('tells the headers of a stream, and forgets one that both sides have ended', async () => {
    const opened: CarriedStream[] = [];
    const { client, server } = connect((stream) => {
      opened.push(stream);
      stream.resume().end();
    });
    const stream = client.open({ streamType: 'error', port: '80' });
    stream.resume().end();
    await once(stream, 'close');
    expect(opened[0]?.headers).toEqual({ streamtype: 'error', port: '80' });
    expect(client.size).toBe(0);
    await expect.poll(() => server.size).toBe(0);
  });

  test('holds a client back whose stream nobody reads', async () => {
    let kept: CarriedStream | undefined;
    const { client, near } = connect((stream) => (kept = stream));
    const stream = client.open({});
    const whole = Buffer.alloc(4 * MOST_BUFFERED, 1);
    for (let at = 0; at < whole.length; at += 16_384) stream.write(whole.subarray(at, at + 16_384));
    stream.end();
    await expect.poll(() => kept?.isFull).toBe(true);
    expect(kept?.readableLength).toBeLessThan(MOST_BUFFERED + 32_768);
    expect(near.writableLength + stream.writableLength).toBeGreaterThan(MOST_BUFFERED);
    const got: Buffer[] = [];
    kept?.on('data', (chunk: Buffer) => void got.push(chunk));
    await once(kept ?? stream, 'end');
    expect(Buffer.concat(got).equals(whole)).toBe(true);
  });

  test('that one side resets ends the stream of the other, not its neighbours', async () => {
    const opened: CarriedStream[] = [];
    const { client } = connect((stream) => void opened.push(stream));
    const [first, second] = [client.open({}), client.open({})];
    await expect.poll(() => opened.length).toBe(2);
    first.destroy();
    await once(opened[0] ?? first, 'close');
    opened[1]?.end('still here');
    expect((await buffer(second)).toString()).toBe('still here');
  });

  test('ends all of its streams with itself', async () => {
    const opened: CarriedStream[] = [];
    const { client, server } = connect((stream) => void opened.push(stream));
    const stream = client.open({});
    await expect.poll(() => opened.length).toBe(1);
    server.close();
    await once(stream, 'close');
    await server.ended;
    expect(opened[0]?.destroyed).toBe(true);
  });

  test('answers pings of the other side, and only those', async () => {
    const { socket } = byHand(() => undefined);
    const reader = new FrameReader();
    socket.write(Buffer.concat([controlFrame(FrameType.ping, 0, words(2)), controlFrame(FrameType.ping, 0, words(7))]));
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect([...reader.read(answer)]).toEqual([{ kind: 'control', type: FrameType.ping, flags: 0, payload: words(7) }]);
  });

  test('does not listen to who leaves the answers to pings lying', async () => {
    const [socket, far] = duplexPair();
    const server = new SpdyConnection(far, { role: 'server', onStream: () => undefined });
    const pings = Buffer.concat(Array.from({ length: 1000 }, () => controlFrame(FrameType.ping, 0, words(1))));
    const sent = 100 * pings.length;
    for (let at = 0; at < sent; at += pings.length) socket.write(pings);
    await expect.poll(() => far.writableLength).toBeGreaterThan(MOST_BUFFERED / 2);
    await new Promise(setImmediate);
    expect(far.writableLength).toBeLessThan(MOST_BUFFERED + pings.length);
    expect(socket.writableLength).toBeGreaterThan(0);
    let heard = 0;
    socket.on('data', (chunk: Buffer) => (heard += chunk.length));
    await expect.poll(() => heard).toBe(sent);
    server.destroy();
  });

  test.each([
    ['an even stream', 2],
    ['stream 0', 0],
  ])('is over when a client opens %s', async (_what, id) => {
    const { socket, server } = byHand(() => undefined);
    socket.resume().write(synStream(id, new HeaderWriter()));
    await server.ended;
  });

  test('is over when a client opens a stream twice', async () => {
    const { socket, server } = byHand(() => undefined);
    const writer = new HeaderWriter();
    socket.resume().write(Buffer.concat([synStream(1, writer), synStream(1, writer)]));
    await server.ended;
  });

  test('refuses more streams than there is room for', async () => {
    const opened: CarriedStream[] = [];
    const { client } = connect((stream) => void opened.push(stream));
    const streams = Array.from({ length: 1001 }, () => client.open({}));
    await once(streams[1000] ?? client.open({}), 'close');
    expect(opened.length).toBe(1000);
  });

  test('survives whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 5 }), async (pieces) => {
        const { socket, server } = byHand((stream) => void stream.resume().end());
        socket.resume().write(synStream(1, new HeaderWriter()));
        for (const piece of pieces) {
          const type = (piece[0] ?? 0) % 10;
          socket.write((piece[1] ?? 0) > 60 ? controlFrame(type, piece[2] ?? 0, Buffer.from(piece)) : piece);
        }
        socket.end();
        await server.ended;
        expect(server.size).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});
