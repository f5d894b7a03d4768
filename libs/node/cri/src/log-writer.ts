import { appendFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';
import { formatLogLine, type LogStream } from './log-format.js';

/** Longest text of one entry, in bytes; longer lines are written in parts. Behaves as containerd's CRI logger. */
const LONGEST_TEXT = 16_384;
const ROTATE_BYTES = 10 * 1024 * 1024;
const KEPT_ROTATED = 4;
const NEWLINE = 0x0a;

/**
 * Writes a container's log file in CRI format. It holds no file open, makes the file only when something is written,
 * joins what arrives while a write is under way, and rotates at 10 MiB.
 */
export class ContainerLogWriter {
  private readonly unfinished = new Map<LogStream, Buffer>();
  private queue: Buffer[] = [];
  private flushing: Promise<void> | undefined;
  private size: number | undefined;

  constructor(
    private readonly ctx: Context,
    readonly path: string,
  ) {}

  write(stream: LogStream, chunk: Buffer | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    const pending = this.unfinished.get(stream);
    this.unfinished.set(stream, this.takeLines(stream, pending?.length ? Buffer.concat([pending, bytes]) : bytes));
    this.startFlush();
  }

  /** Writes what is left, finished line or not, and resolves when all of it is in the file. */
  async close(): Promise<void> {
    for (const [stream, rest] of this.unfinished) {
      if (rest.length > 0) this.entry(stream, false, rest);
    }
    this.unfinished.clear();
    for (this.startFlush(); this.flushing; this.startFlush()) await this.flushing;
  }

  private startFlush(): void {
    if (this.flushing || this.queue.length === 0) return;
    this.flushing = this.flush().finally(() => {
      this.flushing = undefined;
      this.startFlush();
    });
  }

  private takeLines(stream: LogStream, bytes: Buffer): Buffer {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.line(stream, bytes.subarray(start, end));
      start = end + 1;
    }
    while (bytes.length - start > LONGEST_TEXT) {
      this.entry(stream, true, bytes.subarray(start, start + LONGEST_TEXT));
      start += LONGEST_TEXT;
    }
    return Buffer.from(bytes.subarray(start));
  }

  private line(stream: LogStream, line: Buffer): void {
    let rest = line;
    for (; rest.length > LONGEST_TEXT; rest = rest.subarray(LONGEST_TEXT)) {
      this.entry(stream, true, rest.subarray(0, LONGEST_TEXT));
    }
    this.entry(stream, false, rest);
  }

  private entry(stream: LogStream, partial: boolean, text: Buffer): void {
    this.queue.push(formatLogLine(this.ctx.clock.now(), stream, partial, text));
  }

  private async flush(): Promise<void> {
    try {
      while (this.queue.length > 0) {
        const bytes = Buffer.concat(this.queue);
        this.queue = [];
        await this.append(bytes);
      }
    } catch (error) {
      this.queue = [];
      this.ctx.logger.warn('a container log cannot be written', { path: this.path, error });
    }
  }

  private async append(bytes: Buffer): Promise<void> {
    if (this.size === undefined) {
      await mkdir(dirname(this.path), { recursive: true });
      this.size = await stat(this.path).then(
        (file) => file.size,
        () => 0,
      );
    }
    if (this.size >= ROTATE_BYTES) await this.rotate();
    await appendFile(this.path, bytes);
    this.size += bytes.length;
  }

  private async rotate(): Promise<void> {
    const stamp = new Date(this.ctx.clock.now()).toISOString().replace(/[-:]/g, '').slice(0, 15);
    await rename(this.path, `${this.path}.${stamp}`);
    this.size = 0;
    const directory = dirname(this.path);
    const rotated = (await readdir(directory)).filter((name) => name.startsWith(`${basename(this.path)}.`)).sort();
    await Promise.all(rotated.slice(0, -KEPT_ROTATED).map((name) => rm(join(directory, name), { force: true })));
  }
}
