'use client';

import { type ApiTarget, type LogLine, type LogOptions, readLog, UnreachableError } from '@binnacle/web-data';
import { useEffect, useState } from 'react';
import { messageOf } from '../actions/use-action.js';
import { afterTime, LogBuffer } from './log-buffer.js';

const CAPACITY = 20_000;
const TAIL_LINES = 2_000;
const RETRY_MILLISECONDS = 1_500;
/** Lines are shown at most this often; a log may write thousands a second. */
const SHOW_MILLISECONDS = 60;

export type LogPhase = 'loading' | 'following' | 'reconnecting' | 'ended' | 'failed';

export interface LogSight {
  readonly lines: readonly LogLine[];
  readonly dropped: number;
  readonly phase: LogPhase;
  readonly error: string;
}

const NOTHING: LogSight = { lines: [], dropped: 0, phase: 'loading', error: '' };

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
  private readonly buffer = new LogBuffer(CAPACITY);
  private readonly abort = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private phase: LogPhase = 'loading';
  private error = '';

  constructor(
    private readonly target: ApiTarget,
    private readonly options: LogOptions,
    private readonly show: (sight: LogSight) => void,
  ) {}

  /** Reads until the log ends; where it is cut off, reads on after the last line seen. */
  async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      const again = await this.readOnce();
      if (!again) return;
      this.enter('reconnecting');
      await pause(RETRY_MILLISECONDS, signal);
    }
  }

  stop(): void {
    this.abort.abort();
    clearTimeout(this.timer);
  }

  /** Answers whether it is worth trying again. */
  private async readOnce(): Promise<boolean> {
    const lastTime = this.buffer.lastTime();
    try {
      for await (const lines of readLog(this.target, this.options, this.abort.signal)) {
        this.buffer.push(afterTime(lines, lastTime));
        this.enter(this.options.follow ? 'following' : 'ended');
      }
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

  private enter(phase: LogPhase): void {
    this.phase = phase;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const { dropped } = this.buffer;
      this.show({ lines: this.buffer.snapshot(), dropped, phase: this.phase, error: this.error });
    }, SHOW_MILLISECONDS);
  }
}

/** A container's log. A new one is read whenever the options or `attempt` (its number of restarts) change. */
export function useLog(target: ApiTarget, options: Omit<LogOptions, 'tailLines'>, attempt: number): LogSight {
  const [sight, setSight] = useState(NOTHING);
  const key = JSON.stringify([target, options, attempt]);
  useEffect(() => {
    setSight(NOTHING);
    const reader = new LogReader(target, { ...options, tailLines: TAIL_LINES }, setSight);
    void reader.run();
    return () => reader.stop();
    // The key stands for the contents.
  }, [key]);
  return sight;
}
