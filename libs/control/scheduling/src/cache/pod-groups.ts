import type { PodInfo } from '../pod/pod-info.js';

/** Pods with the same namespace, labels and affinity, counted by the row of their node. */
export interface PodGroup {
  /** Stands for all of them. */
  readonly sample: PodInfo;
  readonly terminating: boolean;
  readonly counts: Map<number, number>;
}

/** Placed Pods by kind, so that rules about other Pods look at a group once instead of at every Pod of it. */
export class PodGroups {
  private readonly groups = new Map<string, PodGroup>();
  private readonly byNamespace = new Map<string, Set<PodGroup>>();
  /** Groups whose Pods have affinity or anti-affinity to others. */
  readonly withTerms = new Set<PodGroup>();

  all(): Iterable<PodGroup> {
    return this.groups.values();
  }

  in(namespace: string): Iterable<PodGroup> {
    return this.byNamespace.get(namespace) ?? [];
  }

  add(pod: PodInfo, row: number): void {
    const group = this.groups.get(pod.group) ?? this.create(pod);
    group.counts.set(row, (group.counts.get(row) ?? 0) + 1);
  }

  remove(pod: PodInfo, row: number): void {
    const group = this.groups.get(pod.group);
    if (!group) return;
    const left = (group.counts.get(row) ?? 0) - 1;
    if (left > 0) group.counts.set(row, left);
    else group.counts.delete(row);
    if (group.counts.size === 0) this.drop(pod.group, group);
  }

  private create(pod: PodInfo): PodGroup {
    const terminating = pod.pod.metadata.deletionTimestamp !== undefined;
    const group: PodGroup = { sample: pod, terminating, counts: new Map() };
    this.groups.set(pod.group, group);
    const siblings = this.byNamespace.get(pod.namespace) ?? new Set();
    this.byNamespace.set(pod.namespace, siblings.add(group));
    if (Object.values(pod.terms).some((terms: readonly unknown[]) => terms.length > 0)) this.withTerms.add(group);
    return group;
  }

  private drop(key: string, group: PodGroup): void {
    this.groups.delete(key);
    this.withTerms.delete(group);
    const siblings = this.byNamespace.get(group.sample.namespace);
    siblings?.delete(group);
    if (siblings?.size === 0) this.byNamespace.delete(group.sample.namespace);
  }
}
