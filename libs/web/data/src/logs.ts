import { open } from './http.js';
import { type ApiTarget, apiPath } from './paths.js';

export interface LogOptions {
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly tailLines?: number;
  /** RFC 3339: only what was written from then on. */
  readonly sinceTime?: string;
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
