import type { ResourceSet } from '@binnacle/apis-registry';
import type { Context } from '@binnacle/machinery-context';
import type { ResourceSets, SetListener } from '@binnacle/server-registry';
import {
  presentCluster,
  type ResourceListening,
  type StorageReader,
  type StoredObject,
} from '@binnacle/server-storage';
import type { SharedKinds } from './shared-kinds.js';
import { DEFINITIONS_RESOURCE, definitionsOf } from './stored-definitions.js';

/** Where definitions are read, and who tells of them. */
export type DefinitionSource = Pick<StorageReader, 'list' | 'peekAll' | 'sizeOf'> & ResourceListening;

/** What was made of a cluster's definitions, and of which. */
interface Known {
  readonly set: ResourceSet;
  readonly stale: boolean;
}

/** So many clusters may be remembered that are no longer known, before the first look for them. */
const FIRST_SWEEP = 64;

/**
 * The kinds of clusters that extend themselves by CustomResourceDefinitions. A cluster without any has the base itself; what
 * is known of the others follows what the cache knows, at once.
 */
export class ExtendedSets implements ResourceSets {
  private readonly known = new Map<string, Known>();
  private readonly listeners = new Set<SetListener>();
  private sweepAt = FIRST_SWEEP;

  constructor(
    private readonly source: DefinitionSource,
    private readonly kinds: SharedKinds,
    /** Instead, for clusters that serve more than all do, by their names. */
    private readonly own: ReadonlyMap<string, SharedKinds> = new Map(),
  ) {
    source.onChange(DEFINITIONS_RESOURCE, (cluster) => this.changed(cluster));
  }

  async of(ctx: Context, cluster: string): Promise<ResourceSet> {
    const known = this.peek(cluster);
    if (known) return known;
    const { items } = await this.source.list(ctx, definitionsOf(cluster), { revision: { at: 'any' } });
    return this.peek(cluster) ?? this.make(cluster, items);
  }

  peek(cluster: string): ResourceSet | undefined {
    const known = this.known.get(cluster);
    if (known && !known.stale && this.isKnown(cluster)) return known.set;
    const objects = this.source.peekAll(definitionsOf(cluster));
    if (objects) return this.remember(cluster, this.make(cluster, objects));
    this.known.delete(cluster);
    return undefined;
  }

  onChange(listener: SetListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** The cache may have dropped the cluster meanwhile, and nobody tells of changes then. */
  private isKnown(cluster: string): boolean {
    return this.source.sizeOf?.(cluster, DEFINITIONS_RESOURCE) !== undefined;
  }

  private make(cluster: string, objects: readonly StoredObject[]): ResourceSet {
    return this.kindsOf(cluster).setOf(objects);
  }

  /** What was served of the past is what is served now. */
  private kindsOf(cluster: string): SharedKinds {
    return this.own.get(presentCluster(cluster)) ?? this.kinds;
  }

  private remember(cluster: string, set: ResourceSet): ResourceSet {
    this.known.set(cluster, { set, stale: false });
    if (this.known.size > this.sweepAt) this.sweep();
    return set;
  }

  /** Forgets the clusters that the cache has dropped: nobody tells of that. */
  private sweep(): void {
    for (const cluster of this.known.keys()) if (!this.isKnown(cluster)) this.known.delete(cluster);
    this.sweepAt = Math.max(FIRST_SWEEP, 2 * this.known.size);
  }

  private changed(cluster: string): void {
    const before = this.known.get(cluster)?.set ?? this.kindsOf(cluster).base;
    this.known.set(cluster, { set: before, stale: true });
    const set = this.peek(cluster);
    if (!set || set === before) return;
    for (const listener of this.listeners) listener(cluster, set, before);
  }
}
