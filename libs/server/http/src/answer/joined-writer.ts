import type { Clock } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import type { AnswerSink } from '../request/api-request.js';

/** What comes within this many milliseconds after a write is written together. */
const WINDOW_MILLISECONDS = 10;
/**
 * So many writes a window are made for what follows closely, by all watchers together: an operator whose own update of what it
 * has just made comes late would conflict with itself. Beyond that the machine is busy, and joining is worth the wait.
 */
const SPARE_WRITES = 64;
/** So many bytes are written without waiting for more, and a reader that is behind has no more than these waiting for it. */
export const LONGEST_PIECE = 64 * 1024;

/** One timer for all watchers that have something to write. */
export class FlushTicker {
  private due: (() => void)[] = [];
  private spare = 0;

  constructor(
    private readonly clock: Clock,
    private readonly spareWrites = SPARE_WRITES,
  ) {}

  /** Calls back at the end of the current window. */
  next(callback: () => void): void {
    if (this.due.length === 0) {
      this.spare = this.spareWrites;
      this.clock.after(WINDOW_MILLISECONDS, () => this.tick());
    }
    this.due.push(callback);
  }

  /** Whether one may be written in the current window that could wait for its end. */
  takeSpare(): boolean {
    if (this.spare === 0) return false;
    this.spare -= 1;
    return true;
  }

  private tick(): void {
    const { due } = this;
    this.due = [];
    for (const callback of due) callback();
  }
}

/** Joining writes is between a socket and the machine, whatever time the server is told. */
const machineTicker = new FlushTicker(systemClock);

/**
 * Writes the frames of one watcher: the first at once, those that follow closely joined where much is written, since a write
 * costs far more than the bytes in it.
 */
export class JoinedWriter {
  private pending: (Buffer | string)[] = [];
  private size = 0;
  /** Set while a window is open, in which frames are collected unless there are writes to spare. */
  private open = false;
  private writing: Promise<void> | undefined;
  private failure: unknown;

  constructor(
    private readonly sink: AnswerSink,
    private readonly ticker: FlushTicker = machineTicker,
  ) {}

  /** Takes frames. Waits only where the client is behind; rejects when it is gone. */
  async push(frames: readonly (Buffer | string)[]): Promise<void> {
    for (const frame of frames) {
      this.pending.push(frame);
      this.size += frame.length;
    }
    if (this.isDue || (!this.writing && this.ticker.takeSpare())) this.flush();
    if (this.writing) await this.writing;
    if (this.failure) throw this.failure;
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    await this.writing;
    const rest = this.take();
    if (rest !== undefined && !this.failure) await this.sink.write(rest);
  }

  private get isDue(): boolean {
    return !this.open || this.size >= LONGEST_PIECE;
  }

  private flush(): void {
    // What the client is behind with comes first; what has gathered since follows it.
    if (this.writing || this.failure) return;
    const chunk = this.take();
    if (chunk === undefined) return;
    if (!this.open && !this.sink.unjoined) this.openWindow();
    this.writing = this.write(chunk)
      ?.catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.writing = undefined;
        if (this.isDue) this.flush();
      });
  }

  private openWindow(): void {
    this.open = true;
    this.ticker.next(() => {
      this.open = false;
      this.flush();
    });
  }

  private write(chunk: Buffer | string): Promise<void> | undefined {
    try {
      return this.sink.write(chunk);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  private fail(error: unknown): void {
    this.failure = error;
    this.pending = [];
  }

  private take(): Buffer | string | undefined {
    const { pending } = this;
    if (pending.length === 0) return undefined;
    this.pending = [];
    this.size = 0;
    if (pending.length === 1) return pending[0];
    return Buffer.concat(pending.map((frame) => (typeof frame === 'string' ? Buffer.from(frame) : frame)));
  }
}
