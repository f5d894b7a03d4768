import { type ApiTarget, type LogLine, type LogOptions, readLog, UnreachableError } from '@binnacle/web-data';
import { messageOf } from '../actions/use-action.js';
import { afterTime } from './log-buffer.js';

const RETRY_MILLISECONDS = 1_500;

export type LogPhase = 'loading' | 'following' | 'reconnecting' | 'ended' | 'failed';

/** Where a reader puts what it reads, and whom it tells. */
export interface LogSink {
  lines(lines: readonly LogLine[]): void;
  /** The container has started anew; `time` is that of the last line before. */
  restarted(time: string): void;
  /** Something has changed: its lines or how it stands. */
  changed(): void;
}

/** What is read: at first so many of the last lines, then what follows. */
export interface LogWish extends Pick<LogOptions, 'container' | 'follow' | 'previous' | 'sinceSeconds'> {
  readonly tailLines: number;
}

/** How it is read. */
export interface LogWays {
  readonly follow: typeof readLog;
  /** Runs what asks for a whole log at once, when it is its turn. */
  turn<T>(run: () => Promise<T>): Promise<T>;
}

export const ALONE: LogWays = { follow: readLog, turn: (run) => run() };

/** Waits, or until the reader has gone. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Reads one container's log from run to run, over whatever cuts it off. */
export class LogReader {
  phase: LogPhase = 'loading';
  error = '';
  /** There are lines before these that were not read. */
  earlier = false;
  private readonly abort = new AbortController();
  private reading = false;
  /** What was there when the reading began is read; only what is new follows. */
  private caughtUp = false;
  private restarted = false;
  private lastTime = '';
  private isLast = false;

  constructor(
    private readonly target: ApiTarget,
    private readonly wish: LogWish,
    private readonly sink: LogSink,
    private readonly ways: LogWays = ALONE,
  ) {}

  /** Reads until the log ends, and once more for every run of the container that began meanwhile. */
  async run(): Promise<void> {
    this.reading = true;
    do {
      if (this.restarted) {
        this.sink.restarted(this.lastTime);
        this.caughtUp = false;
      }
      this.restarted = false;
      await this.readToEnd();
    } while (this.restarted && !this.abort.signal.aborted);
    this.reading = false;
  }

  /** The container has started anew: its new log follows what is here. */
  restart(): void {
    this.restarted = true;
    if (!this.reading) void this.run();
  }

  stop(): void {
    this.abort.abort();
  }

  /** The container is gone: it is heard to its end, and not asked for again. */
  finish(): void {
    this.isLast = true;
  }

  /** Where the log is cut off, reads on after the last line seen. */
  private async readToEnd(): Promise<void> {
    const { signal } = this.abort;
    while (await this.readOnce()) {
      this.enter('reconnecting');
      await pause(RETRY_MILLISECONDS, signal);
      if (signal.aborted) return;
    }
  }

  /** Answers whether it is worth trying again. */
  private async readOnce(): Promise<boolean> {
    try {
      if (!this.caughtUp) await this.ways.turn(() => this.catchUp());
      if (this.wish.follow) await this.follow();
      this.enter('ended');
      return false;
    } catch (error) {
      if (this.abort.signal.aborted) return false;
      // A stream that breaks in the middle is a TypeError of fetch's; both mean that the way to the server was lost.
      const isLost = error instanceof UnreachableError || error instanceof TypeError;
      if (isLost && !this.isLast) return true;
      if (isLost) return false;
      this.error = messageOf(error);
      this.enter('failed');
      return false;
    }
  }

  /** Reads the last lines that are there: as many as were asked for mean that there may be more before them. */
  private async catchUp(): Promise<void> {
    const { lastTime } = this;
    let count = 0;
    for await (const lines of readLog(this.target, { ...this.wish, follow: false }, this.abort.signal)) {
      count += lines.length;
      this.take(afterTime(lines, lastTime));
      this.enter('loading');
    }
    this.earlier ||= count >= this.wish.tailLines;
    this.caughtUp = true;
    this.enter(this.wish.follow ? 'following' : 'ended');
  }

  private async follow(): Promise<void> {
    const { lastTime } = this;
    const { tailLines: _, sinceSeconds: __, ...options } = this.wish;
    const since = lastTime ? { sinceTime: lastTime } : {};
    for await (const lines of this.ways.follow(this.target, { ...options, ...since }, this.abort.signal)) {
      this.take(afterTime(lines, lastTime));
      this.enter('following');
    }
  }

  private take(lines: readonly LogLine[]): void {
    if (lines.length === 0) return;
    this.lastTime = lines.at(-1)?.time || this.lastTime;
    this.sink.lines(lines);
  }

  private enter(phase: LogPhase): void {
    this.phase = phase;
    if (!this.abort.signal.aborted) this.sink.changed();
  }
}
