import type { Context } from '@binnacle/machinery-context';
import type { DeleteOptions, KubeList, KubeObject, UnstructuredObject, WatchEvent } from '@binnacle/machinery-meta';
import { collectionPath, objectPath, queryString } from './paths.js';
import type { Requester } from './requester.js';
import type {
  ListQuery,
  ListWatcher,
  ObjectName,
  PatchType,
  ResourceClient,
  ResourceRef,
  WatchQuery,
} from './types.js';
import { readWatch } from './watch-stream.js';

const PATCH_CONTENT_TYPES: Readonly<Record<PatchType, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};
export const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
export const METADATA_OBJECT = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

function nameOf(object: KubeObject): ObjectName {
  const { name, namespace } = object.metadata;
  if (!name) throw new TypeError(`${object.kind} without a name`);
  return { name, namespace };
}

/** List items of built-in kinds may come without apiVersion and kind; readers want them everywhere. */
function withTypes<T extends KubeObject>(ref: ResourceRef, list: KubeList<T>): KubeList<T> {
  const apiVersion = ref.group ? `${ref.group}/${ref.version}` : ref.version;
  const items = (list.items ?? []).map((item) => (item.kind ? item : { ...item, apiVersion, kind: ref.kind }));
  return { ...list, items };
}

/** List and watch, of whole objects or of their metadata only. */
export class RestListWatcher<T extends KubeObject> implements ListWatcher<T> {
  constructor(
    readonly ref: ResourceRef,
    protected readonly requester: Requester,
    private readonly accept: { list?: string; watch?: string } = {},
  ) {}

  async list(ctx: Context, query: ListQuery = {}): Promise<KubeList<T>> {
    const path = collectionPath(this.ref, query.namespace) + queryString(query);
    return withTypes(
      this.ref,
      await this.requester.sendJson<KubeList<T>>(ctx, 'GET', path, { accept: this.accept.list }),
    );
  }

  async *watch(ctx: Context, query: WatchQuery): AsyncGenerator<WatchEvent<T>> {
    const path = collectionPath(this.ref, query.namespace) + queryString(query, { watch: 'true' });
    const answer = await this.requester.send(ctx, 'GET', path, { accept: this.accept.watch, streaming: true });
    yield* readWatch<T>(answer.chunks());
  }
}

export class RestResourceClient<T extends KubeObject> extends RestListWatcher<T> implements ResourceClient<T> {
  get(ctx: Context, name: ObjectName): Promise<T> {
    return this.requester.sendJson(ctx, 'GET', objectPath(this.ref, name));
  }

  create(ctx: Context, object: T): Promise<T> {
    const path = collectionPath(this.ref, object.metadata.namespace);
    return this.requester.sendJson(ctx, 'POST', path, { body: JSON.stringify(object) });
  }

  update(ctx: Context, object: T): Promise<T> {
    return this.put(ctx, object);
  }

  updateStatus(ctx: Context, object: T): Promise<T> {
    return this.put(ctx, object, 'status');
  }

  updateSubresource(ctx: Context, object: T, subresource: string): Promise<T> {
    return this.put(ctx, object, subresource);
  }

  patch(ctx: Context, name: ObjectName, type: PatchType, patch: unknown, subresource?: string): Promise<T> {
    const options = { body: JSON.stringify(patch), contentType: PATCH_CONTENT_TYPES[type] };
    return this.requester.sendJson(ctx, 'PATCH', objectPath(this.ref, name, subresource), options);
  }

  async delete(ctx: Context, name: ObjectName, options: DeleteOptions = {}): Promise<void> {
    await this.sendDelete(ctx, objectPath(this.ref, name), options);
  }

  async deleteCollection(ctx: Context, query: ListQuery, options: DeleteOptions = {}): Promise<void> {
    await this.sendDelete(ctx, collectionPath(this.ref, query.namespace) + queryString(query), options);
  }

  createSubresource(ctx: Context, name: ObjectName, subresource: string, body: UnstructuredObject): Promise<unknown> {
    const path = objectPath(this.ref, name, subresource);
    return this.requester.sendJson(ctx, 'POST', path, { body: JSON.stringify(body) });
  }

  private put(ctx: Context, object: T, subresource?: string): Promise<T> {
    const path = objectPath(this.ref, nameOf(object), subresource);
    return this.requester.sendJson(ctx, 'PUT', path, { body: JSON.stringify(object) });
  }

  private async sendDelete(ctx: Context, path: string, options: DeleteOptions): Promise<void> {
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'DeleteOptions', ...options });
    const answer = await this.requester.send(ctx, 'DELETE', path, { body });
    await answer.text();
  }
}
