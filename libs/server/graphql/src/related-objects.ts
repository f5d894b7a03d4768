import { isNotFound, newRequestEntityTooLarge, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectPlace, ResourceStore } from '@binnacle/server-registry';
import type { GraphqlRequest, Located } from './request.js';

/** How the objects of a list are found without looking at all of them. */
export interface ObjectIndex {
  readonly name: string;
  keysOf(object: UnstructuredObject): readonly string[];
}

type ByKey = ReadonlyMap<string, readonly UnstructuredObject[]>;

/** Relations multiply: Pods of Nodes of Pods of Nodes would soon be more than a process can hold. */
const MOST_OBJECTS = 20_000;

function build(objects: readonly UnstructuredObject[], { keysOf }: ObjectIndex): ByKey {
  const byKey = new Map<string, UnstructuredObject[]>();
  for (const object of objects) {
    for (const key of keysOf(object)) {
      const found = byKey.get(key);
      if (found) found.push(object);
      else byKey.set(key, [object]);
    }
  }
  return byKey;
}

/**
 * What relations of one operation are answered from: each resource and namespace is listed and indexed at most once, each
 * Node or owner read at most once, however many objects of a page ask for their Pods, Events or Node.
 */
export class RelatedObjects {
  private readonly lists = new Map<string, Promise<readonly UnstructuredObject[]>>();
  private readonly indexes = new Map<string, Promise<ByKey>>();
  private readonly objects = new Map<string, Promise<UnstructuredObject | undefined>>();
  private left = MOST_OBJECTS;

  /** Every object of a resource in a namespace, or in all of them. Rejects with Forbidden where the user may not list. */
  list(request: GraphqlRequest, store: ResourceStore, namespace: string): Promise<readonly UnstructuredObject[]> {
    const key = keyOf(store, namespace);
    const known = this.lists.get(key);
    if (known) return known;
    const loading = this.load(request, store, namespace);
    this.lists.set(key, loading);
    return loading;
  }

  /** The same list by the keys of an index. */
  index(request: GraphqlRequest, store: ResourceStore, namespace: string, by: ObjectIndex): Promise<ByKey> {
    const key = `${keyOf(store, namespace)} ${by.name}`;
    const known = this.indexes.get(key);
    if (known) return known;
    const building = this.list(request, store, namespace).then((objects) => build(objects, by));
    this.indexes.set(key, building);
    return building;
  }

  /** One object, undefined where it is not there. Rejects with Forbidden where the user may not get it. */
  one(request: GraphqlRequest, store: ResourceStore, place: ObjectPlace): Promise<UnstructuredObject | undefined> {
    const key = `${keyOf(store, place.namespace)}/${place.name}`;
    const known = this.objects.get(key);
    if (known) return known;
    const reading = read(request, store, place);
    this.objects.set(key, reading);
    return reading;
  }

  /** Begins anew: what was read is no longer the newest. */
  forget(): void {
    this.lists.clear();
    this.indexes.clear();
    this.objects.clear();
  }

  /** Lets as much be reached again as at first. */
  refill(): void {
    this.left = MOST_OBJECTS;
  }

  /** Counts the objects an operation reaches. Throws RequestEntityTooLarge above what one may reach. */
  reach(count: number): void {
    this.left -= count;
    if (this.left >= 0) return;
    throw newRequestEntityTooLarge(
      `the operation reaches more than ${MOST_OBJECTS} objects; ask for smaller pages or follow fewer relations`,
    );
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

async function read(
  { authorize, ctx }: GraphqlRequest,
  store: ResourceStore,
  place: ObjectPlace,
): Promise<UnstructuredObject | undefined> {
  await authorize(ctx, { verb: 'get', definition: store.definition, ...place });
  try {
    return store.decode(await store.get(ctx, place));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const keyOf = ({ definition: { group, names } }: ResourceStore, namespace: string): string =>
  `${group}/${names.plural}/${namespace}`;

/** Reads one object the user may get; none where it is not there. */
export async function relatedOne(
  request: GraphqlRequest,
  store: ResourceStore,
  place: ObjectPlace,
): Promise<readonly Located[]> {
  const object = await request.related.one(request, store, place);
  return object ? locate(request, store, [object]) : [];
}

/** Where related objects are looked for. */
export interface Lookup {
  readonly store: ResourceStore;
  /** Empty for all of them. */
  readonly namespace: string;
}

function locate(request: GraphqlRequest, store: ResourceStore, objects: readonly UnstructuredObject[]): Located[] {
  request.related.reach(objects.length);
  return objects.map((object) => ({ store, object }));
}

/** The objects that have a key, found by an index. */
export async function relatedBy(
  request: GraphqlRequest,
  { store, namespace }: Lookup,
  by: ObjectIndex,
  key: string,
  isRelated: (object: UnstructuredObject) => boolean = () => true,
): Promise<Located[]> {
  const found = (await request.related.index(request, store, namespace, by)).get(key) ?? [];
  return locate(request, store, found.filter(isRelated));
}

/** The objects that stand in a relation which no index knows; every object of the list is looked at. */
export async function relatedWhere(
  request: GraphqlRequest,
  { store, namespace }: Lookup,
  isRelated: (object: UnstructuredObject) => boolean,
): Promise<Located[]> {
  const objects = await request.related.list(request, store, namespace);
  return locate(request, store, objects.filter(isRelated));
}
