import { type ResourceSize, type Scope, SortedMap, sortKey, type StoredObject } from '@binnacle/server-storage';

type Index = Map<string, SortedMap<StoredObject>>;

/** The present objects of one resource in one cluster, in key order and by indexed field. */
export class ResourceCache {
  readonly objects = new SortedMap<StoredObject>();
  private bytes = 0;
  private indexes: ReadonlyMap<string, Index> = new Map();

  constructor(indexedFields: readonly string[]) {
    this.index(indexedFields);
  }

  /** Keeps indexes of these fields from now on, and of no others. */
  index(fields: readonly string[]): void {
    const before = this.indexes;
    this.indexes = new Map(fields.map((field) => [field, before.get(field) ?? this.indexOf(field)]));
  }

  private indexOf(field: string): Index {
    const index: Index = new Map();
    for (const object of this.objects.range()) reindex(index, field, sortKey(object.key), undefined, object);
    return index;
  }

  get size(): ResourceSize {
    return { objects: this.objects.size, bytes: this.bytes };
  }

  /** Puts the object in place, or removes it, and returns what was there. */
  apply(key: string, object: StoredObject | undefined): StoredObject | undefined {
    const previous = this.objects.get(key);
    if (object) this.objects.set(key, object);
    else this.objects.delete(key);
    this.bytes += (object?.body.length ?? 0) - (previous?.body.length ?? 0);
    for (const [field, index] of this.indexes) reindex(index, field, key, previous, object);
    return previous;
  }

  /** The objects a list has to look at: those an index names, where the scope asks for an indexed value that is not empty. */
  candidates(scope: Scope): SortedMap<StoredObject> {
    const index = scope.index && this.indexes.get(scope.index.field);
    if (!scope.index?.value || !index) return this.objects;
    return index.get(scope.index.value) ?? new SortedMap();
  }
}

/** What has no value is in no index: it may be nearly everything, and every new object would be put in order twice. */
function reindex(
  index: Index,
  field: string,
  key: string,
  previous: StoredObject | undefined,
  now: StoredObject | undefined,
): void {
  const before = previous?.attributes.fields[field];
  const value = now?.attributes.fields[field];
  if (before && before !== value) {
    const objects = index.get(before);
    objects?.delete(key);
    if (objects?.size === 0) index.delete(before);
  }
  if (!value || !now) return;
  let objects = index.get(value);
  if (!objects) index.set(value, (objects = new SortedMap()));
  objects.set(key, now);
}
