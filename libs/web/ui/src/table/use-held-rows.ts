'use client';

import { useMemo, useRef } from 'react';
import { freeRows, type HeldRow, type HeldRows, holdRows } from './hold-order.js';

/** `rows` in their own order, or, while `held`, in the order they had when the holding began. */
export function useHeldRows<T>(rows: readonly T[], keyOf: (row: T) => string, held: boolean): HeldRows<T> {
  const shown = useRef<readonly HeldRow<T>[]>([]);
  return useMemo(() => {
    const next = held ? holdRows(shown.current, rows, keyOf) : freeRows(rows, keyOf);
    shown.current = next.rows;
    return next;
  }, [rows, keyOf, held]);
}
