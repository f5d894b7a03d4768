import type { PodInfo } from '../pod/pod-info.js';
import type { Topology } from './topology.js';

/** Pods with the same namespace, labels and affinity, counted by the row of their node. */
export class PodGroup {
  readonly terminating: boolean;
  /** By the row of a node. */
  readonly counts = new Map<number, number>();
  private readonly byDomain = new Map<Topology, Int32Array>();

  /** `sample` stands for all of them. */
  constructor(readonly sample: PodInfo) {
    this.terminating = sample.pod.metadata.deletionTimestamp !== undefined;
  }

  /** Adds how many are in each domain, so many times; answers how many are in any. */
  addTo(domains: Int32Array | Float64Array, topology: Topology, weight = 1): number {
    // Few Pods are counted faster than many domains.
    if (this.counts.size <= topology.size) return this.addByRow(domains, topology, weight);
    const pods = this.in(topology);
    let total = 0;
    for (let domain = 0; domain < pods.length; domain += 1) {
      const count = pods[domain] as number;
      if (count === 0) continue;
      domains[domain] = (domains[domain] as number) + weight * count;
      total += count;
    }
    return total;
  }

  private addByRow(domains: Int32Array | Float64Array, topology: Topology, weight: number): number {
    let total = 0;
    for (const [row, count] of this.counts) {
      const domain = topology.domains[row] ?? -1;
      if (domain < 0) continue;
      domains[domain] = (domains[domain] as number) + weight * count;
      total += count;
    }
    return total;
  }

  private in(topology: Topology): Int32Array {
    const known = this.byDomain.get(topology);
    if (known) return known;
    // Of labels that have changed another is there now.
    if (this.byDomain.size >= MOST_TOPOLOGIES) this.byDomain.clear();
    const pods = new Int32Array(topology.size);
    for (const [row, count] of this.counts) tally(pods, topology, row, count);
    this.byDomain.set(topology, pods);
    return pods;
  }

  change(row: number, by: 1 | -1): void {
    const count = (this.counts.get(row) ?? 0) + by;
    if (count > 0) this.counts.set(row, count);
    else this.counts.delete(row);
    for (const [topology, pods] of this.byDomain) tally(pods, topology, row, by);
  }
}

/** Topologies by which a group is counted at once. */
const MOST_TOPOLOGIES = 4;

function tally(pods: Int32Array, { domains }: Topology, row: number, count: number): void {
  const domain = domains[row] ?? -1;
  if (domain >= 0) pods[domain] = (pods[domain] as number) + count;
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
    group.change(row, 1);
  }

  remove(pod: PodInfo, row: number): void {
    const group = this.groups.get(pod.group);
    if (!group?.counts.has(row)) return;
    group.change(row, -1);
    if (group.counts.size === 0) this.drop(pod.group, group);
  }

  private create(pod: PodInfo): PodGroup {
    const group = new PodGroup(pod);
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
