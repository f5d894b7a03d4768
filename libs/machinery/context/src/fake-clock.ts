import type { CancelTimer, Clock } from './clock.js';

interface Timer {
  due: number;
  order: number;
  callback: () => void;
}

/** A clock that moves only when it is told to. */
export class FakeClock implements Clock {
  private timers: Timer[] = [];
  private order = 0;

  constructor(private current = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.current;
  }

  after(delay: number, callback: () => void): CancelTimer {
    const timer = { due: this.current + Math.max(0, delay), order: this.order++, callback };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Moves time forward and fires what falls due, in order. */
  step(milliseconds: number): void {
    this.stepTo(this.current + milliseconds);
  }

  stepTo(target: number): void {
    for (let next = this.nextDue(target); next; next = this.nextDue(target)) {
      this.timers = this.timers.filter((other) => other !== next);
      this.current = next.due;
      next.callback();
    }
    this.current = target;
  }

  /** When the next timer is due; undefined where there is none. */
  get nextAt(): number | undefined {
    return this.timers.length > 0 ? Math.min(...this.timers.map(({ due }) => due)) : undefined;
  }

  get pending(): number {
    return this.timers.length;
  }

  private nextDue(target: number): Timer | undefined {
    return this.timers.filter((timer) => timer.due <= target).sort((a, b) => a.due - b.due || a.order - b.order)[0];
  }
}
