import type { Node, NodeCondition, Taint } from '@binnacle/apis-kubernetes/core/v1';
import {
  TAINT_NODE_NOT_READY,
  TAINT_NODE_UNREACHABLE,
  TAINT_NODE_UNSCHEDULABLE,
} from '@binnacle/apis-kubernetes/well-known';
import { findCondition } from '@binnacle/machinery-meta';

/** Conditions that, when True, keep new Pods away. */
const PRESSURES = new Map([
  ['MemoryPressure', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'node.kubernetes.io/disk-pressure'],
  ['PIDPressure', 'node.kubernetes.io/pid-pressure'],
  ['NetworkUnavailable', 'node.kubernetes.io/network-unavailable'],
]);
const OURS = new Set([TAINT_NODE_NOT_READY, TAINT_NODE_UNREACHABLE, TAINT_NODE_UNSCHEDULABLE, ...PRESSURES.values()]);

export function readiness(node: Node): NodeCondition['status'] {
  return findCondition(node.status?.conditions, 'Ready')?.status ?? 'Unknown';
}

/** The key of the taint of a node that is not ready; a node that never reported is not ready rather than unreachable. */
function unreadyKey(node: Node): string | undefined {
  const ready = findCondition(node.status?.conditions, 'Ready');
  if (ready?.status === 'True') return undefined;
  return ready?.status === 'Unknown' ? TAINT_NODE_UNREACHABLE : TAINT_NODE_NOT_READY;
}

function noSchedule(node: Node): string[] {
  const pressed = (node.status?.conditions ?? [])
    .filter(({ status }) => status === 'True')
    .map(({ type }) => PRESSURES.get(type));
  const unready = unreadyKey(node);
  return [...pressed, unready, node.spec?.unschedulable ? TAINT_NODE_UNSCHEDULABLE : undefined].filter(
    (key) => key !== undefined,
  );
}

function same(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}

/**
 * The taints a node should have for what it reports; undefined when it has them. Taints of others stay. `evict` says
 * whether Pods may be driven off now; a node tainted for that already stays so while its state is the same.
 */
export function planTaints(node: Node, evict: 'yes' | 'not-now' | 'no', time: string): Taint[] | undefined {
  const current = node.spec?.taints ?? [];
  const unready = unreadyKey(node);
  const driven = current.some(({ key, effect }) => effect === 'NoExecute' && key === unready);
  const drive = unready !== undefined && evict !== 'no' && (evict === 'yes' || driven);
  const wanted: Taint[] = [
    ...noSchedule(node).map((key) => ({
      key,
      effect: 'NoSchedule',
      ...(key === TAINT_NODE_UNSCHEDULABLE && { timeAdded: time }),
    })),
    ...(drive ? [{ key: unready, effect: 'NoExecute', timeAdded: time }] : []),
  ];
  const kept = current.filter((taint) => !OURS.has(taint.key) || wanted.some((other) => same(taint, other)));
  const added = wanted.filter((taint) => !current.some((other) => same(taint, other)));
  return added.length === 0 && kept.length === current.length ? undefined : [...kept, ...added];
}
