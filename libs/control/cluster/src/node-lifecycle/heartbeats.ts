import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition } from '@binnacle/machinery-meta';

interface Heard {
  readonly lease?: string;
  readonly heartbeat?: string;
  readonly at: number;
}

/**
 * When each node was last heard of, by our own clock: a change of its lease or of its reported heartbeat counts, not the
 * times in them, since clocks differ.
 */
export class Heartbeats {
  private readonly heard = new Map<string, Heard>();

  /** Answers when the node was last heard of. A node seen for the first time counts as heard of now. */
  observe(node: Node, lease: Lease | undefined, now: number): number {
    const name = node.metadata.name ?? '';
    const known = this.heard.get(name);
    const renewed = lease?.spec?.renewTime;
    const heartbeat = findCondition(node.status?.conditions, 'Ready')?.lastHeartbeatTime;
    if (known && known.lease === renewed && known.heartbeat === heartbeat) return known.at;
    this.heard.set(name, { lease: renewed, heartbeat, at: now });
    return now;
  }

  /** After we ourselves were cut off from the server, silence proves nothing: everybody gets the whole grace again. */
  forgive(now: number): void {
    for (const [name, heard] of this.heard) this.heard.set(name, { ...heard, at: now });
  }

  forget(name: string): void {
    this.heard.delete(name);
  }
}
