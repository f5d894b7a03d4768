import type { Socket } from 'node:net';
import { tcpPorts } from './http.js';
import type { Program } from './program.js';

const LONGEST_COMMAND = 1024 * 1024;
/** Characters of all keys and values. */
const MOST_DATA = 16 * 1024 * 1024;
/** What a key takes beside its characters. */
const KEY_COST = 100;
/** Bytes of answers that may wait for a client to read them, before its commands wait. */
const MOST_UNREAD = 1024 * 1024;
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

/** Keys and values, up to a limit: many containers share one process. */
export class RedisData {
  private readonly values = new Map<string, string>();
  private held = 0;

  get size(): number {
    return this.values.size;
  }

  get(key: string): string | undefined {
    return this.values.get(key);
  }

  /** Answers whether there was room. */
  set(key: string, value: string): boolean {
    const more = value.length - (this.values.get(key)?.length ?? -key.length - KEY_COST);
    if (more > 0 && this.held + more > MOST_DATA) return false;
    this.held += more;
    this.values.set(key, value);
    return true;
  }

  delete(key: string): boolean {
    const value = this.values.get(key);
    if (value === undefined) return false;
    this.held -= value.length + key.length + KEY_COST;
    return this.values.delete(key);
  }
}

const OUT_OF_MEMORY = `-OOM command not allowed when used memory > 'maxmemory'.${CRLF}`;

function answer(data: RedisData, words: readonly string[]): string {
  const [name = '', key = '', value = ''] = words;
  const commands: Record<string, () => string> = {
    PING: () => (key ? bulk(key) : simple('PONG')),
    ECHO: () => bulk(key),
    SET: () => (data.set(key, value) ? simple('OK') : OUT_OF_MEMORY),
    GET: () => bulk(data.get(key)),
    DEL: () => integer(words.slice(1).filter((each) => data.delete(each)).length),
    EXISTS: () => integer(words.slice(1).filter((each) => data.get(each) !== undefined).length),
    INCR: () => {
      const next = Number(data.get(key) ?? 0) + 1;
      if (!Number.isSafeInteger(next)) return failure('value is not an integer or out of range');
      return data.set(key, String(next)) ? integer(next) : OUT_OF_MEMORY;
    },
    DBSIZE: () => integer(data.size),
    QUIT: () => simple('OK'),
  };
  return commands[name.toUpperCase()]?.() ?? failure(`unknown command '${name}'`);
}

class RedisConnection {
  private pending = Buffer.alloc(0);

  constructor(
    private readonly socket: Socket,
    private readonly data: RedisData,
  ) {
    socket.on('data', (chunk: Buffer) => {
      this.pending = Buffer.concat([this.pending, chunk]);
      this.proceed();
    });
    socket.on('drain', () => {
      socket.resume();
      this.proceed();
    });
  }

  private proceed(): void {
    try {
      this.answerAll();
      if (this.pending.length > LONGEST_COMMAND && !this.socket.isPaused()) this.socket.destroy();
    } catch (error) {
      this.socket.end(failure(error instanceof Error ? error.message : String(error)));
    }
  }

  /** Who does not read its answers gets no more of them. */
  private answerAll(): void {
    const { socket } = this;
    while (socket.writable) {
      if (socket.writableLength > MOST_UNREAD) return void socket.pause();
      const next = parseCommand(this.pending);
      if (!next) return;
      this.pending = this.pending.subarray(next.length);
      if (next.words.length > 0) socket.write(answer(this.data, next.words));
      if (next.words[0]?.toUpperCase() === 'QUIT') socket.end();
    }
  }
}

/** A key-value server that speaks enough of the Redis protocol for clients to try. */
export const redis =
  (ports: readonly number[]): Program =>
  async (process) => {
    const data = new RedisData();
    for (const port of tcpPorts(process, ports))
      await process.listenTcp(port, (socket) => void new RedisConnection(socket, data));
    process.log('stdout', '* Ready to accept connections tcp\n');
    return { signalled: () => process.exit(0) };
  };
