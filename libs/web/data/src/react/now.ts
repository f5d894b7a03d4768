'use client';

import { useSyncExternalStore } from 'react';
import { Store } from '../live/connection.js';

/** One clock for every age on the page, so that they tick together and only while someone looks. */
const clock = new Store<number>(0);
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  const stop = clock.subscribe(listener);
  if (timer === undefined) {
    timer = setInterval(() => clock.set(Date.now()), 1_000);
    // Nobody has looked since it stood still.
    clock.set(Date.now());
  }
  return () => {
    stop();
    if (clock.watched) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Milliseconds since the epoch, once a second; 0 while the server renders, which does not know the reader's clock. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, clock.get, () => 0);
}
