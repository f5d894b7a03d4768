import { lstatSync, readdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { type CpOptions, type FileContent, type MkdirOptions, ReadWriteFs } from 'just-bash';

export interface VolumeLimits {
  /** Bytes of one volume. */
  readonly bytes: number;
  /** Bytes of the machine's disk that are never written to: what is simulated must not stop what is not. */
  readonly leftOver: number;
}

const MIB = 1024 * 1024;
const LIMITS: VolumeLimits = { bytes: 64 * MIB, leftOver: 256 * MIB };
/** What the smallest file or directory takes. */
const BLOCK = 4096;
/** So much is written at most before the disk is looked at again: others write there, too. */
const CREDIT = 4 * MIB;

type Options = Parameters<ReadWriteFs['writeFile']>[2];

/** Bytes a file or directory takes with all that is in it; nothing for what is not there. */
function sizeOf(path: string): number {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (!stat) return 0;
  const own = Math.max(BLOCK, stat.isDirectory() ? 0 : stat.size);
  return stat.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), own) : own;
}

function noSpace(path: string): Error {
  return Object.assign(new Error(`ENOSPC: no space left on device, write '${path}'`), { code: 'ENOSPC' });
}

/** A volume on the machine's disk that a container writes to, up to a limit. */
export class VolumeFiles extends ReadWriteFs {
  private credit = 0;

  constructor(
    private readonly directory: string,
    private readonly limits = LIMITS,
  ) {
    super({ root: directory });
  }

  override async writeFile(path: string, content: FileContent, options?: Options): Promise<void> {
    this.spend(path, Buffer.byteLength(content));
    await super.writeFile(path, content, options);
  }

  override async appendFile(path: string, content: FileContent, options?: Options): Promise<void> {
    this.spend(path, Buffer.byteLength(content));
    await super.appendFile(path, content, options);
  }

  override async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    this.spend(path, BLOCK);
    await super.mkdir(path, options);
  }

  override async cp(source: string, target: string, options?: CpOptions): Promise<void> {
    this.spend(target, sizeOf(join(this.directory, source)));
    await super.cp(source, target, options);
  }

  /** Throws ENOSPC where so many more bytes are not to be had. */
  private spend(path: string, bytes: number): void {
    const needed = Math.max(BLOCK, bytes);
    if (needed > this.credit) this.credit = Math.min(this.room(), Math.max(CREDIT, needed));
    if (needed > this.credit) throw noSpace(path);
    this.credit -= needed;
  }

  private room(): number {
    const { bytes, leftOver } = this.limits;
    const { bavail, bsize } = statfsSync(this.directory);
    return Math.min(bytes - sizeOf(this.directory), bavail * bsize - leftOver);
  }
}
