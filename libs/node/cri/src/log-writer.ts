import type { Context } from '@binnacle/machinery-context';
import { LogEntries } from './log-entries.js';
import { LogFile } from './log-file.js';
import type { LogStream } from './log-format.js';

/** What may wait for the disk, in bytes; what comes beyond it is lost. */
const LONGEST_QUEUE = 8 * 1024 * 1024;

/**
 * Writes a container's log file in CRI format from memory, joining what arrives while a write is under way. Whoever writes
 * never waits: what a full or slow disk does not take is lost.
 */
export class ContainerLogWriter {
  private readonly entries = new LogEntries();
  private readonly file: LogFile;
  private queue: Buffer[] = [];
  private queued = 0;
  private flushing: Promise<void> | undefined;
  private failing = false;

  constructor(
    private readonly ctx: Context,
    readonly path: string,
  ) {
    this.file = new LogFile(ctx.clock, path);
  }

  write(stream: LogStream, chunk: Buffer | string): void {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    this.enqueue(this.entries.take(stream, bytes, this.ctx.clock.now()));
  }

  /** Writes what is left, finished line or not, and resolves when all of it is in the file. */
  async close(): Promise<void> {
    this.enqueue(this.entries.finish(this.ctx.clock.now()));
    for (this.startFlush(); this.flushing; this.startFlush()) await this.flushing;
  }

  private enqueue(entries: readonly Buffer[]): void {
    for (const entry of entries) {
      if (this.queued + entry.length > LONGEST_QUEUE) return this.lost(new Error('the disk does not keep up'));
      this.queue.push(entry);
      this.queued += entry.length;
    }
    this.startFlush();
  }

  private startFlush(): void {
    if (this.flushing || this.queue.length === 0) return;
    this.flushing = this.flush().finally(() => {
      this.flushing = undefined;
      this.startFlush();
    });
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.concat(this.queue);
    this.queue = [];
    this.queued = 0;
    try {
      await this.file.append(bytes);
      this.failing = false;
    } catch (error) {
      this.lost(error);
    }
  }

  /** Said once until it works again: the program's own log stands on the same disk. */
  private lost(error: unknown): void {
    if (!this.failing) this.ctx.logger.warn('a container log cannot be written', { path: this.path, error });
    this.failing = true;
  }
}
