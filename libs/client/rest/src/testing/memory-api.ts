import { type KubeObject, StatusError, type UnstructuredObject, type WatchEvent } from '@binnacle/machinery-meta';

type Listener = (resource: string, event: WatchEvent) => void;

/** The little of an API server that clients need in their own tests: objects, one revision, one stream of events. */
export class MemoryApi {
  private readonly objects = new Map<string, Map<string, UnstructuredObject>>();
  private readonly log: Array<{ resource: string; event: WatchEvent }> = [];
  private readonly listeners = new Set<Listener>();
  private compactedAt = 0;
  revision = 1;

  list(resource: string): UnstructuredObject[] {
    return [...(this.objects.get(resource)?.values() ?? [])];
  }

  get(resource: string, key: string): UnstructuredObject {
    const object = this.objects.get(resource)?.get(key);
    if (!object) throw new StatusError(404, 'NotFound', `${resource} "${key}" not found`);
    return object;
  }

  create(resource: string, object: KubeObject): UnstructuredObject {
    const { generateName, namespace } = object.metadata;
    const name = object.metadata.name ?? `${generateName}${this.revision}`;
    const key = namespace ? `${namespace}/${name}` : name;
    if (this.bucket(resource).has(key))
      throw new StatusError(409, 'AlreadyExists', `${resource} "${key}" already exists`);
    const metadata = {
      uid: `uid-${this.revision}`,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...object.metadata,
      name,
    };
    return this.commit(resource, key, 'ADDED', { ...object, metadata });
  }

  update(resource: string, key: string, object: KubeObject): UnstructuredObject {
    const { resourceVersion, uid, creationTimestamp } = this.get(resource, key).metadata;
    if (object.metadata.resourceVersion && object.metadata.resourceVersion !== resourceVersion) {
      throw new StatusError(409, 'Conflict', `${resource} "${key}" was modified`);
    }
    const metadata = { ...object.metadata, uid, creationTimestamp };
    return this.commit(resource, key, 'MODIFIED', { ...object, metadata });
  }

  delete(resource: string, key: string): UnstructuredObject {
    const gone = this.get(resource, key);
    this.bucket(resource).delete(key);
    return this.commit(resource, key, 'DELETED', gone);
  }

  /** Forgets the events before now: watches from there get 410. */
  compact(): void {
    this.compactedAt = this.revision;
    this.log.length = 0;
  }

  /** Calls back for every event after `since`, past and future. Answers how to stop. Throws Expired. */
  watch(resource: string, since: number, deliver: (event: WatchEvent) => void): () => void {
    if (since < this.compactedAt) throw new StatusError(410, 'Expired', `too old resource version: ${since}`);
    for (const entry of this.log) {
      if (entry.resource === resource && Number(entry.event.object.metadata.resourceVersion) > since)
        deliver(entry.event);
    }
    const listener: Listener = (changed, event) => changed === resource && deliver(event);
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private bucket(resource: string): Map<string, UnstructuredObject> {
    const bucket = this.objects.get(resource) ?? new Map<string, UnstructuredObject>();
    this.objects.set(resource, bucket);
    return bucket;
  }

  private commit(resource: string, key: string, type: WatchEvent['type'], object: KubeObject): UnstructuredObject {
    this.revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.revision) };
    const stored: UnstructuredObject = { ...object, metadata };
    if (type !== 'DELETED') this.bucket(resource).set(key, stored);
    const event = { type, object: stored };
    this.log.push({ resource, event });
    for (const listener of this.listeners) listener(resource, event);
    return stored;
  }
}
