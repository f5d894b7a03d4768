import type { CidrPool } from './cidr-pool.js';

/** Which node has which block of Pod addresses, and which may have one: who was given it and never said so. */
export class NodeBlocks {
  /** By node: blocks given to nodes that have not been seen with them. */
  private readonly offers = new Map<string, string>();

  constructor(private readonly pool: CidrPool) {}

  /** A block for a node, the same until it is seen with one or refuses it; undefined where none is left. */
  offer(node: string): string | undefined {
    const block = this.offers.get(node) ?? this.pool.take();
    if (block) this.offers.set(node, block);
    return block;
  }

  /** The node surely does not have what it was offered. */
  refused(node: string): void {
    const block = this.offers.get(node);
    this.offers.delete(node);
    if (block) this.pool.release(block);
  }

  seen(node: string, block: string | undefined): void {
    if (!block) return;
    if (this.offers.get(node) !== block) this.refused(node);
    this.offers.delete(node);
    this.pool.occupy(block);
  }

  gone(node: string, block: string | undefined): void {
    this.refused(node);
    if (block) this.pool.release(block);
  }
}
