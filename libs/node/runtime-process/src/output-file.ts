import { execFile } from 'node:child_process';
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Bytes that were read and still take room on the disk, before it is given back. */
const RECLAIM_BYTES = 4 * 1024 * 1024;
/** Bytes nobody has read; more are given up, so that no program fills the disk with its log. */
export const LONGEST_BACKLOG = 32 * 1024 * 1024;
const BLOCK = 4096;
const CHUNK = 64 * 1024;

/**
 * What a process writes to one of its streams: a plain file, which takes whatever is written whether or not anybody reads it.
 * How far it was read stands beside it, so that the next run of the runtime goes on there.
 */
export class OutputFile {
  private readonly fd: number;
  private readonly mark: number;
  private readonly chunk = Buffer.alloc(CHUNK);
  private reclaimed = 0;
  /** Of the next byte to read. */
  private offset: number;

  /** Made where it is missing. Throws what the file system says. */
  constructor(readonly path: string) {
    this.fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    try {
      this.mark = openSync(`${path}.at`, constants.O_RDWR | constants.O_CREAT, 0o600);
    } catch (error) {
      closeSync(this.fd);
      throw error;
    }
    this.offset = Math.max(0, Number.parseInt(readFileSync(this.mark, 'latin1'), 10) || 0);
  }

  /** Calls back with what a process is given to write to. */
  withWriter<T>(use: (fd: number) => T): T {
    const fd = openSync(this.path, constants.O_WRONLY | constants.O_APPEND);
    try {
      return use(fd);
    } finally {
      closeSync(fd);
    }
  }

  /** When something was written last, in milliseconds since the epoch. */
  get lastWritten(): number {
    return fstatSync(this.fd).mtimeMs;
  }

  /** Where it ends now. */
  end(): number {
    const { size } = fstatSync(this.fd);
    // Cut off by whoever keeps it short: what is there now is new.
    if (size < this.offset) this.offset = 0;
    return size;
  }

  /** What comes next; empty at the end. The bytes are valid until the next call. */
  read(): Buffer {
    const length = readSync(this.fd, this.chunk, 0, CHUNK, this.offset);
    this.offset += length;
    return this.chunk.subarray(0, length);
  }

  /** Everything read so far is safe elsewhere, but for the last `pending` bytes. */
  async keep(pending: number): Promise<void> {
    this.writeMark(pending);
    if (this.offset - this.reclaimed >= RECLAIM_BYTES) await this.reclaim(pending);
  }

  get position(): number {
    return this.offset;
  }

  /** Gives up what nobody read in time. Answers how many bytes those were. */
  giveUpBacklog(): number {
    const backlog = this.end() - this.offset;
    if (backlog <= LONGEST_BACKLOG) return 0;
    this.startAnew();
    return backlog;
  }

  close(): void {
    closeSync(this.fd);
    closeSync(this.mark);
  }

  /** Gives the room of what was read back to the file system, without touching what is being written. */
  private async reclaim(pending: number): Promise<void> {
    const end = Math.floor((this.offset - pending) / BLOCK) * BLOCK;
    try {
      await run('fallocate', ['--punch-hole', '--offset', '0', '--length', String(end), this.path]);
      this.reclaimed = end;
    } catch {
      // Where holes cannot be made the file starts anew, in a moment when all of it was read.
      if (pending > 0 || this.end() !== this.offset) return;
      this.startAnew();
    }
  }

  private startAnew(): void {
    ftruncateSync(this.fd, 0);
    this.offset = 0;
    this.reclaimed = 0;
    this.writeMark(0);
  }

  private writeMark(pending: number): void {
    try {
      writeSync(this.mark, String(this.offset - pending).padEnd(20), 0);
    } catch {
      // The disk is full: at worst the next run reads a part again.
    }
  }
}
