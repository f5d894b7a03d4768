import type { Clock } from '@binnacle/machinery-context';
import type { HeldRight } from './held-right.js';

/** What there is to do at one time. */
interface Together {
  readonly held: Set<HeldRight>;
  cancel: () => void;
}

/** Times at which something has to be done about what is held, one for each; those of the same time share a timer. */
export class Moments {
  private readonly byTime = new Map<number, Together>();
  private readonly times = new Map<HeldRight, number>();

  /** `come` is called for each of those whose time has come. */
  constructor(
    private readonly clock: Clock,
    private readonly come: (held: HeldRight) => void,
  ) {}

  /** In milliseconds since the epoch; instead of the time it had. Never for undefined. */
  set(held: HeldRight, time: number | undefined): void {
    this.remove(held);
    if (time === undefined) return;
    this.times.set(held, time);
    const known = this.byTime.get(time);
    if (known) known.held.add(held);
    else this.byTime.set(time, { held: new Set([held]), cancel: this.wait(time) });
  }

  remove(held: HeldRight): void {
    const time = this.times.get(held);
    if (time === undefined) return;
    this.times.delete(held);
    const known = this.byTime.get(time);
    if (!known?.held.delete(held) || known.held.size > 0) return;
    known.cancel();
    this.byTime.delete(time);
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
    for (const held of known.held) this.times.delete(held);
    for (const held of known.held) this.come(held);
  }
}
