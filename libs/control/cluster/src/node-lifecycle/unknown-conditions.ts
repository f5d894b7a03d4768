import type { Node, NodeCondition } from '@binnacle/apis-kubernetes/core/v1';
import { findCondition, formatTime } from '@binnacle/machinery-meta';

const WATCHED = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

function unknown(node: Node, type: string, time: string): NodeCondition {
  const old = findCondition(node.status?.conditions, type);
  if (old?.status === 'Unknown') return old;
  if (!old) {
    const created = node.metadata.creationTimestamp;
    const message = 'Kubelet never posted node status.';
    const reason = 'NodeStatusNeverUpdated';
    return { type, status: 'Unknown', reason, message, lastHeartbeatTime: created, lastTransitionTime: time };
  }
  const message = 'Kubelet stopped posting node status.';
  return { ...old, status: 'Unknown', reason: 'NodeStatusUnknown', message, lastTransitionTime: time };
}

/** The node as it is when nobody has heard of it for too long; undefined when its status says so already. */
export function withUnknownConditions(node: Node, now: number): Node | undefined {
  const old = node.status?.conditions ?? [];
  if (WATCHED.every((type) => findCondition(old, type)?.status === 'Unknown')) return undefined;
  const time = formatTime(now);
  const others = old.filter(({ type }) => !WATCHED.includes(type as (typeof WATCHED)[number]));
  const conditions = [...others, ...WATCHED.map((type) => unknown(node, type, time))];
  return { ...node, status: { ...node.status, conditions } };
}
