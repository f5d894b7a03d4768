import { encodeNames } from '@binnacle/apis-kubernetes/decisions/codec';
import type { NodeRows } from './attempt.js';

/** The nodes as they were while an attempt was made. */
export class NodeNames {
  private encoding: Uint8Array | undefined;
  private readonly byRow: ReadonlyMap<number, string>;

  constructor(
    readonly rows: readonly number[],
    nodes: NodeRows,
  ) {
    this.byRow = new Map(rows.map((row) => [row, nodes.at(row).name]));
  }

  get count(): number {
    return this.rows.length;
  }

  of(row: number): string {
    return this.byRow.get(row) ?? '';
  }

  /** As a detail begins. */
  get encoded(): Uint8Array {
    this.encoding ??= encodeNames(this.rows.map((row) => this.of(row)));
    return this.encoding;
  }
}

/** Reads the names again only when a node has come or gone. */
export class CurrentNames {
  private known: NodeNames | undefined;

  constructor(private readonly nodes: NodeRows) {}

  now(): NodeNames {
    const { nodeRows } = this.nodes;
    if (this.known?.rows !== nodeRows) this.known = new NodeNames(nodeRows, this.nodes);
    return this.known;
  }
}
