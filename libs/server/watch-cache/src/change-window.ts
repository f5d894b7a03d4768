import type { ChangeItem, Revision } from '@binnacle/server-storage';

export interface WindowLimits {
  readonly changes: number;
  readonly bytes: number;
}

/** The newest changes of one cluster, consecutive, so that a revision is a position. */
export class ChangeWindow {
  private items: ChangeItem[] = [];
  private first = 0;
  bytes = 0;

  /** `start` is the revision before the first change that will be added. */
  constructor(
    public start: Revision,
    private readonly limits: WindowLimits,
  ) {}

  get size(): number {
    return this.items.length - this.first;
  }

  add(items: readonly ChangeItem[]): void {
    for (const item of items) {
      this.items.push(item);
      this.bytes += item.change.object.body.length;
    }
    this.trim(this.limits.bytes);
  }

  /** Lets go of the oldest changes until no more than so many bytes are left. */
  trim(bytes: number): void {
    while (this.size > this.limits.changes || (this.bytes > bytes && this.size > 0)) this.dropFirst();
    // Moving the rest down costs as much as has been dropped since the last time.
    if (this.first > 1_024 && this.first > this.size) {
      this.items = this.items.slice(this.first);
      this.first = 0;
    }
  }

  /** Puts older changes, which end where the window begins, before it. */
  prepend(items: readonly ChangeItem[]): void {
    this.items = [...items, ...this.items.slice(this.first)];
    this.first = 0;
    this.start -= items.length;
    for (const item of items) this.bytes += item.change.object.body.length;
  }

  /** Whether so many more changes fit. */
  hasRoomFor(changes: number): boolean {
    return this.size + changes <= this.limits.changes && this.bytes < this.limits.bytes;
  }

  /** Whether every change after the revision is here. */
  reaches(revision: Revision): boolean {
    return revision >= this.start;
  }

  after(revision: Revision): readonly ChangeItem[] {
    return this.items.slice(this.first + revision - this.start);
  }

  private dropFirst(): void {
    const item = this.items[this.first] as ChangeItem;
    this.bytes -= item.change.object.body.length;
    // Let go of it now, not when the array moves.
    (this.items as (ChangeItem | undefined)[])[this.first] = undefined;
    this.first += 1;
    this.start += 1;
  }
}
