import { type FSWatcher, watch } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type LogLine, parseLogLine } from './log-format.js';

export interface LogOptions {
  readonly follow?: boolean;
  /** Last lines only; undefined means all. */
  readonly tailLines?: number;
  /** Milliseconds since the epoch; older lines are left out. */
  readonly since?: number;
  readonly timestamps?: boolean;
  readonly limitBytes?: number;
  readonly stream?: 'stdout' | 'stderr';
}

const CHUNK = 64 * 1024;
const NEWLINE = 0x0a;
/** How often a followed log is looked at where file events do not tell. */
const RECHECK_MILLISECONDS = 1000;

/** Answers the offset where the last `count` lines begin. */
async function tailOffset(file: FileHandle, count: number): Promise<number> {
  const { size } = await file.stat();
  let seen = -1;
  for (let end = size; end > 0; end -= CHUNK) {
    const start = Math.max(0, end - CHUNK);
    const chunk = Buffer.alloc(end - start);
    await file.read(chunk, 0, chunk.length, start);
    for (let at = chunk.length - 1; at >= 0; at -= 1) {
      if (chunk[at] !== NEWLINE) continue;
      seen += 1;
      if (seen === count) return start + at + 1;
    }
  }
  return 0;
}

/** Resolves when the file may have grown, the signal aborts, or a second has passed. */
function change(path: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let watcher: FSWatcher | undefined;
    const finish = () => {
      watcher?.close();
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, RECHECK_MILLISECONDS);
    signal.addEventListener('abort', finish, { once: true });
    try {
      watcher = watch(path, finish).on('error', finish);
    } catch {
      // The file is being rotated: the timer looks again.
    }
  });
}

async function* linesOf(file: FileHandle, start: number, rest: { offset: number }): AsyncGenerator<LogLine> {
  let pending = Buffer.alloc(0);
  rest.offset = start;
  const chunk = Buffer.alloc(CHUNK);
  for (let at = start; ; ) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    const bytes = Buffer.concat([pending, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
      const line = parseLogLine(bytes.subarray(from, end));
      rest.offset += end + 1 - from;
      from = end + 1;
      if (line) yield line;
    }
    pending = Buffer.from(bytes.subarray(from));
  }
}

async function* entries(
  path: string,
  options: LogOptions,
  following: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  let file = await open(path, 'r');
  try {
    const rest = { offset: options.tailLines === undefined ? 0 : await tailOffset(file, options.tailLines) };
    for (;;) {
      // Asked before reading, so that what a container wrote last is read once more after it ended.
      const more = options.follow === true && following() && !signal.aborted;
      yield* linesOf(file, rest.offset, rest);
      if (!more) return;
      const changed = change(path, signal);
      if ((await file.stat()).size === rest.offset) await changed;
      const next = await open(path, 'r').catch(() => undefined);
      if (next && (await next.stat()).ino !== (await file.stat()).ino) {
        yield* linesOf(file, rest.offset, rest);
        await file.close();
        file = next;
        rest.offset = 0;
      } else await next?.close();
    }
  } finally {
    await file.close();
  }
}

function isWanted(
  { time, stream }: LogLine,
  { since = Number.NEGATIVE_INFINITY, stream: only = stream }: LogOptions,
): boolean {
  return time >= since && stream === only;
}

/**
 * Reads a CRI log file as `kubectl logs` shows it. With `follow` it goes on while `following()` says the container still
 * runs and the signal has not aborted. Rejects with ENOENT where there is no such file.
 */
export async function* readContainerLog(
  path: string,
  options: LogOptions,
  following: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let continued = false;
  for await (const line of entries(path, options, following, signal)) {
    if (!isWanted(line, options)) continue;
    const prefix = options.timestamps && !continued ? `${line.timestamp} ` : '';
    continued = line.partial;
    const bytes = Buffer.concat([Buffer.from(prefix), line.text, Buffer.from(line.partial ? '' : '\n')]);
    yield bytes.length > left ? bytes.subarray(0, left) : bytes;
    left -= bytes.length;
    if (left <= 0) return;
  }
}
