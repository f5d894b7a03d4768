import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Types of frames and their flags (RFC 9113). */
const [DATA, HEADERS, RST_STREAM, SETTINGS] = [0, 1, 3, 4];
const [END_STREAM, END_HEADERS, ACK] = [1, 4, 1];
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
const OPTIONS = '{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background"}';

let server: TestApiServer;
beforeAll(async () => {
  server = await startTestApiServer({ storage: 'memory' });
});
afterAll(() => server.close());

interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly body: Buffer;
}

function frame(type: number, flags: number, stream: number, body: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

const text = (word: string) => Buffer.concat([Buffer.from([word.length]), Buffer.from(word)]);
/** HPACK's simplest form: each header by name and value, nothing remembered. */
const packed = (headers: Readonly<Record<string, string>>) =>
  Buffer.concat(Object.entries(headers).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));

async function* framesOf(socket: TLSSocket): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk as Buffer]);
    while (rest.length >= 9 && rest.length >= 9 + rest.readUIntBE(0, 3)) {
      const end = 9 + rest.readUIntBE(0, 3);
      yield { type: rest[3] ?? 0, flags: rest[4] ?? 0, stream: rest.readUInt32BE(5), body: rest.subarray(9, end) };
      rest = rest.subarray(end);
    }
  }
}

/** What ends the answer: its own end, or a reset before it. */
async function answerOn(socket: TLSSocket): Promise<string> {
  let answer = '';
  for await (const { type, flags, stream, body } of framesOf(socket)) {
    if (type === SETTINGS && !(flags & ACK)) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
    if (stream === 0) continue;
    if (type === RST_STREAM) return `${answer} reset`;
    if (type === DATA) answer += body.toString();
    if (flags & END_STREAM) return answer;
  }
  return `${answer} cut`;
}

// As kubectl sends it: both are there when the server looks, and are read one after the other.
test.each([1, 2])('a refusal is whole where the body comes right behind the head, in %i frames', async (pieces) => {
  const { ca, cert, key } = await server.configFor('nobody');
  const { hostname: host, port } = new URL(server.url);
  const socket = connect({ host, port: Number(port), ca, cert, key, ALPNProtocols: ['h2'] });
  await once(socket, 'secureConnect');
  const head = packed({
    ':method': 'DELETE',
    ':scheme': 'https',
    ':authority': 'localhost',
    ':path': '/api/v1/namespaces/default/configmaps/x',
    'content-type': 'application/json',
    'content-length': String(OPTIONS.length),
  });
  socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0, Buffer.alloc(0))]));
  socket.write(frame(HEADERS, END_HEADERS, 1, head));
  const last = pieces === 1 ? Buffer.from(OPTIONS) : Buffer.alloc(0);
  if (pieces === 2) socket.write(frame(DATA, 0, 1, Buffer.from(OPTIONS)));
  socket.write(frame(DATA, END_STREAM, 1, last));
  expect(JSON.parse(await answerOn(socket))).toMatchObject({ kind: 'Status', code: 403, reason: 'Forbidden' });
  socket.destroy();
});
