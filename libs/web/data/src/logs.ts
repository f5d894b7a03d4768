import { open, UnreachableError } from './http.js';
import { offeredProtocols, socketUrl } from './streams/socket-url.js';
import { type ApiTarget, apiPath } from './paths.js';

export interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tailLines?: number;
  /** RFC 3339: only what was written from then on. */
  readonly sinceTime?: string;
  /** Only what was written in so many last seconds. */
  readonly sinceSeconds?: number;
}

export interface LogLine {
  /** RFC 3339, empty where the server sent none. */
  readonly time: string;
  readonly text: string;
}

/** Splits what arrives into lines, keeping an unfinished one until its rest comes. */
export class LineSplitter {
  private rest = '';

  push(chunk: string): string[] {
    const lines = (this.rest + chunk).split('\n');
    this.rest = lines.pop() ?? '';
    return lines;
  }

  /** The last line, where it had no newline. */
  end(): string[] {
    const last = this.rest;
    this.rest = '';
    return last ? [last] : [];
  }
}

const STAMP = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?/;

export function parseLogLine(line: string): LogLine {
  const stamp = STAMP.exec(line);
  return stamp ? { time: stamp[1] ?? '', text: line.slice(stamp[0].length) } : { time: '', text: line };
}

function logPath(target: ApiTarget, options: LogOptions): string {
  return apiPath(
    { ...target, subresource: 'log' },
    {
      container: options.container,
      timestamps: true,
      ...(options.follow && { follow: true }),
      ...(options.previous && { previous: true }),
      ...(options.tailLines !== undefined && { tailLines: options.tailLines }),
      ...(options.sinceTime && { sinceTime: options.sinceTime }),
      ...(options.sinceSeconds && { sinceSeconds: options.sinceSeconds }),
    },
  );
}

/** Reads a container's log; each item is what came in one read. Ends when the server ends it. */
export async function* readLog(target: ApiTarget, options: LogOptions, signal: AbortSignal): AsyncGenerator<LogLine[]> {
  const response = await open(logPath(target, options), { accept: 'text/plain, application/json', signal });
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const splitter = new LineSplitter();
  for (;;) {
    const { done, value } = await reader.read();
    const lines = done ? splitter.end() : splitter.push(value);
    if (lines.length > 0) yield lines.map(parseLogLine);
    if (done) return;
  }
}

/** What a socket says, one message after the other, until it is closed. */
class Messages {
  private readonly waiting: ArrayBuffer[] = [];
  private wake: () => void = () => undefined;
  private isOver = false;
  private fault: Error | undefined;

  constructor(private readonly socket: WebSocket) {
    socket.binaryType = 'arraybuffer';
    socket.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) this.waiting.push(data);
      this.wake();
    };
    socket.onclose = ({ code }: { code: number }) => {
      if (code !== NORMAL) this.fault = new UnreachableError('the log was cut off');
      this.isOver = true;
      this.wake();
    };
  }

  /** Undefined at the end. Rejects where there was none. */
  async next(): Promise<ArrayBuffer | undefined> {
    while (this.waiting.length === 0 && !this.isOver) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const next = this.waiting.shift();
    if (!next && this.fault) throw this.fault;
    return next;
  }

  end(): void {
    this.isOver = true;
    this.socket.close();
    this.wake();
  }
}

/** A server that has said all it had to say. */
const NORMAL = 1_000;
const BYTES = 'binary.k8s.io';

/**
 * Follows a container's log over a WebSocket: a browser keeps few requests open to one server, and a workload has many logs. Why
 * one cannot be read is not told; `readLog` tells.
 */
export async function* followLog(
  target: ApiTarget,
  options: LogOptions,
  signal: AbortSignal,
): AsyncGenerator<LogLine[]> {
  const messages = new Messages(new WebSocket(socketUrl(logPath(target, options)), offeredProtocols([BYTES])));
  const stop = () => messages.end();
  signal.addEventListener('abort', stop);
  const splitter = new LineSplitter();
  const decoder = new TextDecoder();
  try {
    for (let next = await messages.next(); next && !signal.aborted; next = await messages.next()) {
      const lines = splitter.push(decoder.decode(next, { stream: true }));
      if (lines.length > 0) yield lines.map(parseLogLine);
    }
    const last = splitter.end();
    if (last.length > 0) yield last.map(parseLogLine);
  } finally {
    signal.removeEventListener('abort', stop);
    messages.end();
  }
}
