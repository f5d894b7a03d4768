'use client';

import { type KeyboardEvent as ReactKeyboardEvent, type RefObject, useRef } from 'react';
import { strokeOf, useShortcuts } from '../shortcuts.js';
import type { RangeSelection } from './use-range-selection.js';

const NO_KEYS = {};

interface RowKeys {
  readonly count: number;
  readonly scrollTo: (index: number) => void;
  readonly enabled: boolean;
}

const isText = (target: EventTarget): boolean =>
  target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');

/** What is meant for the table alone: all rows, and none. */
function tableKeys(selection: RangeSelection | undefined) {
  return (event: ReactKeyboardEvent) => {
    if (!selection || isText(event.target)) return;
    const stroke = strokeOf(event);
    const none = stroke === 'escape' && selection.selected.size > 0;
    if (stroke !== 'mod+a' && !none) return;
    event.preventDefault();
    selection.all(!none);
  };
}

/**
 * `j` and `k` or the arrows walk over the rows' links, with Shift they tick what they pass; `x` ticks the row, `X` all up to it.
 * Enter follows the link by itself. Answers what the table does with the keys that are pressed within it.
 */
export function useRowKeys(
  scroller: RefObject<HTMLElement | null>,
  { count, scrollTo, enabled }: RowKeys,
  selection: RangeSelection | undefined,
): (event: ReactKeyboardEvent) => void {
  const wanted = useRef(-1);
  const rowOf = (index: number) => scroller.current?.querySelector<HTMLElement>(`[data-row="${index}"]`);
  const focusWanted = () =>
    rowOf(wanted.current)?.querySelector<HTMLElement>('a, button')?.focus({ preventScroll: true });
  const currentRow = () => {
    const row = document.activeElement?.closest<HTMLElement>('[data-row]');
    return row && scroller.current?.contains(row) ? Number(row.dataset.row) : undefined;
  };
  const step = (by: 1 | -1, extends_: boolean) => {
    if (count === 0) return;
    const at = currentRow();
    const from = at ?? (by > 0 ? -1 : count);
    wanted.current = Math.min(Math.max(from + by, 0), count - 1);
    if (extends_) selection?.extend(at ?? wanted.current, wanted.current);
    else selection?.endRange();
    scrollTo(wanted.current);
    focusWanted();
    // The row may be drawn only after the scroll.
    requestAnimationFrame(focusWanted);
  };
  const tick = (shift: boolean) => {
    const row = document.activeElement?.closest('[data-row]');
    const box = row?.querySelector<HTMLElement>('input[type=checkbox]');
    box?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, shiftKey: shift }));
  };
  const keys = {
    j: () => step(1, false),
    k: () => step(-1, false),
    J: () => step(1, true),
    K: () => step(-1, true),
    arrowdown: (event: KeyboardEvent) => step(1, event.shiftKey),
    arrowup: (event: KeyboardEvent) => step(-1, event.shiftKey),
    x: () => tick(false),
    X: () => tick(true),
  };
  useShortcuts(enabled ? keys : NO_KEYS);
  return tableKeys(selection);
}
