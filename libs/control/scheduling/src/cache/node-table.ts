import type { Node, Taint } from '@binnacle/apis-kubernetes/core/v1';
import type { PodInfo } from '../pod/pod-info.js';
import { amounts } from '../pod/pod-requests.js';
import { Column, type ResourceColumns } from './columns.js';
import { type Topology, topology } from './topology.js';

/** What is not a number about a node. */
export interface NodeEntry {
  readonly name: string;
  readonly row: number;
  /** Undefined while only Pods have spoken of this node. */
  node: Node | undefined;
  labels: Readonly<Record<string, string>>;
  /** NoSchedule and NoExecute. */
  hardTaints: readonly Taint[];
  /** PreferNoSchedule. */
  softTaints: readonly Taint[];
  /** Size in bytes by name. */
  images: ReadonlyMap<string, number>;
  pods: Map<string, PodInfo>;
}

const FIRST_CAPACITY = 64;
const EMPTY: ReadonlyMap<string, number> = new Map();

function mark(rows: Set<number>, row: number, belongs: boolean): void {
  if (belongs) rows.add(row);
  else rows.delete(row);
}

/** Nodes as rows: numbers in typed arrays, the rest in entries. Rows are reused; a node keeps its row while it lives. */
export class NodeTable {
  /** Rows of cordoned nodes, and of those with taints: mostly few, so that most rules can pass over the rest. */
  readonly cordoned = new Set<number>();
  readonly hardTainted = new Set<number>();
  readonly softTainted = new Set<number>();
  readonly podCount = new Column(FIRST_CAPACITY);
  readonly weightedCpu = new Column(FIRST_CAPACITY);
  readonly weightedMemory = new Column(FIRST_CAPACITY);
  private readonly resources = new Map<string, ResourceColumns>();
  private readonly entries: (NodeEntry | undefined)[] = [];
  private readonly rows = new Map<string, number>();
  private readonly topologies = new Map<string, Topology>();
  private readonly imageNodes = new Map<string, number>();
  private readonly freeRows: number[] = [];
  private capacity = FIRST_CAPACITY;
  private live: readonly number[] | undefined;

  /** Rows of the nodes that exist, in the order of their names' arrival. */
  get nodeRows(): readonly number[] {
    this.live ??= this.entries.flatMap((entry) => (entry?.node ? [entry.row] : []));
    return this.live;
  }

  /** Entries by row; a row of `nodeRows` always has one, with a node. */
  at(row: number): NodeEntry {
    const entry = this.entries[row];
    if (!entry) throw new RangeError(`no node in row ${row}`);
    return entry;
  }

  find(name: string): NodeEntry | undefined {
    const row = this.rows.get(name);
    return row === undefined ? undefined : this.entries[row];
  }

  resource(name: string): ResourceColumns {
    let columns = this.resources.get(name);
    if (!columns) {
      columns = { allocatable: new Column(this.capacity), requested: new Column(this.capacity) };
      this.resources.set(name, columns);
    }
    return columns;
  }

  topology(key: string): Topology {
    let known = this.topologies.get(key);
    if (!known) {
      known = topology(
        this.entries.map((entry) => (entry?.node ? entry.labels : undefined)),
        key,
      );
      this.topologies.set(key, known);
    }
    return known;
  }

  /** On how many nodes an image is. */
  nodesWithImage(image: string): number {
    return this.imageNodes.get(image) ?? 0;
  }

  setNode(node: Node): void {
    const entry = this.entry(node.metadata.name ?? '');
    if (!entry.node) this.live = undefined;
    const labels = node.metadata.labels ?? {};
    if (!entry.node || JSON.stringify(labels) !== JSON.stringify(entry.labels)) this.topologies.clear();
    entry.node = node;
    entry.labels = labels;
    this.setTaints(entry, node);
    this.setImages(entry, node);
    this.setAllocatable(entry.row, amounts(node.status?.allocatable));
  }

  removeNode(name: string): void {
    const entry = this.find(name);
    if (!entry?.node) return;
    entry.node = undefined;
    entry.labels = {};
    this.setTaints(entry, undefined);
    this.setImages(entry, undefined);
    this.setAllocatable(entry.row, EMPTY);
    this.live = undefined;
    this.topologies.clear();
    this.releaseIfEmpty(entry);
  }

  /** Answers the row the Pod now counts on. */
  addPod(pod: PodInfo, nodeName: string): number {
    const entry = this.entry(nodeName);
    entry.pods.set(pod.uid, pod);
    this.account(pod, entry.row, 1);
    return entry.row;
  }

  removePod(pod: PodInfo, nodeName: string): number | undefined {
    const entry = this.find(nodeName);
    if (!entry?.pods.delete(pod.uid)) return undefined;
    this.account(pod, entry.row, -1);
    this.releaseIfEmpty(entry);
    return entry.row;
  }

  /**
   * Lets some of a node's Pods count no more. The answered call brings back those that have not come again, so that the node has
   * the same Pods as before, in the same order.
   */
  setAside(leaving: ReadonlySet<PodInfo>, nodeName: string): () => void {
    const entry = this.entry(nodeName);
    const before = entry.pods;
    for (const pod of leaving) this.account(pod, entry.row, -1);
    entry.pods = new Map([...before].filter(([, pod]) => !leaving.has(pod)));
    return () => {
      for (const pod of leaving) if (!entry.pods.has(pod.uid)) this.account(pod, entry.row, 1);
      entry.pods = before;
    };
  }

  private setTaints(entry: NodeEntry, node: Node | undefined): void {
    const taints = node?.spec?.taints ?? [];
    entry.hardTaints = taints.filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
    entry.softTaints = taints.filter(({ effect }) => effect === 'PreferNoSchedule');
    mark(this.cordoned, entry.row, node?.spec?.unschedulable === true);
    mark(this.hardTainted, entry.row, entry.hardTaints.length > 0);
    mark(this.softTainted, entry.row, entry.softTaints.length > 0);
  }

  private account(pod: PodInfo, row: number, sign: 1 | -1): void {
    for (const [name, amount] of pod.requests) this.resource(name).requested.add(row, sign * amount);
    this.podCount.add(row, sign);
    this.weightedCpu.add(row, sign * (pod.weights.get('cpu') ?? 0));
    this.weightedMemory.add(row, sign * (pod.weights.get('memory') ?? 0));
  }

  private setAllocatable(row: number, next: ReadonlyMap<string, number>): void {
    for (const [name, columns] of this.resources) if (!next.has(name)) columns.allocatable.set(row, 0);
    for (const [name, amount] of next) this.resource(name).allocatable.set(row, amount);
  }

  private setImages(entry: NodeEntry, node: Node | undefined): void {
    for (const name of entry.images.keys()) this.countImage(name, -1);
    const images = node?.status?.images ?? [];
    entry.images = new Map(images.flatMap(({ names = [], sizeBytes = 0 }) => names.map((name) => [name, sizeBytes])));
    for (const name of entry.images.keys()) this.countImage(name, 1);
  }

  private countImage(name: string, change: number): void {
    const count = this.nodesWithImage(name) + change;
    if (count > 0) this.imageNodes.set(name, count);
    else this.imageNodes.delete(name);
  }

  private entry(name: string): NodeEntry {
    const known = this.find(name);
    if (known) return known;
    const row = this.freeRows.pop() ?? this.entries.length;
    if (row >= this.capacity) this.grow();
    const blank = { node: undefined, labels: {}, hardTaints: [], softTaints: [], images: EMPTY };
    const entry: NodeEntry = { name, row, ...blank, pods: new Map() };
    this.entries[row] = entry;
    this.rows.set(name, row);
    return entry;
  }

  private releaseIfEmpty(entry: NodeEntry): void {
    if (entry.node || entry.pods.size > 0) return;
    this.entries[entry.row] = undefined;
    this.freeRows.push(entry.row);
    this.rows.delete(entry.name);
  }

  private grow(): void {
    this.capacity *= 2;
    const columns = [...this.resources.values()].flatMap(({ allocatable, requested }) => [allocatable, requested]);
    for (const column of [...columns, this.podCount, this.weightedCpu, this.weightedMemory]) column.grow(this.capacity);
  }
}
