import type { LogLine } from '@binnacle/web-data';

/** The last lines of a log. Counts what it had to let go, so that the page can say so. */
export class LogBuffer {
  private lines: LogLine[] = [];
  dropped = 0;

  constructor(private readonly capacity: number) {}

  push(lines: readonly LogLine[]): void {
    this.lines.push(...lines);
    const excess = this.lines.length - this.capacity;
    if (excess <= 0) return;
    // Cut in larger pieces than a line: a busy log would otherwise move the whole array for each.
    const cut = Math.min(this.lines.length, excess + Math.floor(this.capacity / 10));
    this.lines = this.lines.slice(cut);
    this.dropped += cut;
  }

  /** The time of the last line, empty where there is none. */
  lastTime(): string {
    return this.lines.at(-1)?.time ?? '';
  }

  snapshot(): readonly LogLine[] {
    return [...this.lines];
  }
}

/** Leaves out what was read before a log was cut off and asked for again: lines up to `lastTime`. */
export function afterTime(lines: readonly LogLine[], lastTime: string): readonly LogLine[] {
  return lastTime ? lines.filter(({ time }) => time === '' || time > lastTime) : lines;
}
