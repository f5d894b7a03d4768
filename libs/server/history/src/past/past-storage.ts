import type { Context } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import {
  type ChangeLog,
  type HistoryStore,
  expiredRevision,
  isPast,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  presentCluster,
  type ResourceListening,
  type ResourceSize,
  type Revision,
  type Scope,
  type StorageReader,
  type StorageWriter,
  type StoredObject,
  type Watch,
  type WatchOptions,
  type Write,
} from '@binnacle/server-storage';
import { Moments } from './moments.js';
import { NamespaceBeginnings, NEVER } from './namespace-beginnings.js';
import { PastReader } from './past-reader.js';
import { PastStates } from './past-states.js';

export type PresentStorage = StorageReader & StorageWriter & ChangeLog & HistoryStore & Partial<ResourceListening>;

/** What could be read in the time that undoing what has happened since may take. */
const SINCE: ResourceSize = { objects: 1_000, bytes: 300_000 };

export const READ_ONLY = 'the past is read only';

type Asked = Pick<Scope, 'cluster' | 'namespace' | 'namespaces'>;

/** A store in which the names of clusters may be followed by a moment, which is then what is read. */
export class PastStorage implements StorageReader, StorageWriter, Partial<ResourceListening> {
  readonly moments: Moments;
  readonly beginnings: NamespaceBeginnings;
  /** Of the present: the past does not change. */
  readonly onChange?: ResourceListening['onChange'];
  readonly onForget?: NonNullable<ResourceListening['onForget']>;
  private readonly past: PastReader;

  constructor(
    ctx: Context,
    private readonly present: PresentStorage,
  ) {
    this.moments = new Moments(present);
    this.beginnings = new NamespaceBeginnings(present);
    const { onChange, onForget } = present;
    if (onChange) this.onChange = (resource, listener) => onChange.call(present, resource, listener);
    if (onForget) this.onForget = (listener) => onForget.call(present, listener);
    this.past = new PastReader(this.moments, present, new PastStates(ctx, present));
  }

  async get(ctx: Context, key: Key, revision?: ListRevision): Promise<StoredObject | undefined> {
    if (revision?.at === 'exact') await this.requireSame(ctx, key, revision.revision);
    return this.readerOf(key).get(ctx, key, revision);
  }

  async list(ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    if (options.revision.at === 'exact') await this.requireSame(ctx, scope, options.revision.revision);
    return this.readerOf(scope).list(ctx, scope, options);
  }

  async watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    if (options.after !== undefined) await this.requireSame(ctx, scope, options.after);
    return this.readerOf(scope).watch(ctx, scope, options);
  }

  /**
   * What was there under a namespace's name before the namespace is that of another, of which rights in this one say nothing: a
   * revision of then is too old, as one of which nothing is kept. With a moment of the past in the cluster's name, rights are asked for.
   */
  private async requireSame(
    ctx: Context,
    { cluster, namespace, namespaces }: Asked,
    revision: Revision,
  ): Promise<void> {
    if (isPast(cluster)) return;
    for (const name of namespace ? [namespace] : (namespaces ?? [])) {
      const since = await this.beginnings.since(ctx, cluster, name);
      // Where there is none now nobody has rights of it.
      if (revision < since && since !== NEVER) throw expiredRevision(revision, since);
    }
  }

  peek(key: Key): StoredObject | undefined {
    return isPast(key.cluster) ? undefined : this.present.peek(key);
  }

  peekAll(scope: Scope): readonly StoredObject[] | undefined {
    return isPast(scope.cluster) ? undefined : this.present.peekAll(scope);
  }

  /** What there is now tells what reading it as it was will cost, besides what has happened since. */
  sizeOf(cluster: string, resource: string): ResourceSize | undefined {
    const size = this.present.sizeOf?.(presentCluster(cluster), resource);
    if (!size || !isPast(cluster)) return size;
    return { objects: size.objects + SINCE.objects, bytes: size.bytes + SINCE.bytes };
  }

  async revision(ctx: Context, cluster: string): Promise<Revision> {
    return isPast(cluster) ? (await this.moments.resolve(ctx, cluster)).revision : this.present.revision(ctx, cluster);
  }

  async write(ctx: Context, write: Write): Promise<StoredObject> {
    if (isPast(write.key.cluster)) throw new StatusError(405, 'MethodNotAllowed', READ_ONLY);
    return this.present.write(ctx, write);
  }

  /**
   * Whether a namespace was, at the moment that a cluster's name says, the one that has its name now. A moment that is none is refused
   * by whoever reads it, with its own words.
   */
  readonly wasSame = async (ctx: Context, cluster: string, namespace: string): Promise<boolean> => {
    const since = this.beginnings.since(ctx, presentCluster(cluster), namespace);
    const [moment, begun] = await Promise.allSettled([this.moments.resolve(ctx, cluster), since]);
    if (moment.status === 'rejected' && moment.reason instanceof StatusError) return true;
    if (moment.status === 'rejected') throw moment.reason;
    if (begun.status === 'rejected') throw begun.reason;
    return moment.value.revision >= begun.value;
  };

  private readerOf({ cluster }: { readonly cluster: string }): Pick<StorageReader, 'get' | 'list' | 'watch'> {
    return isPast(cluster) ? this.past : this.present;
  }
}
