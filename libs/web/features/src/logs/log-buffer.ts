import type { LogLine } from '@binnacle/web-data';

/** Whose line it is, where several are read together. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** Tells it from others by a colour. */
  readonly colour: number;
}

export interface BufferedLine extends LogLine {
  /** Stands between the lines of one run of the container and those of the next; has no text. */
  readonly restart?: true;
  readonly source?: LogSource;
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

  /** Puts the lines of another log among those that are here, by their times. */
  merge(lines: readonly BufferedLine[]): void {
    const first = lines[0]?.time ?? '';
    let at = this.lines.length;
    while (at > 0 && (this.lines[at - 1]?.time ?? '') > first) at -= 1;
    const later = this.lines.splice(at);
    this.push(later.length === 0 ? lines : byTime(later, lines));
  }

  /** The container has started anew: what follows is another run's. */
  markRestart(time: string): void {
    const last = this.lines.at(-1);
    if (last && !last.restart) this.push([{ time, text: '', restart: true }]);
  }

  snapshot(): readonly BufferedLine[] {
    return [...this.lines];
  }
}

/** Two logs in one; what stands at the same time keeps its order. */
function byTime(left: readonly BufferedLine[], right: readonly BufferedLine[]): BufferedLine[] {
  const merged: BufferedLine[] = [];
  let at = 0;
  for (const line of right) {
    for (let next = left[at]; next && next.time <= line.time; next = left[at]) {
      merged.push(next);
      at += 1;
    }
    merged.push(line);
  }
  return [...merged, ...left.slice(at)];
}

/** Leaves out what was read before a log was cut off and asked for again: lines up to `lastTime`. */
export function afterTime(lines: readonly LogLine[], lastTime: string): readonly LogLine[] {
  return lastTime ? lines.filter(({ time }) => time === '' || time > lastTime) : lines;
}
