import type { Entry } from './entry.js';

/** One queue among many: its waiting requests in order, and how much it has had. */
export class FairQueue {
  /** In the order of arrival. */
  readonly waiting = new Set<Entry>();
  waitingWork = 0;
  executing = 0;
  seatsInUse = 0;
  /** When, on the meter all queues share, the next request of this one would start. */
  nextDispatchR = 0;

  constructor(readonly index: number) {}

  get oldest(): Entry | undefined {
    return this.waiting.values().next().value;
  }

  get isActive(): boolean {
    return this.waiting.size > 0 || this.executing > 0;
  }

  get isEmpty(): boolean {
    return !this.isActive && this.seatsInUse === 0;
  }

  add(entry: Entry): void {
    this.waiting.add(entry);
    this.waitingWork += entry.work;
  }

  remove(entry: Entry): void {
    if (this.waiting.delete(entry)) this.waitingWork -= entry.work;
  }

  /** A queue that could not use its share for a while must not save it up: nothing starts before it came. */
  boundNextDispatch(): void {
    const { oldest } = this;
    if (oldest && this.nextDispatchR < oldest.arrivalR) this.nextDispatchR = oldest.arrivalR;
  }
}
