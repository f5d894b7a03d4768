import { type Scope, SortedMap, type StoredObject } from '@binnacle/server-storage';

type Index = Map<string, SortedMap<StoredObject>>;

/** The present objects of one resource in one cluster, in key order and by indexed field. */
export class ResourceCache {
  readonly objects = new SortedMap<StoredObject>();
  private readonly indexes: ReadonlyMap<string, Index>;

  constructor(indexedFields: readonly string[]) {
    this.indexes = new Map(indexedFields.map((field) => [field, new Map()]));
  }

  /** Puts the object in place, or removes it, and returns what was there. */
  apply(key: string, object: StoredObject | undefined): StoredObject | undefined {
    const previous = this.objects.get(key);
    if (object) this.objects.set(key, object);
    else this.objects.delete(key);
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
