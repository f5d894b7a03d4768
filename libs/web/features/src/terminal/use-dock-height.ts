'use client';

import { type KeyboardEvent, type PointerEvent, useState } from 'react';

const KEY = 'binnacle.dock';
const LEAST = 140;
const STEP = 32;
/** What stays of the page above. */
const PAGE_PIXELS = 160;

const mostOf = (): number => Math.max(LEAST, window.innerHeight - PAGE_PIXELS);
const within = (height: number): number => Math.round(Math.min(Math.max(height, LEAST), mostOf()));

function remembered(): number {
  try {
    return Number(localStorage.getItem(KEY)) || 320;
  } catch {
    // The reader's browser keeps nothing.
    return 320;
  }
}

function remember(height: number): void {
  try {
    localStorage.setItem(KEY, String(height));
  } catch {
    // As above.
  }
}

const DOWN: Readonly<Record<string, number>> = { ArrowUp: STEP, ArrowDown: -STEP };

/** How high the dock is, and what its upper edge does under a pointer or the arrow keys. */
export function useDockHeight() {
  const [height, setHeight] = useState(() => within(remembered()));
  const set = (next: number) => {
    setHeight(within(next));
    remember(within(next));
  };
  const edge = {
    onKeyDown: (event: KeyboardEvent) => {
      const by = DOWN[event.key];
      if (by === undefined) return;
      event.preventDefault();
      set(height + by);
    },
    onPointerDown: (event: PointerEvent<HTMLElement>) => event.currentTarget.setPointerCapture(event.pointerId),
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const dock = event.currentTarget.parentElement?.getBoundingClientRect();
      if (dock) set(dock.bottom - event.clientY);
    },
  };
  return { height, least: LEAST, most: mostOf(), edge };
}
