'use client';

import { type RefObject, useRef } from 'react';
import { useShortcuts } from '../shortcuts.js';

const NO_KEYS = {};

/** `j` and `k` or the arrows walk over the rows' links, `x` ticks the row; Enter follows the link by itself. */
export function useRowKeys(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  scrollTo: (index: number) => void,
  enabled: boolean,
): void {
  const wanted = useRef(-1);
  const rowOf = (index: number) => scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"]`);
  const focusWanted = () =>
    rowOf(wanted.current)?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  const currentRow = () => {
    const row = document.activeElement?.closest<HTMLElement>('[data-row]');
    return row && scroller.current?.contains(row) ? Number(row.dataset.row) : undefined;
  };
  const step = (by: 1 | -1) => {
    if (count === 0) return;
    const from = currentRow() ?? (by > 0 ? -1 : count);
    wanted.current = Math.min(Math.max(from + by, 0), count - 1);
    scrollTo(wanted.current);
    focusWanted();
    // The row may be drawn only after the scroll.
    requestAnimationFrame(focusWanted);
  };
  const tick = () => {
    const row = document.activeElement?.closest('[data-row]');
    row?.querySelector<HTMLElement>('input[type=checkbox]')?.click();
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    arrowdown: () => step(1),
    arrowup: () => step(-1),
    x: tick,
  };
  useShortcuts(enabled ? keys : NO_KEYS);
}
