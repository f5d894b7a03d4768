export interface HeldRow<T> {
  readonly key: string;
  readonly row: T;
  /** Came while the order was held; it stands at the end until the order is let go. */
  readonly added: boolean;
  /** Went while the order was held; its last state stays in place. */
  readonly gone: boolean;
}

export interface HeldRows<T> {
  readonly rows: readonly HeldRow<T>[];
  readonly added: number;
  readonly gone: number;
  /** True when letting the order go would move a row. */
  readonly moved: boolean;
}

export function freeRows<T>(rows: readonly T[], keyOf: (row: T) => string): HeldRows<T> {
  return {
    rows: rows.map((row) => ({ key: keyOf(row), row, added: false, gone: false })),
    added: 0,
    gone: 0,
    moved: false,
  };
}

/**
 * Keeps rows where they stood in `shown` while their contents go on changing: what is new is appended, what has gone keeps its
 * place. So nothing moves under a pointer that is about to click.
 */
export function holdRows<T>(shown: readonly HeldRow<T>[], rows: readonly T[], keyOf: (row: T) => string): HeldRows<T> {
  const current = new Map(rows.map((row) => [keyOf(row), row]));
  const kept = shown.map((held) => {
    const row = current.get(held.key);
    return { key: held.key, row: row ?? held.row, added: held.added, gone: row === undefined };
  });
  const known = new Set(shown.map((held) => held.key));
  const fresh = [...current].filter(([key]) => !known.has(key));
  const all = [...kept, ...fresh.map(([key, row]) => ({ key, row, added: true, gone: false }))];
  const order = all.filter((held) => !held.gone).map((held) => held.key);
  const gone = all.length - order.length;
  return {
    rows: all,
    added: all.filter((held) => held.added && !held.gone).length,
    gone,
    moved: gone > 0 || rows.some((row, index) => keyOf(row) !== order[index]),
  };
}
