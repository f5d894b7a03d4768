import type { CancelTimer, Clock } from '@binnacle/machinery-context';

/** Work takes this part of the time at the most. */
const SHARE = 5;
const LONGEST_MILLISECONDS = 1_000;

/** Does its work soon after it is asked to, once for all who ask meanwhile; what takes long is done more seldom. */
export class Paced {
  private isAsked = false;
  private notBefore = 0;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly work: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isWaiting(): boolean {
    return this.isAsked;
  }

  ask(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    const wait = this.notBefore - this.now();
    if (wait > 0) this.cancel = this.clock.after(wait, () => this.run());
    else queueMicrotask(() => this.run());
  }

  stop(): void {
    this.cancel();
    this.isAsked = false;
  }

  private run(): void {
    if (!this.isAsked) return;
    this.isAsked = false;
    const began = this.now();
    this.work();
    const took = this.now() - began;
    this.notBefore = this.now() + Math.min(took * SHARE, LONGEST_MILLISECONDS);
  }
}
