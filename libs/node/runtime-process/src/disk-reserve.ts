import { rmSync, statSync, writeFileSync } from 'node:fs';

/** Room for the records of some dozens of containers. */
const RESERVED_BYTES = 512 * 1024;

/** A file whose only use is its room: given up when the disk is full, so that what has to be written down still can be. */
export class DiskReserve {
  constructor(private readonly path: string) {
    this.fill();
  }

  /** Runs what writes; where the disk is full once more with the reserve given up. Throws what that throws. */
  use(write: () => void): void {
    try {
      write();
    } catch (error) {
      if (!isFull(error) || !this.giveUp()) throw error;
      write();
    }
    this.fill();
  }

  private giveUp(): boolean {
    try {
      rmSync(this.path);
      return true;
    } catch {
      return false;
    }
  }

  private fill(): void {
    try {
      if (statSync(this.path, { throwIfNoEntry: false })?.size === RESERVED_BYTES) return;
      writeFileSync(this.path, Buffer.alloc(RESERVED_BYTES, 1), { mode: 0o600 });
    } catch {
      // Still full; a part of a reserve is none.
      this.giveUp();
    }
  }
}

export function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}
