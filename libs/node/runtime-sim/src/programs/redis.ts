import type { Socket } from 'node:net';
import { tcpPorts } from './http.js';
import type { Program } from './program.js';

const LONGEST_COMMAND = 1024 * 1024;
const CRLF = '\r\n';

const bulk = (text: string | undefined) =>
  text === undefined ? `$-1${CRLF}` : `$${Buffer.byteLength(text)}${CRLF}${text}${CRLF}`;
const simple = (text: string) => `+${text}${CRLF}`;
const integer = (number: number) => `:${number}${CRLF}`;
const failure = (text: string) => `-ERR ${text}${CRLF}`;

export interface Parsed {
  readonly words: readonly string[];
  /** Bytes it took. */
  readonly length: number;
}

/** Reads one command, inline or as an array of bulk strings; undefined while it is not whole. Throws for what is none. */
export function parseCommand(buffer: Buffer): Parsed | undefined {
  const line = buffer.indexOf(CRLF);
  const end = line >= 0 ? line : buffer.indexOf('\n');
  if (end < 0) return undefined;
  const first = buffer.toString('utf8', 0, end);
  let at = end + (line >= 0 ? 2 : 1);
  if (!first.startsWith('*')) return { words: first.trim().split(/\s+/).filter(Boolean), length: at };
  const words: string[] = [];
  const count = Number(first.slice(1));
  if (!Number.isInteger(count) || count > 1024) throw new Error('Protocol error: invalid multibulk length');
  for (let index = 0; index < count; index += 1) {
    const next = buffer.indexOf(CRLF, at);
    if (next < 0) return undefined;
    const size = Number(buffer.toString('latin1', at + 1, next));
    if (buffer[at] !== 0x24 || !Number.isInteger(size) || size < 0) throw new Error("Protocol error: expected '$'");
    if (buffer.length < next + 2 + size + 2) return undefined;
    words.push(buffer.toString('utf8', next + 2, next + 2 + size));
    at = next + 2 + size + 2;
  }
  return { words, length: at };
}

function answer(data: Map<string, string>, words: readonly string[]): string {
  const [name = '', key = '', value = ''] = words;
  const commands: Record<string, () => string> = {
    PING: () => (key ? bulk(key) : simple('PONG')),
    ECHO: () => bulk(key),
    SET: () => {
      data.set(key, value);
      return simple('OK');
    },
    GET: () => bulk(data.get(key)),
    DEL: () => integer(words.slice(1).filter((each) => data.delete(each)).length),
    EXISTS: () => integer(words.slice(1).filter((each) => data.has(each)).length),
    INCR: () => {
      const next = Number(data.get(key) ?? 0) + 1;
      if (!Number.isSafeInteger(next)) return failure('value is not an integer or out of range');
      data.set(key, String(next));
      return integer(next);
    },
    DBSIZE: () => integer(data.size),
    QUIT: () => simple('OK'),
  };
  return commands[name.toUpperCase()]?.() ?? failure(`unknown command '${name}'`);
}

function serve(socket: Socket, data: Map<string, string>): void {
  let pending = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    try {
      for (let next = parseCommand(pending); next; next = parseCommand(pending)) {
        pending = pending.subarray(next.length);
        if (next.words.length > 0) socket.write(answer(data, next.words));
        if (next.words[0]?.toUpperCase() === 'QUIT') socket.end();
      }
      if (pending.length > LONGEST_COMMAND) socket.destroy();
    } catch (error) {
      socket.end(failure(error instanceof Error ? error.message : String(error)));
    }
  });
}

/** A key-value server that speaks enough of the Redis protocol for clients to try. */
export const redis =
  (ports: readonly number[]): Program =>
  async (process) => {
    const data = new Map<string, string>();
    for (const port of tcpPorts(process, ports)) await process.listenTcp(port, (socket) => serve(socket, data));
    process.log('stdout', '* Ready to accept connections tcp\n');
    return { signalled: () => process.exit(0) };
  };
