import { type FileHandle, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import type { Clock } from '@binnacle/machinery-context';
import { finished, type PendingEvent } from '../event.js';

export interface LogFileOptions {
  /** `-` is standard output. */
  readonly path: string;
  /** Bytes from which on a new file is begun. */
  readonly maxBytes: number;
  /** How many old files are kept, and for how many milliseconds; 0 is without end. */
  readonly maxBackups: number;
  readonly maxAge: number;
}

const lineOf = (pending: PendingEvent): string => `${JSON.stringify(finished(pending))}\n`;

/** JSON lines in a file that only its owner reads, put aside by size; old ones go by number and age. */
export class LogFile {
  private handle: FileHandle | undefined;
  private size = 0;

  constructor(
    private readonly options: LogFileOptions,
    private readonly clock: Clock,
    private readonly print: (text: string) => void = (text) => void process.stdout.write(text),
  ) {}

  /** Rejects where the disk does not take them; the next call tries anew. */
  readonly write = async (events: readonly PendingEvent[]): Promise<void> => {
    const text = events.map(lineOf).join('');
    if (this.options.path === '-') return this.print(text);
    const bytes = Buffer.from(text);
    try {
      const handle = await this.opened(bytes.length);
      await handle.appendFile(bytes);
      this.size += bytes.length;
    } catch (error) {
      await this.close();
      throw error;
    }
  };

  async close(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => undefined);
  }

  private async opened(more: number): Promise<FileHandle> {
    const { path, maxBytes } = this.options;
    if (this.handle && this.size > 0 && this.size + more > maxBytes) await this.putAside();
    if (this.handle) return this.handle;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    this.handle = await open(path, 'a', 0o600);
    this.size = (await this.handle.stat()).size;
    return this.handle;
  }

  private async putAside(): Promise<void> {
    await this.close();
    const { path } = this.options;
    const { stem, end } = this.names();
    const time = new Date(this.clock.now()).toISOString().replaceAll(':', '-').slice(0, 23);
    await rename(path, join(dirname(path), `${stem}${time}${end}`));
    await this.removeOld();
  }

  private names(): { readonly stem: string; readonly end: string } {
    const end = extname(this.options.path);
    return { stem: `${basename(this.options.path, end)}-`, end };
  }

  private async removeOld(): Promise<void> {
    const { path, maxBackups, maxAge } = this.options;
    const { stem, end } = this.names();
    const folder = dirname(path);
    const pattern = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}$/;
    const isOurs = (name: string) =>
      name.startsWith(stem) && name.endsWith(end) && pattern.test(name.slice(stem.length, name.length - end.length));
    const old = (await readdir(folder)).filter(isOurs).sort().reverse();
    for (const [at, name] of old.entries()) {
      const isTooMany = maxBackups > 0 && at >= maxBackups;
      if (isTooMany || (maxAge > 0 && (await this.ageOf(join(folder, name))) > maxAge))
        await unlink(join(folder, name));
    }
  }

  private async ageOf(file: string): Promise<number> {
    return this.clock.now() - (await stat(file)).mtimeMs;
  }
}
