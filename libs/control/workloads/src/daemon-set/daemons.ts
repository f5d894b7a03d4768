import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { isPodAvailable, isPodTerminal } from '../pods/pod-state.js';
import {
  isUpdated,
  type Placement,
  placementOn,
  targetNode,
} from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';

/** What there is when a set is looked at. */
export interface DaemonView {
  readonly set: DaemonSet;
  /** Of the set's template as it is now. */
  readonly hash: string;
  readonly nodes: readonly NodeDaemons[];
  /** Daemons of nodes that there are not. */
  readonly astray: readonly Pod[];
  readonly now: number;
}

/** A node and the daemons that run on it or are meant for it. */
export interface NodeDaemons {
  readonly name: string;
  readonly placement: Placement;
  readonly pods: readonly Pod[];
}

export const isLeaving = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined;

/** Those with a node first, then the oldest. */
export function oldestFirst(pods: readonly Pod[]): Pod[] {
  const rank = ({ spec, metadata }: Pod) =>
    `${spec?.nodeName ? 0 : 1}/${metadata.creationTimestamp ?? ''}/${metadata.name ?? ''}`;
  return [...pods].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** Sorts daemons by their nodes. One that has ended and is going is nobody's any more. */
export function daemonView(
  set: DaemonSet,
  hash: string,
  { nodes, pods }: { readonly nodes: readonly Node[]; readonly pods: readonly Pod[] },
  now: number,
): DaemonView {
  const known = new Map<string, Pod[]>(nodes.map(({ metadata }) => [metadata.name ?? '', []]));
  const astray: Pod[] = [];
  for (const pod of pods) {
    const target = targetNode(pod);
    if (target === undefined || (isPodTerminal(pod) && isLeaving(pod))) continue;
    (known.get(target) ?? astray).push(pod);
  }
  const daemonsOn = (node: Node): NodeDaemons => {
    const name = node.metadata.name ?? '';
    return { name, placement: placementOn(set, node), pods: known.get(name) ?? [] };
  };
  return { set, hash, nodes: nodes.map(daemonsOn), astray, now };
}

export function isAvailable({ set, now }: DaemonView, pod: Pod | undefined): boolean {
  return pod !== undefined && isPodAvailable(pod, set.spec?.minReadySeconds ?? 0, now);
}

/** A node's daemon of the new template and of an older one. */
export interface Generations {
  readonly next?: Pod;
  readonly old?: Pod;
}

/** Undefined where there are more than one of either, which is put in order first. */
export function generationsOn({ set, hash }: DaemonView, { pods }: NodeDaemons): Generations | undefined {
  const staying = pods.filter((pod) => !isLeaving(pod));
  const next = staying.filter((pod) => isUpdated(set, pod, hash));
  const old = staying.filter((pod) => !isUpdated(set, pod, hash));
  if (next.length > 1 || old.length > 1) return undefined;
  return { ...(next[0] && { next: next[0] }), ...(old[0] && { old: old[0] }) };
}
