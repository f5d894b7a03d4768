import type { ListWatcher } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject, WatchEvent } from '@binnacle/machinery-meta';
import { deepFreeze } from './freeze.js';
import { IndexedStore } from './indexed-store.js';
import { keyOf } from './object-key.js';
import { Reflector, type ReflectorSink, type Selection } from './reflector.js';
import type { Informer, InformerHandler, ObjectKey } from './types.js';
import { Waiters } from './waiters.js';

export interface InformerOptions<T extends KubeObject> {
  /** Only these objects are followed, for example the Pods of one node. */
  readonly selection?: Selection;
  /** Reduces an object before it is kept; `managedFields` is always dropped, since nobody here reads it. */
  readonly transform?: (object: T) => T;
}

const revision = (resourceVersion: string | undefined): number => Number(resourceVersion ?? 0) || 0;

/** Behaves as kubernetes client-go tools/cache/shared_informer.go. */
export class SharedInformer<T extends KubeObject> implements Informer<T>, ReflectorSink<T> {
  private readonly store = new IndexedStore<T>();
  private readonly handlers: Array<InformerHandler<T>> = [];
  private readonly waiters = new Waiters();
  private readonly reflector: Reflector<T>;
  private readonly transform: (object: T) => T;
  private reached = -1;
  private markSynced: () => void = () => undefined;
  private readonly firstSync = new Promise<void>((resolve) => {
    this.markSynced = resolve;
  });

  constructor(source: ListWatcher<T>, options: InformerOptions<T> = {}) {
    this.reflector = new Reflector(source, options.selection ?? {}, this);
    this.transform = options.transform ?? ((object) => object);
  }

  run(ctx: Context): Promise<void> {
    return this.reflector.run(ctx);
  }

  get hasSynced(): boolean {
    return this.reached >= 0;
  }

  /** The newest resourceVersion that is known to have been reached. */
  get revision(): number {
    return Math.max(this.reached, 0);
  }

  synced(): Promise<void> {
    return this.firstSync;
  }

  get(key: ObjectKey): T | undefined {
    return this.store.get(key);
  }

  list(namespace?: string): readonly T[] {
    return this.store.list(namespace);
  }

  byIndex(index: string, value: string): readonly T[] {
    return this.store.byIndex(index, value);
  }

  addIndex(name: string, keys: (object: T) => readonly string[]): void {
    this.store.addIndex(name, keys);
  }

  addHandler(handler: InformerHandler<T>): void {
    this.handlers.push(handler);
    for (const object of this.store.list()) handler.added?.(object);
  }

  waitFor(ctx: Context, resourceVersion: string): Promise<void> {
    const wanted = revision(resourceVersion);
    return this.waiters.until(ctx, () => this.reached >= wanted);
  }

  /** Resolves when `holds` is true of the object under `key`, or of its absence. */
  waitForObject(ctx: Context, key: ObjectKey, holds: (object: T | undefined) => boolean): Promise<void> {
    return this.waiters.until(ctx, () => this.hasSynced && holds(this.store.get(key)));
  }

  replace(objects: readonly T[], resourceVersion: string): void {
    const gone = new Set(this.store.keys());
    for (const object of objects) {
      gone.delete(keyOf(object));
      this.put(object);
    }
    for (const key of gone) this.remove(key);
    this.advance(resourceVersion);
    this.markSynced();
  }

  change({ type, object }: WatchEvent<T>): void {
    if (type === 'ADDED' || type === 'MODIFIED') this.put(object);
    if (type === 'DELETED') this.remove(keyOf(object), this.prepare(object));
    this.advance(object.metadata.resourceVersion);
  }

  private put(received: T): void {
    const known = this.store.get(keyOf(received));
    if (known && known.metadata.resourceVersion === received.metadata.resourceVersion) return;
    const object = this.prepare(received);
    const old = this.store.put(object);
    if (old && old.metadata.uid !== object.metadata.uid) return this.notifyReplaced(object, old);
    for (const handler of this.handlers) {
      if (old) handler.updated?.(object, old);
      else handler.added?.(object);
    }
  }

  /** Deleted and made again while nobody was watching: two objects, so two events. */
  private notifyReplaced(object: T, old: T): void {
    for (const handler of this.handlers) {
      handler.deleted?.(old);
      handler.added?.(object);
    }
  }

  private remove(key: ObjectKey, last?: T): void {
    const old = this.store.remove(key);
    if (!old) return;
    for (const handler of this.handlers) handler.deleted?.(last ?? old);
  }

  private prepare(received: T): T {
    const { managedFields: _, ...metadata } = received.metadata;
    return deepFreeze(this.transform({ ...received, metadata }));
  }

  private advance(resourceVersion: string | undefined): void {
    this.reached = Math.max(this.reached, revision(resourceVersion));
    this.waiters.check();
  }
}
