import { type Context, sleep } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { type RequestContext, systemContext } from '@binnacle/server-registry';
import { isStorageError, type StorageReader, type StoredObject } from '@binnacle/server-storage';
import type { KubeletSummaries } from '../node-metrics/kubelet-summaries.js';
import type { ClusterUsage, UsageHistory } from './usage-history.js';
import { SLOT_MILLISECONDS, slotOf } from './usage-ring.js';

/** How long a cluster is measured after somebody wanted to know, in milliseconds; `main` always is. */
const WANTED_MILLISECONDS = 10 * 60_000;
/** Clusters measured beside `main`; those looked at last. */
const MOST_CLUSTERS = 32;
/** So many nodes at once, and each of these no sooner than so many milliseconds after the one before: 64 a second. */
const AT_ONCE = 16;
const PAUSE_MILLISECONDS = 250;

const ANY = { revision: { at: 'any' } } as const;
const NODE_NAME = 'spec.nodeName';

export interface SamplerParts {
  readonly storage: Pick<StorageReader, 'list' | 'peek'>;
  readonly summaries: Pick<KubeletSummaries, 'one'>;
  readonly history: UsageHistory;
}

/** Measures what Nodes and Pods use, every quarter of a minute, where somebody wants to know. */
export class UsageSampler {
  /** The clusters that are measured, and until when. */
  private readonly wanted = new Map<string, number>([[DEFAULT_CLUSTER, Number.POSITIVE_INFINITY]]);
  private readonly busy = new Set<string>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private cancel: () => void = () => undefined;
  private isRunning = false;

  constructor(
    private readonly ctx: Context,
    private readonly parts: SamplerParts,
  ) {}

  start(): void {
    this.isRunning = true;
    this.next();
  }

  stop(): void {
    this.isRunning = false;
    this.cancel();
  }

  /** What is kept of a cluster, which is measured from now on. */
  look(cluster: string): ClusterUsage | undefined {
    const known = this.parts.history.of(cluster);
    const until = cluster === DEFAULT_CLUSTER ? Number.POSITIVE_INFINITY : this.ctx.clock.now() + WANTED_MILLISECONDS;
    this.wanted.delete(cluster);
    this.wanted.set(cluster, until);
    if (!known && this.isRunning) void this.measure(cluster);
    return known;
  }

  /** Calls `listener` whenever a cluster has been measured. */
  follow(cluster: string, listener: () => void): () => void {
    const listeners = this.listeners.get(cluster) ?? new Set();
    this.listeners.set(cluster, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(cluster);
    };
  }

  /** Measures at the beginning of each slot, so that there is one measurement in it. */
  private next(): void {
    const { clock } = this.ctx;
    const wait = SLOT_MILLISECONDS - (clock.now() % SLOT_MILLISECONDS);
    this.cancel = clock.after(wait, () => {
      this.forgetUnwanted();
      for (const cluster of this.wanted.keys()) void this.measure(cluster);
      this.next();
    });
  }

  private forgetUnwanted(): void {
    const now = this.ctx.clock.now();
    for (const cluster of this.listeners.keys()) this.look(cluster);
    for (const [cluster, until] of this.wanted) {
      if (cluster === DEFAULT_CLUSTER || (until > now && this.wanted.size <= MOST_CLUSTERS + 1)) continue;
      this.forget(cluster);
    }
  }

  private forget(cluster: string): void {
    this.wanted.delete(cluster);
    this.parts.history.forget(cluster);
  }

  /** One that has not come to its end is not begun again. */
  private async measure(cluster: string): Promise<void> {
    if (this.busy.has(cluster)) return;
    this.busy.add(cluster);
    try {
      const slot = slotOf(this.ctx.clock.now());
      await this.measureNodes(systemContext(this.ctx, cluster), slot);
      this.parts.history.complete(cluster, slot);
      for (const listener of this.listeners.get(cluster) ?? []) listener();
    } catch (error) {
      if (isStorageError(error, 'unknownCluster')) this.forget(cluster);
      else if (!this.ctx.signal.aborted) this.ctx.logger.warn('a cluster was not measured', { cluster, error });
    } finally {
      this.busy.delete(cluster);
    }
  }

  private async measureNodes(ctx: RequestContext, slot: number): Promise<void> {
    const { items } = await this.parts.storage.list(ctx, { cluster: ctx.cluster, resource: 'nodes' }, ANY);
    const left = items.values();
    const isLarge = items.length > AT_ONCE;
    const work = async () => {
      for (const node of left) {
        if (ctx.signal.aborted) return;
        await this.measureNode(ctx, node, slot);
        if (isLarge) await sleep(ctx, PAUSE_MILLISECONDS);
      }
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, work));
  }

  private async measureNode(ctx: RequestContext, node: StoredObject, slot: number): Promise<void> {
    const { summaries, history, storage } = this.parts;
    const { cluster, name: nodeName } = node.key;
    const measured = await summaries.one(ctx, node);
    if (!measured) return;
    // A kubelet is believed what it says of the Pods of its own node.
    const podLabels = (key: string) => {
      const [namespace = '', name = ''] = key.split('/');
      const pod = storage.peek({ cluster, resource: 'pods', namespace, name });
      return pod?.attributes.fields[NODE_NAME] === nodeName ? pod.attributes.labels : undefined;
    };
    history.record(cluster, nodeName, measured, { slot, podLabels });
  }
}
