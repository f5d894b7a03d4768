import type { LogLine } from '@binnacle/web-data';

export interface BufferedLine extends LogLine {
  /** Stands between the lines of one run of the container and those of the next; has no text. */
  readonly restart?: true;
}

/** The last lines of a log. Counts what it had to let go, so that the page can say so. */
export class LogBuffer {
  private lines: BufferedLine[] = [];
  dropped = 0;

  constructor(private readonly capacity: number) {}

  push(lines: readonly BufferedLine[]): void {
    this.lines.push(...lines);
    const excess = this.lines.length - this.capacity;
    if (excess <= 0) return;
    // Cut in larger pieces than a line: a busy log would otherwise move the whole array for each.
    const cut = Math.min(this.lines.length, excess + Math.floor(this.capacity / 10));
    this.lines = this.lines.slice(cut);
    this.dropped += cut;
  }

  /** The container has started anew: what follows is another run's. */
  markRestart(): void {
    const last = this.lines.at(-1);
    if (last && !last.restart) this.push([{ time: last.time, text: '', restart: true }]);
  }

  /** The time of the last line, empty where there is none. */
  lastTime(): string {
    return this.lines.at(-1)?.time ?? '';
  }

  snapshot(): readonly BufferedLine[] {
    return [...this.lines];
  }
}

/** Leaves out what was read before a log was cut off and asked for again: lines up to `lastTime`. */
export function afterTime(lines: readonly LogLine[], lastTime: string): readonly LogLine[] {
  return lastTime ? lines.filter(({ time }) => time === '' || time > lastTime) : lines;
}
