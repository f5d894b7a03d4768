import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { TAINT_NODE_OUT_OF_SERVICE } from '@binnacle/apis-kubernetes/well-known';
import { isPodTerminal } from '@binnacle/control-workloads';

export type GarbageReason = 'terminated' | 'orphaned' | 'unscheduled' | 'out-of-service';

export interface Garbage {
  readonly pod: Pod;
  readonly reason: GarbageReason;
}

const finishedFirst = (a: Pod, b: Pod): number =>
  (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1;

function terminated(pods: readonly Pod[], threshold: number): Pod[] {
  const finished = pods.filter(isPodTerminal);
  const surplus = finished.length - threshold;
  return threshold > 0 && surplus > 0 ? finished.sort(finishedFirst).slice(0, surplus) : [];
}

function isOutOfService(node: Node | undefined): boolean {
  const tainted = node?.spec?.taints?.some(({ key }) => key === TAINT_NODE_OUT_OF_SERVICE) ?? false;
  const ready = node?.status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  return tainted && ready !== 'True';
}

function reasonFor(pod: Pod, nodes: ReadonlyMap<string, Node>, gone: ReadonlySet<string>): GarbageReason | undefined {
  const name = pod.spec?.nodeName;
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  if (!name) return terminating ? 'unscheduled' : undefined;
  if (gone.has(name)) return 'orphaned';
  return terminating && isOutOfService(nodes.get(name)) ? 'out-of-service' : undefined;
}

/**
 * Pods that nobody else will clear away. `gone` are names of nodes that have been away long enough. Behaves as kubernetes
 * pkg/controller/podgc.
 */
export function planPodGc(
  pods: readonly Pod[],
  nodes: ReadonlyMap<string, Node>,
  gone: ReadonlySet<string>,
  threshold: number,
): Garbage[] {
  const surplus = new Set(terminated(pods, threshold));
  return pods.flatMap((pod) => {
    const reason = surplus.has(pod) ? 'terminated' : reasonFor(pod, nodes, gone);
    return reason ? [{ pod, reason }] : [];
  });
}
