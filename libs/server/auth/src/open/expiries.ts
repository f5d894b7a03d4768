import type { Clock } from '@binnacle/machinery-context';
import type { HeldRight } from './held-right.js';

/** What ends at one time. */
interface Together {
  readonly held: Set<HeldRight>;
  cancel: () => void;
}

/** Knows when proofs end that something was opened by; what ends at the same time shares a timer. */
export class Expiries {
  private readonly byTime = new Map<number, Together>();

  /** `over` is called for each of those whose proof has ended. */
  constructor(
    private readonly clock: Clock,
    private readonly over: (held: HeldRight) => void,
  ) {}

  add(held: HeldRight): void {
    const { expiresAt: time } = held;
    if (time === undefined) return;
    const known = this.byTime.get(time);
    if (known) known.held.add(held);
    else this.byTime.set(time, { held: new Set([held]), cancel: this.wait(time) });
  }

  remove(held: HeldRight): void {
    const known = held.expiresAt === undefined ? undefined : this.byTime.get(held.expiresAt);
    if (!known?.held.delete(held) || known.held.size > 0) return;
    known.cancel();
    this.byTime.delete(held.expiresAt as number);
  }

  private wait(time: number): () => void {
    return this.clock.after(time - this.clock.now(), () => this.look(time));
  }

  /** A timer may be early: none is as long as a certificate lasts, and clocks are set. */
  private look(time: number): void {
    const known = this.byTime.get(time);
    if (!known) return;
    if (this.clock.now() < time) {
      known.cancel = this.wait(time);
      return;
    }
    this.byTime.delete(time);
    for (const held of known.held) this.over(held);
  }
}
