import type { Clock } from '@binnacle/machinery-context';

/** Tells a waiting person what is going on: one line a step, rewritten in place on a terminal. */
export class Progress {
  private readonly begun: number;

  constructor(
    private readonly out: NodeJS.WriteStream,
    private readonly clock: Clock,
  ) {
    this.begun = clock.now();
  }

  /** Runs a step between its line and its time. */
  async step<T>(label: string, work: () => Promise<T>): Promise<T> {
    const begun = this.clock.now();
    if (this.out.isTTY) this.out.write(`  … ${label}`);
    try {
      const result = await work();
      this.line('✓', label, begun);
      return result;
    } catch (error) {
      this.line('✗', label, begun);
      throw error;
    }
  }

  get elapsedSeconds(): number {
    return (this.clock.now() - this.begun) / 1000;
  }

  private line(mark: string, label: string, begun: number): void {
    const seconds = ((this.clock.now() - begun) / 1000).toFixed(1);
    this.out.write(`${this.out.isTTY ? '\r\u001b[K' : ''}  ${mark} ${label} (${seconds} s)\n`);
  }
}
