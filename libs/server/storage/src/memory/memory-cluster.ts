import type { Context } from '@binnacle/machinery-context';
import { cutPage, pageWindow } from '../change-page.js';
import { expiredRevision, expiredTime, futureRevision, StorageError } from '../errors.js';
import { sortKey } from '../keys.js';
import { type OrderedObjects, PastView } from '../past-view.js';
import { SortedMap } from '../sorted-map.js';
import type {
  Change,
  ChangePage,
  ChangeRange,
  ChangeType,
  Key,
  LogListener,
  Revision,
  StoredObject,
  Write,
} from '../types.js';

/** One cluster's log and state, in plain arrays and maps. */
export class MemoryCluster {
  revision: Revision = 0;
  /** Exact reads and watches go back to here. */
  oldest: Revision = 0;
  readonly resources = new Map<string, SortedMap<StoredObject>>();
  /** Changes after `oldest`, in order. */
  private log: Change[] = [];
  /** Since when the state at `oldest` was so. */
  private oldestTime: number;
  private readonly listeners = new Set<LogListener>();

  constructor(
    readonly name: string,
    readonly incarnation: string,
    readonly createdAt: number,
    readonly place: number,
  ) {
    this.oldestTime = createdAt;
  }

  get(key: Key): StoredObject | undefined {
    return this.resources.get(key.resource)?.get(sortKey(key));
  }

  /** `applied` is called once the state is changed, before anybody hears of it. */
  write(ctx: Context, write: Write, applied: () => void): StoredObject {
    const previous = this.get(write.key);
    refuse(write, previous);
    const { key, body, attributes, actor } = write;
    const object: StoredObject = { key, revision: this.revision + 1, body, attributes };
    this.revision = object.revision;
    this.apply(write.op === 'delete' ? undefined : object, key);
    const type = CHANGE_TYPES[write.op];
    const change = { type, object, ...(previous && { previous }), actor, time: ctx.clock.now() };
    this.log.push(change);
    applied();
    for (const listener of [...this.listeners]) listener.changes([change]);
    return object;
  }

  /** Puts an object in place as it is, for a fork. */
  adopt(object: StoredObject): void {
    this.apply(object, object.key);
  }

  changesAfter(after: Revision, limit = Number.POSITIVE_INFINITY): readonly Change[] {
    if (after < this.oldest) throw expiredRevision(after, this.oldest);
    if (after > this.revision) throw futureRevision(after, this.revision);
    const first = after - this.oldest;
    return this.log.slice(first, limit === Number.POSITIVE_INFINITY ? undefined : first + limit);
  }

  compact(oldest: Revision): void {
    if (oldest > this.revision) throw futureRevision(oldest, this.revision);
    if (oldest <= this.oldest) return;
    this.oldestTime = this.log[oldest - this.oldest - 1]?.time ?? this.oldestTime;
    this.log = this.log.slice(oldest - this.oldest);
    this.oldest = oldest;
  }

  changes(asked: ChangeRange): ChangePage {
    if (asked.upTo > this.revision) throw futureRevision(asked.upTo, this.revision);
    const isNewestFirst = asked.order === 'newestFirst';
    const after = isNewestFirst ? Math.max(asked.after, this.oldest) : asked.after;
    const range = { ...asked, after, upTo: Math.max(asked.upTo, after) };
    const window = pageWindow(range);
    const changes = this.changesAfter(window.after, window.upTo - window.after);
    return cutPage(range, isNewestFirst ? [...changes].reverse() : changes);
  }

  /** The newest revision at or before a time. */
  revisionAt(time: number): Revision {
    if (time < this.oldestTime) throw expiredTime(time);
    let [low, high] = [0, this.log.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.log[middle] as Change).time <= time) low = middle + 1;
      else high = middle;
    }
    return this.oldest + low;
  }

  /** The objects of one resource as they were at a revision. */
  stateAt(resource: string, revision: Revision): OrderedObjects {
    const present = this.resources.get(resource) ?? new SortedMap<StoredObject>();
    if (revision === this.revision) return present;
    const since = this.changesAfter(revision).filter((change) => change.object.key.resource === resource);
    return new PastView(present, since);
  }

  follow(listener: LogListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Tells whoever follows that nothing more will come. */
  end(error: Error): void {
    for (const listener of [...this.listeners]) listener.failed(error);
    this.listeners.clear();
  }

  private apply(object: StoredObject | undefined, key: Key): void {
    let objects = this.resources.get(key.resource);
    if (!objects) this.resources.set(key.resource, (objects = new SortedMap()));
    if (object) objects.set(sortKey(key), object);
    else objects.delete(sortKey(key));
  }
}

const CHANGE_TYPES = { create: 'ADDED', update: 'MODIFIED', delete: 'DELETED' } satisfies Record<
  Write['op'],
  ChangeType
>;

function refuse(write: Write, current: StoredObject | undefined): void {
  const { key } = write;
  if (write.op === 'create') {
    if (current) throw new StorageError('exists', 'the key is taken', { key, revision: current.revision });
    return;
  }
  if (!current) throw new StorageError('notFound', 'no such object', { key });
  if (current.revision !== write.expected) {
    throw new StorageError('conflict', 'the object has changed', { key, revision: current.revision });
  }
}
