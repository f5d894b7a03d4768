import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { ResourceStore } from '@binnacle/server-registry';
import type { GraphqlRequest, Located } from './request.js';

/**
 * The lists that relations of one operation are answered from: each resource and namespace is listed at most once,
 * however many objects of a page ask for their Pods or Events.
 */
export class RelatedObjects {
  private readonly lists = new Map<string, Promise<readonly UnstructuredObject[]>>();

  /** Every object of a resource in a namespace, or in all of them. Rejects with Forbidden where the user may not list. */
  list(request: GraphqlRequest, store: ResourceStore, namespace: string): Promise<readonly UnstructuredObject[]> {
    const { group, names } = store.definition;
    const key = `${group}/${names.plural}/${namespace}`;
    const known = this.lists.get(key);
    if (known) return known;
    const loading = this.load(request, store, namespace);
    this.lists.set(key, loading);
    return loading;
  }

  private async load(
    request: GraphqlRequest,
    store: ResourceStore,
    namespace: string,
  ): Promise<readonly UnstructuredObject[]> {
    const { ctx } = request;
    await request.authorize(ctx, { verb: 'list', definition: store.definition, ...(namespace && { namespace }) });
    const { items } = await store.list(ctx, namespace ? { namespace } : {}, { revision: { at: 'latest' } });
    return items.map((item) => store.decode(item));
  }
}

/** The objects of a resource that stand in a relation to another object, which is asked for each of them. */
export async function relatedWhere(
  request: GraphqlRequest,
  store: ResourceStore,
  namespace: string,
  isRelated: (object: UnstructuredObject) => boolean,
): Promise<Located[]> {
  const objects = await request.related.list(request, store, namespace);
  return objects.filter(isRelated).map((object) => ({ store, object }));
}
