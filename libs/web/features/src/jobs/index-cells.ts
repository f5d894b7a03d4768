import type { IndexSet } from '@binnacle/apis-kubernetes/batch/v1/job-reading';

/** How an index stands; of several the worst is told, in this order. */
export const INDEX_STATES = ['failed', 'active', 'waiting', 'succeeded'] as const;
export type IndexState = (typeof INDEX_STATES)[number];

/** One mark of the strip: an index, or so many side by side. */
export interface IndexCell {
  readonly first: number;
  readonly last: number;
  readonly state: IndexState;
}

interface Indexes {
  readonly completions: number;
  readonly succeeded: IndexSet;
  readonly failed: IndexSet;
  /** Those a Pod runs for. */
  readonly active: IndexSet;
}

/** More marks than this cannot be told from one another. */
const MOST_CELLS = 240;

/** How many indexes of each mark are in the set. */
function perCell({ intervals }: IndexSet, cells: number, width: number): number[] {
  const counts = Array.from({ length: cells }, () => 0);
  for (const { first, last } of intervals) {
    for (let cell = Math.floor(first / width); cell < cells && cell * width <= last; cell += 1) {
      const shared = Math.min(last, (cell + 1) * width - 1) - Math.max(first, cell * width) + 1;
      counts[cell] = (counts[cell] ?? 0) + shared;
    }
  }
  return counts;
}

function stateOf(failed: number, active: number, succeeded: number, size: number): IndexState {
  if (failed > 0) return 'failed';
  if (active > 0) return 'active';
  return succeeded >= size ? 'succeeded' : 'waiting';
}

/** An indexed Job as a strip of marks, however many indexes it has. */
export function indexCells({ completions, succeeded, failed, active }: Indexes, most = MOST_CELLS): IndexCell[] {
  if (completions <= 0) return [];
  const width = Math.ceil(completions / most);
  const cells = Math.ceil(completions / width);
  const [good, bad, busy] = [succeeded, failed, active].map((set) => perCell(set, cells, width));
  return Array.from({ length: cells }, (_, cell) => {
    const first = cell * width;
    const last = Math.min(first + width, completions) - 1;
    const state = stateOf(bad?.[cell] ?? 0, busy?.[cell] ?? 0, good?.[cell] ?? 0, last - first + 1);
    return { first, last, state };
  });
}
