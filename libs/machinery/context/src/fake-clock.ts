import type { CancelTimer, Clock } from './clock.js';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
  /** Taken back, or fired. */
  over: boolean;
}

const isBefore = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

/** A clock that moves only when it is told to. Its timers are a heap: a day of a whole cluster sets millions of them. */
export class FakeClock implements Clock {
  private readonly timers: Timer[] = [];
  private order = 0;
  private live = 0;

  constructor(private current = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.current;
  }

  after(delay: number, callback: () => void): CancelTimer {
    const timer = { due: this.current + Math.max(0, delay), order: this.order++, callback, over: false };
    this.push(timer);
    this.live += 1;
    return () => this.end(timer);
  }

  /** Moves time forward and fires what falls due, in order. */
  step(milliseconds: number): void {
    this.stepTo(this.current + milliseconds);
  }

  stepTo(target: number): void {
    for (let next = this.first; next && next.due <= target; next = this.first) {
      this.end(next);
      this.current = next.due;
      next.callback();
    }
    this.current = target;
  }

  /** When the next timer is due; undefined where there is none. */
  get nextAt(): number | undefined {
    return this.first?.due;
  }

  get pending(): number {
    return this.live;
  }

  /** The next timer that is not over; those that are over are dropped on the way, or when they are most of all. */
  private get first(): Timer | undefined {
    while (this.timers[0]?.over) this.pop();
    return this.timers[0];
  }

  private end(timer: Timer): void {
    if (timer.over) return;
    timer.over = true;
    this.live -= 1;
    if (this.timers.length > 2 * this.live + 64) this.sweep();
  }

  private sweep(): void {
    const kept = this.timers.filter(({ over }) => !over).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    this.timers.splice(0, this.timers.length, ...kept);
  }

  private push(timer: Timer): void {
    const { timers } = this;
    let at = timers.push(timer) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(timer, timers[parent] as Timer); parent = (at - 1) >> 1) {
      timers[at] = timers[parent] as Timer;
      at = parent;
    }
    timers[at] = timer;
  }

  private pop(): void {
    const { timers } = this;
    const last = timers.pop();
    if (!last || timers.length === 0) return;
    let at = 0;
    for (let child = 1; child < timers.length; child = 2 * at + 1) {
      const right = timers[child + 1];
      if (right && isBefore(right, timers[child] as Timer)) child += 1;
      if (!isBefore(timers[child] as Timer, last)) break;
      timers[at] = timers[child] as Timer;
      at = child;
    }
    timers[at] = last;
  }
}
