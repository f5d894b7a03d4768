import { appendFile, mkdir, readdir, rename, rm, stat, truncate } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '@binnacle/machinery-context';

const ROTATE_BYTES = 10 * 1024 * 1024;
const KEPT_ROTATED = 4;

/** A container's log file, made when something is written, rotated at 10 MiB. It is not held open. */
export class LogFile {
  private size: number | undefined;

  constructor(
    private readonly clock: Clock,
    readonly path: string,
  ) {}

  /** Appends whole entries, all of them or none. Rejects with what the file system said, such as `ENOSPC`. */
  async append(entries: Buffer): Promise<void> {
    const size = this.size ?? (await this.open());
    if (size >= ROTATE_BYTES) await this.rotate();
    const before = this.size ?? 0;
    try {
      await appendFile(this.path, entries, { mode: 0o640 });
      this.size = before + entries.length;
    } catch (error) {
      // A disk that fills up takes a part: the next entry must not continue a torn one.
      await truncate(this.path, before).catch(() => undefined);
      this.size = undefined;
      throw error;
    }
  }

  private async open(): Promise<number> {
    await mkdir(dirname(this.path), { recursive: true });
    this.size = await stat(this.path).then(
      (file) => file.size,
      () => 0,
    );
    return this.size;
  }

  private async rotate(): Promise<void> {
    const stamp = new Date(this.clock.now()).toISOString().replace(/[-:]/g, '').slice(0, 15);
    await rename(this.path, `${this.path}.${stamp}`);
    this.size = 0;
    const directory = dirname(this.path);
    const rotated = (await readdir(directory)).filter((name) => name.startsWith(`${basename(this.path)}.`)).sort();
    await Promise.all(rotated.slice(0, -KEPT_ROTATED).map((name) => rm(join(directory, name), { force: true })));
  }
}
