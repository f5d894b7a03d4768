import type { BufferedLine, LogBuffer } from './log-buffer.js';
import type { LogPhase, LogReader } from './log-reader.js';

/** What a page keeps of a log at most, unless more is asked for. */
export const CAPACITY = 20_000;
/** How many of the last lines are read first, and then when more are asked for. */
export const TAILS: readonly number[] = [2_000, 10_000, 50_000];
/** Lines are shown at most this often; a log may write thousands a second. */
const SHOW_MILLISECONDS = 60;

export interface LogSight {
  readonly lines: readonly BufferedLine[];
  readonly dropped: number;
  /** There are lines before these that were not read. */
  readonly earlier: boolean;
  readonly phase: LogPhase;
  readonly error: string;
}

export const NOTHING: LogSight = { lines: [], dropped: 0, earlier: false, phase: 'loading', error: '' };

/** How several readers stand together: what goes on says more than what has ended. */
const ORDER: readonly LogPhase[] = ['reconnecting', 'loading', 'following', 'ended', 'failed'];

export function phaseOf(readers: readonly Pick<LogReader, 'phase'>[]): LogPhase {
  return ORDER.find((phase) => readers.some((reader) => reader.phase === phase)) ?? 'following';
}

/** Shows what has been read, now and then. */
export class LogDisplay {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly buffer: LogBuffer,
    private readonly readers: () => readonly LogReader[],
    private readonly show: (sight: LogSight) => void,
  ) {}

  readonly changed = (): void => {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.show(this.sight());
    }, SHOW_MILLISECONDS);
  };

  stop(): void {
    clearTimeout(this.timer);
  }

  private sight(): LogSight {
    const readers = this.readers();
    const { dropped } = this.buffer;
    return {
      lines: this.buffer.snapshot(),
      dropped,
      earlier: dropped > 0 || readers.some(({ earlier }) => earlier),
      phase: phaseOf(readers),
      error: readers.find(({ error }) => error)?.error ?? '',
    };
  }
}
