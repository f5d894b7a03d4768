'use client';

import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

/** This near to the end counts as being at it. */
const END_PIXELS = 40;

interface StickyEnd {
  readonly atEnd: boolean;
  toEnd(): void;
  leaveEnd(): void;
  onScroll(): void;
}

const distanceToEnd = (box: HTMLElement): number => box.scrollHeight - box.scrollTop - box.clientHeight;

/**
 * Holds a growing element at its end until the reader scrolls up, and again once the reader is back there. Lines that turn out
 * higher than was thought push the end away as well: only the way upwards is the reader's.
 */
export function useStickyEnd(scroller: RefObject<HTMLElement | null>): StickyEnd {
  const [atEnd, setAtEnd] = useState(true);
  /** How far down it was held last. */
  const held = useRef(0);
  // After every drawing: what has been measured by then may have made the element higher.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box || !atEnd) return;
    if (box.scrollTop < held.current - 1 && distanceToEnd(box) >= END_PIXELS) return setAtEnd(false);
    box.scrollTop = box.scrollHeight;
    held.current = box.scrollTop;
  });
  const toEnd = () => {
    held.current = 0;
    setAtEnd(true);
  };
  return {
    atEnd,
    toEnd,
    leaveEnd: () => setAtEnd(false),
    onScroll: () => {
      if (!atEnd && scroller.current && distanceToEnd(scroller.current) < END_PIXELS) toEnd();
    },
  };
}
