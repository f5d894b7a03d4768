/** How many cells stand in a row, from where they stand. */
export function columnsOf(cells: readonly { readonly offsetTop: number }[]): number {
  const top = cells[0]?.offsetTop;
  const next = cells.findIndex(({ offsetTop }) => offsetTop !== top);
  return next > 0 ? next : Math.max(cells.length, 1);
}

interface Grid {
  readonly count: number;
  /** Asked only where it matters. */
  readonly columns: () => number;
}

/** Where a key leads from a place; undefined for keys that lead nowhere. From outside (-1) every one leads to the first. */
export function stepFor(key: string, at: number, { count, columns }: Grid): number | undefined {
  const within = (place: number) => Math.min(Math.max(place, 0), count - 1);
  const from = (step: () => number) => (at < 0 ? 0 : within(at + step()));
  switch (key) {
    case 'ArrowRight':
      return from(() => 1);
    case 'ArrowLeft':
      return from(() => -1);
    case 'ArrowDown':
      return from(columns);
    case 'ArrowUp':
      return from(() => -columns());
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}
