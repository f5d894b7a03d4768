import type { Context } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import {
  type ChangeLog,
  type HistoryStore,
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
import { PastReader } from './past-reader.js';
import { PastStates } from './past-states.js';

export type PresentStorage = StorageReader & StorageWriter & ChangeLog & HistoryStore & Partial<ResourceListening>;

/** What could be read in the time that undoing what has happened since may take. */
const SINCE: ResourceSize = { objects: 1_000, bytes: 300_000 };

export const READ_ONLY = 'the past is read only';

/** A store in which the names of clusters may be followed by a moment, which is then what is read. */
export class PastStorage implements StorageReader, StorageWriter, Partial<ResourceListening> {
  readonly moments: Moments;
  /** Of the present: the past does not change. */
  readonly onChange?: ResourceListening['onChange'];
  readonly onForget?: NonNullable<ResourceListening['onForget']>;
  private readonly past: PastReader;

  constructor(
    ctx: Context,
    private readonly present: PresentStorage,
  ) {
    this.moments = new Moments(present);
    const { onChange, onForget } = present;
    if (onChange) this.onChange = (resource, listener) => onChange.call(present, resource, listener);
    if (onForget) this.onForget = (listener) => onForget.call(present, listener);
    this.past = new PastReader(this.moments, present, new PastStates(ctx, present));
  }

  get(ctx: Context, key: Key, revision?: ListRevision): Promise<StoredObject | undefined> {
    return this.readerOf(key).get(ctx, key, revision);
  }

  list(ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    return this.readerOf(scope).list(ctx, scope, options);
  }

  watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    return this.readerOf(scope).watch(ctx, scope, options);
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

  private readerOf({ cluster }: { readonly cluster: string }): Pick<StorageReader, 'get' | 'list' | 'watch'> {
    return isPast(cluster) ? this.past : this.present;
  }
}
