'use client';

import { type ApiTarget, type LogOptions, readLog, UnreachableError } from '@binnacle/web-data';
import { useEffect, useRef, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { afterTime, type BufferedLine, LogBuffer } from './log-buffer.js';

const CAPACITY = 20_000;
/** How many of the last lines are read first, and then when more are asked for. */
export const TAILS: readonly number[] = [2_000, 10_000, 50_000];
const RETRY_MILLISECONDS = 1_500;
/** Lines are shown at most this often; a log may write thousands a second. */
const SHOW_MILLISECONDS = 60;

type LogPhase = 'loading' | 'following' | 'reconnecting' | 'ended' | 'failed';

export interface LogSight {
  readonly lines: readonly BufferedLine[];
  readonly dropped: number;
  /** There are lines before these that were not read. */
  readonly earlier: boolean;
  readonly phase: LogPhase;
  readonly error: string;
}

const NOTHING: LogSight = { lines: [], dropped: 0, earlier: false, phase: 'loading', error: '' };

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

class LogReader {
  private readonly buffer: LogBuffer;
  private readonly abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private phase: LogPhase = 'loading';
  private error = '';
  private reading = false;
  /** What was there when the reading began is read; only what is new follows. */
  private caughtUp = false;
  private earlier = false;
  private restarted = false;

  constructor(
    private readonly target: ApiTarget,
    private readonly options: LogOptions & { readonly tailLines: number },
    private readonly show: (sight: LogSight) => void,
  ) {
    this.buffer = new LogBuffer(Math.max(CAPACITY, options.tailLines));
  }

  /** Reads until the log ends, and once more for every run of the container that began meanwhile. */
  async run(): Promise<void> {
    this.reading = true;
    do {
      if (this.restarted) {
        this.buffer.markRestart();
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
    clearTimeout(this.timer);
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
      if (!this.caughtUp) await this.catchUp();
      if (this.options.follow) await this.follow();
      this.enter('ended');
      return false;
    } catch (error) {
      if (this.abort.signal.aborted) return false;
      // A stream that breaks in the middle is a TypeError of fetch's; both mean that the way to the server was lost.
      if (error instanceof UnreachableError || error instanceof TypeError) return true;
      this.error = messageOf(error);
      this.enter('failed');
      return false;
    }
  }

  /** Reads the last lines that are there: as many as were asked for mean that there may be more before them. */
  private async catchUp(): Promise<void> {
    const { follow: _, ...options } = this.options;
    const lastTime = this.buffer.lastTime();
    let count = 0;
    for await (const lines of readLog(this.target, { ...options, follow: false }, this.abort.signal)) {
      count += lines.length;
      this.buffer.push(afterTime(lines, lastTime));
      this.enter('loading');
    }
    this.earlier ||= count >= options.tailLines;
    this.caughtUp = true;
    this.enter(this.options.follow ? 'following' : 'ended');
  }

  private async follow(): Promise<void> {
    const lastTime = this.buffer.lastTime();
    const { tailLines: _, ...options } = this.options;
    const since = lastTime ? { sinceTime: lastTime } : {};
    for await (const lines of readLog(this.target, { ...options, ...since }, this.abort.signal)) {
      this.buffer.push(afterTime(lines, lastTime));
      this.enter('following');
    }
  }

  private enter(phase: LogPhase): void {
    this.phase = phase;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const { dropped } = this.buffer;
      const earlier = this.earlier || dropped > 0;
      this.show({ lines: this.buffer.snapshot(), dropped, earlier, phase: this.phase, error: this.error });
    }, SHOW_MILLISECONDS);
  }
}

interface LogWish extends Pick<LogOptions, 'container' | 'follow' | 'previous'> {
  /** How many of the last lines to begin with. */
  readonly tailLines: number;
}

/**
 * A container's log. Another one is read whenever the options change; when `attempt` (its number of starts) does, the new run's
 * lines follow those of the one before: what was said last before a crash is what one wants to read.
 */
export function useLog(target: ApiTarget, options: LogWish, attempt: number): LogSight {
  const [sight, setSight] = useState(NOTHING);
  const current = useRef<{ readonly reader: LogReader; attempt: number }>(undefined);
  const key = JSON.stringify([target, options]);
  useEffect(() => {
    setSight(NOTHING);
    const reader = new LogReader(target, options, setSight);
    current.current = { reader, attempt };
    void reader.run();
    return () => reader.stop();
    // The key stands for the contents.
  }, [key]);
  useEffect(() => {
    if (!current.current || current.current.attempt === attempt) return;
    current.current.attempt = attempt;
    current.current.reader.restart();
  }, [attempt]);
  return sight;
}
