import type { KubeObject } from '@binnacle/machinery-meta';
import { keyOf } from './object-key.js';
import type { Lister, ObjectKey } from './types.js';

type KeyFunction<T> = (object: T) => readonly string[];

/** One secondary index: from a value to the objects that have it, in insertion order. */
class Index<T extends KubeObject> {
  private readonly buckets = new Map<string, Map<ObjectKey, T>>();

  constructor(readonly keys: KeyFunction<T>) {}

  get(value: string): readonly T[] {
    const bucket = this.buckets.get(value);
    return bucket ? [...bucket.values()] : [];
  }

  replace(key: ObjectKey, old: T | undefined, next: T | undefined): void {
    const values = next ? this.keys(next) : [];
    for (const value of old ? this.keys(old) : []) {
      if (!values.includes(value)) this.drop(value, key);
    }
    for (const value of values) this.bucket(value).set(key, next as T);
  }

  private bucket(value: string): Map<ObjectKey, T> {
    const existing = this.buckets.get(value);
    if (existing) return existing;
    const created = new Map<ObjectKey, T>();
    this.buckets.set(value, created);
    return created;
  }

  private drop(value: string, key: ObjectKey): void {
    const bucket = this.buckets.get(value);
    bucket?.delete(key);
    if (bucket?.size === 0) this.buckets.delete(value);
  }
}

/** Objects by key and by index. */
export class IndexedStore<T extends KubeObject> implements Lister<T> {
  private readonly objects = new Map<ObjectKey, T>();
  private readonly namespaces = new Index<T>((object) => [object.metadata.namespace ?? '']);
  private readonly indexes = new Map<string, Index<T>>();

  get size(): number {
    return this.objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.objects.get(key);
  }

  list(namespace?: string): readonly T[] {
    return namespace ? this.namespaces.get(namespace) : [...this.objects.values()];
  }

  byIndex(name: string, value: string): readonly T[] {
    const index = this.indexes.get(name);
    if (!index) throw new TypeError(`there is no index "${name}"`);
    return index.get(value);
  }

  keys(): Iterable<ObjectKey> {
    return this.objects.keys();
  }

  addIndex(name: string, keys: KeyFunction<T>): void {
    if (this.indexes.has(name)) return;
    const index = new Index(keys);
    for (const [key, object] of this.objects) index.replace(key, undefined, object);
    this.indexes.set(name, index);
  }

  /** Stores the object and answers what it replaced. */
  put(object: T): T | undefined {
    const key = keyOf(object);
    const old = this.objects.get(key);
    this.objects.set(key, object);
    this.reindex(key, old, object);
    return old;
  }

  /** Removes and answers what was there. */
  remove(key: ObjectKey): T | undefined {
    const old = this.objects.get(key);
    if (!old) return undefined;
    this.objects.delete(key);
    this.reindex(key, old, undefined);
    return old;
  }

  private reindex(key: ObjectKey, old: T | undefined, next: T | undefined): void {
    this.namespaces.replace(key, old, next);
    for (const index of this.indexes.values()) index.replace(key, old, next);
  }
}
