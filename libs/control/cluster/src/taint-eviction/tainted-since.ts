import type { Node, Pod, Taint } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition, parseTime } from '@binnacle/machinery-meta';
import { noExecuteTaints } from './plan.js';

const idOf = ({ key, value = '', effect }: Taint): string => `${key}=${value}:${effect}`;

/** When the Pod came to its node, as far as it says. */
function placedAt({ metadata, status }: Pod): number {
  const scheduled = findCondition(status?.conditions, 'PodScheduled')?.lastTransitionTime;
  return parseTime(scheduled) ?? parseTime(metadata.creationTimestamp) ?? 0;
}

/**
 * Remembers when each taint was first seen on each Pod's node. Whoever sets a taint need not say when (kubectl does not),
 * and a Pod may come to a node that has been tainted for long: what a Pod bears begins when both are there.
 */
export class TaintSightings {
  /** By the Pod's key: its uid and, by taint, milliseconds since the epoch. */
  private readonly seen = new Map<string, { readonly uid: string; readonly taints: Map<string, number> }>();

  /** Keeps what still holds of a Pod, forgets the rest. */
  look(key: string, pod: Pod | undefined, node: Node | undefined, now: number): void {
    const taints = noExecuteTaints(node);
    if (!pod || taints.length === 0) {
      this.seen.delete(key);
      return;
    }
    const uid = pod.metadata.uid ?? '';
    const known = this.seen.get(key);
    const before = known?.uid === uid ? known.taints : undefined;
    this.seen.set(key, { uid, taints: new Map(taints.map((taint) => [idOf(taint), before?.get(idOf(taint)) ?? now])) });
  }

  /** The time on the taint holds where there is one, so that a restart of this program does not begin anew. */
  since(key: string, pod: Pod, taint: Taint): number {
    const added = parseTime(taint.timeAdded) ?? this.seen.get(key)?.taints.get(idOf(taint)) ?? 0;
    return Math.max(added, placedAt(pod));
  }
}
