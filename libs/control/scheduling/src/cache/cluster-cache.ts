import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { PodInfo } from '../pod/pod-info.js';
import { type NodeEntry, NodeTable } from './node-table.js';
import { Nominations } from './nominations.js';
import { PodGroups } from './pod-groups.js';

/** What the rules may look at while a Pod is being placed. */
export interface ClusterView {
  readonly nodes: NodeTable;
  readonly groups: PodGroups;
  namespaceLabels(namespace: string): Readonly<Record<string, string>>;
}

interface Placement {
  readonly pod: PodInfo;
  readonly node: string;
  /** Placed by us, not yet seen on the node by a watch. */
  readonly assumed: boolean;
}

/** What `rehearse` lets be done with the Pods of a node. */
export interface Stage {
  take(pod: PodInfo): void;
  /** One that was taken. */
  put(pod: PodInfo): void;
}

type NamespaceLabels = ClusterView['namespaceLabels'];

/**
 * Nodes and where Pods are on them: what watches told, and ahead of it what this scheduler has just decided. A cycle
 * reads it in one go, without giving way to the event loop, so it needs no snapshot.
 */
export class ClusterCache implements ClusterView {
  readonly nodes = new NodeTable();
  readonly groups = new PodGroups();
  readonly nominations = new Nominations();
  private readonly placements = new Map<string, Placement>();

  constructor(readonly namespaceLabels: NamespaceLabels = () => ({})) {}

  setNode(node: Node): void {
    this.nodes.setNode(node);
  }

  removeNode(name: string): void {
    this.nodes.removeNode(name);
  }

  /** Counts a Pod on a node before the API server knows of it. */
  assume(pod: PodInfo, node: string): void {
    this.place({ pod, node, assumed: true });
  }

  isAssumed(uid: string): boolean {
    return this.placements.get(uid)?.assumed ?? false;
  }

  /** A watch has seen the Pod on a node. */
  confirm(pod: PodInfo, node: string): void {
    this.place({ pod, node, assumed: false });
  }

  /** Where a Pod is, as far as is known. */
  placementOf(uid: string): Pick<Placement, 'pod' | 'node'> | undefined {
    return this.placements.get(uid);
  }

  /** Takes a Pod off its node: it was not bound after all, has finished or is gone. */
  remove(uid: string): PodInfo | undefined {
    const placement = this.placements.get(uid);
    if (!placement) return undefined;
    this.placements.delete(uid);
    this.uncount(placement.pod, placement.node);
    return placement.pod;
  }

  /** Answers what `look` sees as if these Pods had come to a node and those had left it; then all is as it was. */
  supposing<T>(node: string, change: { add?: readonly PodInfo[]; remove?: readonly PodInfo[] }, look: () => T): T {
    const { add = [], remove = [] } = change;
    for (const pod of remove) this.uncount(pod, node);
    for (const pod of add) this.count(pod, node);
    try {
      return look();
    } finally {
      for (const pod of add) this.uncount(pod, node);
      for (const pod of remove) this.count(pod, node);
    }
  }

  /** Lets `act` see a node that some of its Pods have left, and put them back one by one; then all is as it was. */
  rehearse<T>({ name, row }: NodeEntry, leaving: readonly PodInfo[], act: (stage: Stage) => T): T {
    const gone = new Set(leaving);
    const bringBack = this.nodes.setAside(gone, name);
    for (const pod of leaving) this.groups.remove(pod, row);
    const put = (pod: PodInfo) => {
      if (gone.delete(pod)) this.count(pod, name);
    };
    const take = (pod: PodInfo) => {
      gone.add(pod);
      this.uncount(pod, name);
    };
    try {
      return act({ take, put });
    } finally {
      bringBack();
      for (const pod of gone) this.groups.add(pod, row);
    }
  }

  private count(pod: PodInfo, node: string): void {
    this.groups.add(pod, this.nodes.addPod(pod, node));
  }

  private uncount(pod: PodInfo, node: string): void {
    const row = this.nodes.removePod(pod, node);
    if (row !== undefined) this.groups.remove(pod, row);
  }

  private place(placement: Placement): void {
    this.remove(placement.pod.uid);
    this.placements.set(placement.pod.uid, placement);
    this.count(placement.pod, placement.node);
  }
}
