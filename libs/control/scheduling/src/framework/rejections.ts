import type { NodeRejection } from './rejection.js';

/** What some nodes had against a Pod, all in the same words. */
export interface RejectionKind {
  readonly rejection: NodeRejection;
  /** How many nodes. */
  readonly nodes: number;
  /** Rows of the first of them, in order; as many as `EXAMPLES` at most. */
  readonly first: readonly number[];
}

/** What nodes had against one Pod, by their rows. */
export interface Rejections extends Iterable<readonly [number, NodeRejection]> {
  /** How many nodes. */
  readonly size: number;
  /** By what was said, the first that was heard first. The same words may stand in several. */
  readonly kinds: readonly RejectionKind[];
  get(row: number): NodeRejection | undefined;
}

export const EXAMPLES = 3;

interface Counted extends RejectionKind {
  nodes: number;
  readonly first: number[];
}

/** Thousands of nodes say the same few things, so that each is a small number here. Of nodes with the highest row that is given. */
export class RejectionTable implements Rejections {
  private readonly said: Uint32Array;
  private readonly counted: Counted[] = [];
  private count = 0;

  constructor(highestRow: number) {
    this.said = new Uint32Array(highestRow + 1);
  }

  get size(): number {
    return this.count;
  }

  get kinds(): readonly RejectionKind[] {
    return this.counted;
  }

  /** A number by which nodes may say this. */
  kind(rejection: NodeRejection): number {
    return this.counted.push({ rejection, nodes: 0, first: [] });
  }

  /** A node that had nothing against the Pod before says now what this kind is. */
  add(row: number, kind: number): void {
    const counted = this.counted[kind - 1] as Counted;
    this.said[row] = kind;
    this.count += 1;
    counted.nodes += 1;
    if (counted.nodes <= EXAMPLES) counted.first.push(row);
  }

  get(row: number): NodeRejection | undefined {
    return this.counted[(this.said[row] ?? 0) - 1]?.rejection;
  }

  *[Symbol.iterator](): Generator<readonly [number, NodeRejection]> {
    for (let row = 0; row < this.said.length; row += 1) {
      const rejection = this.get(row);
      if (rejection) yield [row, rejection];
    }
  }
}

/** Of what is known already. */
export function rejectionsOf(entries: Iterable<readonly [number, NodeRejection]>): Rejections {
  const all = [...entries].sort(([a], [b]) => a - b);
  const table = new RejectionTable(all.at(-1)?.[0] ?? 0);
  for (const [row, rejection] of all) table.add(row, table.kind(rejection));
  return table;
}

/** The plugins that would not have the Pod. */
export const rejectorsIn = ({ kinds }: Rejections): ReadonlySet<string> =>
  new Set(kinds.flatMap(({ rejection, nodes }) => (nodes > 0 ? [rejection.plugin] : [])));
