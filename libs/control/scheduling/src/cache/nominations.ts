import type { PodInfo } from '../pod/pod-info.js';

/** Pods for whom room is being made on a node: others of no higher priority must leave that room alone. */
export class Nominations {
  private readonly nodesWithPods = new Map<string, Map<string, PodInfo>>();
  private readonly places = new Map<string, string>();

  get isEmpty(): boolean {
    return this.places.size === 0;
  }

  /** Names of the nodes on which room is being made. */
  nodes(): Iterable<string> {
    return this.nodesWithPods.keys();
  }

  nodeOf(uid: string): string | undefined {
    return this.places.get(uid);
  }

  on(node: string): Iterable<PodInfo> {
    return this.nodesWithPods.get(node)?.values() ?? [];
  }

  set(pod: PodInfo, node: string): void {
    this.delete(pod.uid);
    this.places.set(pod.uid, node);
    const pods = this.nodesWithPods.get(node) ?? new Map<string, PodInfo>();
    this.nodesWithPods.set(node, pods.set(pod.uid, pod));
  }

  delete(uid: string): void {
    const node = this.places.get(uid);
    if (node === undefined) return;
    this.places.delete(uid);
    const pods = this.nodesWithPods.get(node);
    pods?.delete(uid);
    if (pods?.size === 0) this.nodesWithPods.delete(node);
  }
}
