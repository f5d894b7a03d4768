import type { Socket } from 'node:net';
import { tcpPorts } from './http.js';
import type { Program } from './program.js';

const LONGEST_COMMAND = 1024 * 1024;
const MOST_WORDS = 1024;
const CRLF = '\r\n';
const DOLLAR = 0x24;

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

/** One bulk string at an offset; undefined while it is not whole. */
function parseBulk(buffer: Buffer, at: number): { word: string; end: number } | undefined {
  const line = buffer.indexOf(CRLF, at);
  if (line < 0) return undefined;
  const size = Number(buffer.toString('latin1', at + 1, line));
  if (buffer[at] !== DOLLAR || !Number.isInteger(size) || size < 0) throw new Error("Protocol error: expected '$'");
  const begin = line + CRLF.length;
  const end = begin + size + CRLF.length;
  return buffer.length < end ? undefined : { word: buffer.toString('utf8', begin, begin + size), end };
}

function parseArray(buffer: Buffer, count: number, start: number): Parsed | undefined {
  if (!Number.isInteger(count) || count > MOST_WORDS) throw new Error('Protocol error: invalid multibulk length');
  const words: string[] = [];
  let length = start;
  while (words.length < count) {
    const bulk = parseBulk(buffer, length);
    if (!bulk) return undefined;
    words.push(bulk.word);
    length = bulk.end;
  }
  return { words, length };
}

/** Reads one command, inline or as an array of bulk strings; undefined while it is not whole. Throws for what is none. */
export function parseCommand(buffer: Buffer): Parsed | undefined {
  const newline = buffer.indexOf('\n');
  if (newline < 0) return undefined;
  const line = buffer.toString('utf8', 0, newline).trim();
  if (line.startsWith('*')) return parseArray(buffer, Number(line.slice(1)), newline + 1);
  return { words: line.split(/\s+/).filter(Boolean), length: newline + 1 };
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
