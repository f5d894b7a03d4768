'use client';

import { useEffect, useRef, useState } from 'react';
import type { LogWish } from './log-reader.js';
import { type LogSight, NOTHING } from './log-sight.js';
import type { ContainerLog } from './log-sources.js';
import { MergedLog } from './merged-log.js';

/** The logs of several containers together; begun anew whenever the wish changes. Undefined reads nothing. */
export function useMergedLog(
  cluster: string,
  sources: readonly ContainerLog[] | undefined,
  wish: Omit<LogWish, 'container'>,
  /** Which of them are read, in a word: another choice begins anew. */
  choice: string,
): LogSight {
  const [sight, setSight] = useState(NOTHING);
  const current = useRef<MergedLog>(undefined);
  const isWanted = sources !== undefined;
  const key = JSON.stringify([cluster, wish, isWanted, choice]);
  useEffect(() => {
    setSight(NOTHING);
    if (!isWanted) return;
    const log = new MergedLog(cluster, wish, setSight);
    current.current = log;
    return () => {
      current.current = undefined;
      log.stop();
    };
    // The key stands for the contents.
  }, [key]);
  const found = (sources ?? []).map(({ key: source, attempt }) => `${source} ${attempt}`).join('\n');
  useEffect(() => {
    current.current?.follow(sources ?? []);
    // What is found stands for the sources.
  }, [key, found]);
  return sight;
}
