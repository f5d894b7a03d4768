// HTTP/2 written by hand: what no client's library would send.
import { once } from 'node:events';
import tls from 'node:tls';

/** Types of frames and their flags (RFC 9113). */
export const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION] = [0, 1, 3, 4, 6, 7, 9];
export const [END_STREAM, END_HEADERS] = [1, 4];
const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const CANCEL = Buffer.from([0, 0, 0, 8]);

export function frame(type, flags, stream, body = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(body.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, body]);
}

const text = (word) => Buffer.concat([Buffer.from([word.length]), Buffer.from(word)]);

/** HPACK's simplest form: each header by name and value, nothing remembered. No word is longer than 126 bytes. */
export const packed = (headers) =>
  Buffer.concat(Object.entries(headers).flatMap(([name, value]) => [Buffer.from([0]), text(name), text(value)]));

export const request = (method, path, more = {}) =>
  packed({ ':method': method, ':scheme': 'https', ':authority': 'localhost', ':path': path, ...more });

/** A connection that has said hello. Undefined where the server takes no more. */
export async function rawSession({ server, ca, cert, key }) {
  const { hostname, port } = new URL(server);
  const socket = tls.connect({ host: hostname, port: Number(port), ca, cert, key, ALPNProtocols: ['h2'] });
  socket.on('error', () => undefined);
  try {
    await Promise.race([
      once(socket, 'secureConnect'),
      once(socket, 'close').then(() => Promise.reject(new Error('closed'))),
    ]);
  } catch {
    return undefined;
  }
  socket.write(Buffer.concat([Buffer.from(PREFACE), frame(SETTINGS, 0, 0)]));
  return socket;
}

/** Goodbye, by which a server that believes it closes the session. */
export const goodbye = (code = 0) => frame(GOAWAY, 0, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, code]));
