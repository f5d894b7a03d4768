'use client';

import { type RefObject, useEffect, useState } from 'react';

const KEY = 'binnacleScroll';
const SETTLED_MILLISECONDS = 100;

function remembered(): number {
  const state = (typeof window === 'undefined' ? {} : window.history.state) as Record<string, unknown> | null;
  const top = state?.[KEY];
  return typeof top === 'number' ? top : 0;
}

/** Where the element stood when this place in the browser's history was left, to go on there on the way back. */
export function useScrollMemory(scroller: RefObject<HTMLElement | null>, enabled: boolean): number {
  const [start] = useState(() => (enabled ? remembered() : 0));
  useEffect(() => {
    const element = scroller.current;
    if (!element || !enabled) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const save = () => window.history.replaceState({ ...window.history.state, [KEY]: element.scrollTop }, '');
    const onScroll = () => {
      clearTimeout(timer);
      timer = setTimeout(save, SETTLED_MILLISECONDS);
    };
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      clearTimeout(timer);
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroller, enabled]);
  return start;
}
