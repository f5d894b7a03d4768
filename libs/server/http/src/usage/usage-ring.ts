/** How often is measured, in milliseconds, and for how many times it is kept: an hour. */
export const SLOT_MILLISECONDS = 15_000;
export const SLOTS = 240;
/** A measurement stands for the time since the one before, if that is no longer ago than so many slots. */
const CARRIED = 8;

/** Billionths of a core, and bytes. */
export interface Amounts {
  readonly nanoCores: number;
  readonly bytes: number;
}

/** The number of the slot that a time is in, since the epoch. */
export const slotOf = (milliseconds: number): number => Math.floor(milliseconds / SLOT_MILLISECONDS);

/** What something used, in one slot after the other. Of what was not measured is not a number. */
export class UsageRing {
  /** For each slot the cores, then the bytes. */
  private readonly values = new Float32Array(2 * SLOTS).fill(Number.NaN);
  /** The slot that was written last. */
  newest = Number.NEGATIVE_INFINITY;

  /** A slot before the newest is left alone. */
  write(slot: number, amounts: Amounts): void {
    if (slot < this.newest) return;
    const passed = slot - this.newest;
    const since = Math.max(this.newest + 1, slot - SLOTS + 1);
    for (let at = since; at < slot; at += 1) this.set(at, passed <= CARRIED ? amounts : undefined);
    this.set(slot, amounts);
    this.newest = slot;
  }

  /** The mean of some slots from one on; undefined where none of them was measured. */
  mean(first: number, count: number): Amounts | undefined {
    let [nanoCores, bytes, measured] = [0, 0, 0];
    const oldest = Math.max(first, this.newest - SLOTS + 1);
    for (let slot = oldest; slot < first + count && slot <= this.newest; slot += 1) {
      const at = 2 * (slot % SLOTS);
      const cores = this.values[at] ?? Number.NaN;
      if (Number.isNaN(cores)) continue;
      nanoCores += cores;
      bytes += this.values[at + 1] ?? 0;
      measured += 1;
    }
    return measured === 0 ? undefined : { nanoCores: nanoCores / measured, bytes: bytes / measured };
  }

  private set(slot: number, amounts: Amounts | undefined): void {
    const at = 2 * (slot % SLOTS);
    this.values[at] = amounts?.nanoCores ?? Number.NaN;
    this.values[at + 1] = amounts?.bytes ?? Number.NaN;
  }
}
