import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '@binnacle/machinery-context';
import { LogEntries, LogFile, type LogStream } from '@binnacle/node-cri';
import { OutputFile } from './output-file.js';

const STREAMS: readonly LogStream[] = ['stdout', 'stderr'];
/** After a failure, and where the system does not tell of changes. */
const LOOK_AGAIN_MILLISECONDS = 1000;

/**
 * A container's output. The process writes into plain files, so it needs nobody: neither a dead runtime nor a full disk makes
 * it wait or ends it. While a runtime lives, it copies what was written into the log file, with times.
 */
export class ContainerOutput {
  private readonly files: ReadonlyMap<LogStream, OutputFile>;
  private readonly entries = new LogEntries();
  private readonly log: LogFile;
  private readonly watchers: FSWatcher[] = [];
  private copying: Promise<void> | undefined;
  /** Entries that the log file has not taken yet. */
  private unwritten = Buffer.alloc(0);
  private again = false;
  private draining = false;
  private closed = false;
  private failing = false;
  private cancelLook = () => {};
  private readonly stop = () => this.close();

  private constructor(
    private readonly ctx: Context,
    directory: string,
    logPath: string,
  ) {
    this.files = new Map(STREAMS.map((stream) => [stream, new OutputFile(join(directory, `${stream}.raw`))]));
    this.log = new LogFile(ctx.clock, logPath);
    ctx.signal.addEventListener('abort', this.stop, { once: true });
  }

  /** Goes on where an earlier run stopped reading. Throws what the file system says. */
  static open(ctx: Context, directory: string, logPath: string): ContainerOutput {
    const output = new ContainerOutput(ctx, directory, logPath);
    output.listen();
    output.changed();
    return output;
  }

  /** Calls back with what a new process is to be given as its standard output and error. */
  withWriters<T>(use: (stdout: number, stderr: number) => T): T {
    const [stdout, stderr] = [...this.files.values()] as [OutputFile, OutputFile];
    return stdout.withWriter((out) => stderr.withWriter((err) => use(out, err)));
  }

  /** Resolves when everything the process wrote is in the log file, or the log file takes nothing. */
  async drain(): Promise<void> {
    this.draining = true;
    await this.copying;
    this.changed();
    await this.copying;
    await this.log.append(Buffer.concat(this.entries.finish(this.ctx.clock.now()))).catch(() => undefined);
    this.close();
  }

  /** Stops reading; the process goes on writing. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.ctx.signal.removeEventListener('abort', this.stop);
    this.cancelLook();
    for (const watcher of this.watchers) watcher.close();
    if (!this.copying) this.closeFiles();
  }

  private listen(): void {
    for (const { path } of this.files.values()) {
      try {
        this.watchers.push(watch(path, () => this.changed()).on('error', () => this.lookLater()));
      } catch {
        // Too many watches on this machine.
        this.lookLater();
      }
    }
  }

  private changed(): void {
    this.again = true;
    if (this.closed || this.copying) return;
    this.copying = this.copyAll().finally(() => {
      this.copying = undefined;
      if (this.closed) this.closeFiles();
    });
  }

  private lookLater(): void {
    this.cancelLook();
    this.cancelLook = this.ctx.clock.after(LOOK_AGAIN_MILLISECONDS, () => {
      this.changed();
      if (this.watchers.length < this.files.size) this.lookLater();
    });
  }

  private async copyAll(): Promise<void> {
    try {
      do {
        this.again = false;
        this.giveUpBacklogs();
        await this.writeOut();
        for (const [stream, file] of this.files) await this.copy(stream, file);
      } while (this.again && !this.closed && !this.draining);
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.ctx.logger.warn('a container log cannot be written', { path: this.log.path, error });
      this.failing = true;
      if (!this.closed) this.lookLater();
    }
  }

  /** Copies what is there now; what comes meanwhile is announced by itself. */
  private async copy(stream: LogStream, file: OutputFile): Promise<void> {
    for (const end = file.end(); file.position < end; ) {
      const time = Math.min(this.ctx.clock.now(), Math.round(file.lastWritten));
      const chunk = file.read();
      if (chunk.length === 0) return;
      this.unwritten = Buffer.concat(this.entries.take(stream, chunk, time));
      await this.writeOut();
      await file.keep(this.entries.pending(stream));
    }
  }

  private giveUpBacklogs(): void {
    for (const file of this.files.values()) {
      const bytes = file.giveUpBacklog();
      if (bytes > 0) this.ctx.logger.warn('container output was given up', { path: this.log.path, bytes });
    }
  }

  private async writeOut(): Promise<void> {
    if (this.unwritten.length === 0) return;
    await this.log.append(this.unwritten);
    this.unwritten = Buffer.alloc(0);
  }

  private closeFiles(): void {
    for (const file of this.files.values()) file.close();
  }
}
