const SECOND = 1000;
/** Over so many seconds a rate is measured. */
const WINDOW_SECONDS = 15;

/** The CPU time that a container has spent on what it was asked, in nanoseconds. */
export class Load {
  private spent = 0;
  private readonly bySecond = new Map<number, number>();

  get total(): number {
    return this.spent;
  }

  add(nanoseconds: number, now: number): void {
    const second = Math.floor(now / SECOND);
    this.spent += nanoseconds;
    this.bySecond.set(second, (this.bySecond.get(second) ?? 0) + nanoseconds);
    this.forget(second);
  }

  /** Nanoseconds a second, over the seconds that are whole. */
  rate(now: number): number {
    const second = Math.floor(now / SECOND);
    this.forget(second);
    let sum = 0;
    for (const [at, nanoseconds] of this.bySecond) if (at < second) sum += nanoseconds;
    return sum / WINDOW_SECONDS;
  }

  private forget(second: number): void {
    for (const at of this.bySecond.keys()) {
      if (at >= second - WINDOW_SECONDS) break;
      this.bySecond.delete(at);
    }
  }
}
