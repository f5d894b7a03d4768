'use client';

import type { ApiTarget } from '@binnacle/web-data';
import { useEffect, useRef, useState } from 'react';
import { LogBuffer } from './log-buffer.js';
import { LogReader, type LogWish } from './log-reader.js';
import { CAPACITY, LogDisplay, type LogSight, NOTHING } from './log-sight.js';

/** One log and its display. */
function open(target: ApiTarget, wish: LogWish, show: (sight: LogSight) => void) {
  const buffer = new LogBuffer(Math.max(CAPACITY, wish.tailLines));
  const display = new LogDisplay(buffer, () => [reader], show);
  const reader: LogReader = new LogReader(target, wish, {
    lines: (lines) => buffer.push(lines),
    restarted: (time) => buffer.markRestart(time),
    changed: display.changed,
  });
  void reader.run();
  return {
    reader,
    close: () => {
      reader.stop();
      display.stop();
    },
  };
}

/**
 * A container's log. Another one is read whenever the wish changes; when `attempt` (its number of starts) does, the new run's
 * lines follow those of the one before: what was said last before a crash is what one wants to read. Undefined reads nothing.
 */
export function useLog(target: ApiTarget | undefined, wish: LogWish, attempt: number): LogSight {
  const [sight, setSight] = useState(NOTHING);
  const current = useRef<{ readonly reader: LogReader; attempt: number }>(undefined);
  const key = JSON.stringify([target, wish]);
  useEffect(() => {
    setSight(NOTHING);
    if (!target) return;
    const { reader, close } = open(target, wish, setSight);
    current.current = { reader, attempt };
    return close;
    // The key stands for the contents.
  }, [key]);
  useEffect(() => {
    if (!current.current || current.current.attempt === attempt) return;
    current.current.attempt = attempt;
    current.current.reader.restart();
  }, [attempt]);
  return sight;
}
