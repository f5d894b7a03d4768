import type { MeasuredNode } from '../node-metrics/measured.js';
import { type Amounts, SLOTS, UsageRing } from './usage-ring.js';

/** What is kept of one Node or Pod. */
export interface Series {
  /** Empty for a Node. */
  readonly uid: string;
  readonly ring: UsageRing;
  labels: Readonly<Record<string, string>>;
  /** RFC 3339: when it was measured last. */
  time: string;
  now: Amounts;
}

/** A Pod that a kubelet tells of, if it is one of its node's. */
export type PodLabels = (key: string) => Readonly<Record<string, string>> | undefined;

/** Slots after which what was measured is no longer what is used now. */
const STALE = 8;
/** Nodes and Pods whose hour is kept: 2 KB each. What comes when there are so many has none. */
const MOST_SERIES = 20_000;

/** What the Nodes and Pods of one logical cluster have used. */
export class ClusterUsage {
  readonly nodes = new Map<string, Series>();
  /** By `namespace/name`. */
  readonly pods = new Map<string, Series>();
  /** Of Pods in whose place is another of the same name, by `namespace/name` of that. */
  readonly replaced = new Map<string, Series[]>();
  /** The slot up to which everything has been measured. */
  whole = 0;

  get size(): number {
    let gone = 0;
    for (const series of this.replaced.values()) gone += series.length;
    return this.nodes.size + this.pods.size + gone;
  }

  /** Whether a series tells what is used now, too. */
  isCurrent({ ring }: Series): boolean {
    return this.whole - ring.newest < STALE;
  }
}

/** What was used in the last hour, in this process alone: another server keeps what it has measured itself. */
export class UsageHistory {
  private readonly clusters = new Map<string, ClusterUsage>();
  private room: number;

  constructor(private readonly most = MOST_SERIES) {
    this.room = most;
  }

  of(cluster: string): ClusterUsage | undefined {
    return this.clusters.get(cluster);
  }

  forget(cluster: string): void {
    this.clusters.delete(cluster);
    this.count();
  }

  /** Keeps what a node's kubelet has measured in a slot. */
  record(cluster: string, node: string, measured: MeasuredNode, at: { slot: number; podLabels: PodLabels }): void {
    const usage = this.usageOf(cluster);
    this.write(usage.nodes, node, { ...measured, uid: '', labels: {} }, at.slot);
    for (const [key, pod] of measured.pods) {
      const labels = pod.containers.length > 0 ? at.podLabels(key) : undefined;
      if (!labels) continue;
      this.replace(usage, key, pod.uid);
      this.write(usage.pods, key, { labels, ...pod }, at.slot);
    }
  }

  /** Everything of a slot has been told. What is older than an hour is forgotten. */
  complete(cluster: string, slot: number): void {
    const usage = this.usageOf(cluster);
    usage.whole = slot;
    const isOver = ({ ring }: Series) => slot - ring.newest >= SLOTS;
    for (const map of [usage.nodes, usage.pods]) for (const [key, series] of map) if (isOver(series)) map.delete(key);
    for (const [key, gone] of usage.replaced) {
      const left = gone.filter((series) => !isOver(series));
      if (left.length === 0) usage.replaced.delete(key);
      else usage.replaced.set(key, left);
    }
    this.count();
  }

  private usageOf(cluster: string): ClusterUsage {
    const known = this.clusters.get(cluster);
    if (known) return known;
    const usage = new ClusterUsage();
    this.clusters.set(cluster, usage);
    return usage;
  }

  private count(): void {
    let kept = 0;
    for (const usage of this.clusters.values()) kept += usage.size;
    this.room = this.most - kept;
  }

  /** What a Pod before this one has used goes on counting for their workload. */
  private replace(usage: ClusterUsage, key: string, uid: string): void {
    const before = usage.pods.get(key);
    if (!before || before.uid === uid) return;
    usage.pods.delete(key);
    const gone = usage.replaced.get(key);
    if (gone) gone.push(before);
    else usage.replaced.set(key, [before]);
  }

  private write(
    map: Map<string, Series>,
    key: string,
    told: Pick<Series, 'uid' | 'labels' | 'time'> & Amounts,
    slot: number,
  ): void {
    const { uid, labels, time, nanoCores, bytes } = told;
    const now = { nanoCores, bytes };
    let series = map.get(key);
    if (!series) {
      if (this.room <= 0) return;
      this.room -= 1;
      series = { uid, ring: new UsageRing(), labels, time, now };
      map.set(key, series);
    }
    Object.assign(series, { labels, time, now });
    series.ring.write(slot, now);
  }
}
