import { isForbidden, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ObjectPlace, ResourceStore, Selection } from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';
import { parsing, POINTS } from './cost/limits.js';
import { listInTurn } from './list-in-turn.js';
import type { Found, GraphqlRequest, Located } from './request.js';

/** How the objects of a list are found without looking at all of them. */
export interface ObjectIndex {
  readonly name: string;
  /** By what the store knows of an object without parsing it. */
  readonly keysOfStored?: (stored: StoredObject) => readonly string[];
  /** By the object itself, which is parsed and not kept. */
  readonly keysOfObject?: (object: UnstructuredObject) => readonly string[];
}

type ByKey = ReadonlyMap<string, readonly StoredObject[]>;
type ByFoundKey = ReadonlyMap<string, readonly Found[]>;

const TOGETHER = 500;

/** Reads through a list a few hundred rows at a time. */
async function lookAt(
  { budget }: GraphqlRequest,
  items: readonly StoredObject[],
  look: (stored: StoredObject) => void,
): Promise<void> {
  for (let at = 0; at < items.length; at += TOGETHER) {
    const some = items.slice(at, at + TOGETHER);
    budget.scan(some.length);
    await budget.lane.step(some.length);
    for (const stored of some) look(stored);
  }
}

/**
 * What relations of one operation are answered from: each resource and namespace is listed and indexed at most once, each
 * Node or owner read at most once, however many objects of a page ask for their Pods, Events or Node. Lists are kept as the
 * store has them; only what is told is parsed for longer.
 */
export class RelatedObjects {
  private readonly lists = new Map<string, Promise<readonly StoredObject[]>>();
  private readonly indexes = new Map<string, Promise<ByKey>>();
  private readonly merged = new Map<string, Promise<ByFoundKey>>();
  private readonly objects = new Map<string, Promise<UnstructuredObject | undefined>>();

  /** Every object of a resource in a namespace, or in all of them. Rejects with Forbidden where the user may not list. */
  list(request: GraphqlRequest, { store, namespace }: Lookup): Promise<readonly StoredObject[]> {
    const key = keyOf(store, namespace);
    const known = this.lists.get(key);
    if (known) return known;
    const loading = load(request, store, namespace);
    this.lists.set(key, loading);
    return loading;
  }

  /** The same list by the keys of an index. */
  index(request: GraphqlRequest, lookup: Lookup, by: ObjectIndex): Promise<ByKey> {
    const key = `${keyOf(lookup.store, lookup.namespace)} ${by.name}`;
    const known = this.indexes.get(key);
    if (known) return known;
    const building = this.build(request, lookup, by);
    this.indexes.set(key, building);
    return building;
  }

  /** The indexes of several resources in one namespace as one: whoever is looked for among all of them is found at one look. */
  indexOfAll(
    request: GraphqlRequest,
    { stores, namespace }: { readonly stores: readonly ResourceStore[]; readonly namespace: string },
    by: ObjectIndex,
  ): Promise<ByFoundKey> {
    const key = `${namespace} ${by.name}`;
    const known = this.merged.get(key);
    if (known) return known;
    const merging = mergeIndexes(stores, (store) => this.index(request, { store, namespace }, by));
    this.merged.set(key, merging);
    return merging;
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
    this.merged.clear();
    this.objects.clear();
  }

  private async build(request: GraphqlRequest, lookup: Lookup, by: ObjectIndex): Promise<ByKey> {
    const byKey = new Map<string, StoredObject[]>();
    const add = (stored: StoredObject, keys: readonly string[]) => {
      for (const key of keys) {
        const found = byKey.get(key);
        if (found) found.push(stored);
        else byKey.set(key, [stored]);
      }
    };
    const items = await this.list(request, lookup);
    const { keysOfStored, keysOfObject } = by;
    if (keysOfStored) await lookAt(request, items, (stored) => add(stored, keysOfStored(stored)));
    if (keysOfObject)
      await parseEach(request, lookup.store, items, (stored, object) => add(stored, keysOfObject(object)));
    return byKey;
  }
}

const NONE: ByKey = new Map();

/** Nothing where it is refused: among all kinds, those are looked at that may be. */
const allowed = (index: Promise<ByKey>): Promise<ByKey> =>
  index.catch((error: unknown) => {
    if (isForbidden(error)) return NONE;
    throw error;
  });

async function mergeIndexes(
  stores: readonly ResourceStore[],
  indexOf: (store: ResourceStore) => Promise<ByKey>,
): Promise<ByFoundKey> {
  const merged = new Map<string, Found[]>();
  const indexes = await Promise.all(stores.map(async (store) => ({ store, byKey: await allowed(indexOf(store)) })));
  for (const { store, byKey } of indexes) {
    for (const [key, objects] of byKey) {
      const found = merged.get(key) ?? [];
      for (const stored of objects) found.push({ store, stored });
      merged.set(key, found);
    }
  }
  return merged;
}

async function parseEach(
  { budget }: GraphqlRequest,
  store: ResourceStore,
  items: readonly StoredObject[],
  look: (stored: StoredObject, object: UnstructuredObject) => void,
): Promise<void> {
  for (const stored of items) {
    const pause = budget.lane.step(budget.parse(stored.body.length));
    if (pause) await pause;
    look(stored, store.decode(stored));
  }
}

async function load(
  request: GraphqlRequest,
  store: ResourceStore,
  namespace: string,
): Promise<readonly StoredObject[]> {
  const attempt = { verb: 'list', definition: store.definition, ...(namespace && { namespace }) } as const;
  const ctx = await request.authorize(request.ctx, attempt);
  const { items } = await listInTurn({ request, ctx }, store, namespace ? { namespace } : {}, { at: 'latest' });
  return items;
}

async function read(
  request: GraphqlRequest,
  store: ResourceStore,
  place: ObjectPlace,
): Promise<UnstructuredObject | undefined> {
  const { authorize, budget } = request;
  budget.charge(POINTS.read);
  await budget.lane.step(POINTS.read);
  const ctx = await authorize(request.ctx, { verb: 'get', definition: store.definition, ...place });
  try {
    const stored = await store.get(ctx, place);
    await budget.lane.step(budget.parse(stored.body.length));
    return store.decode(stored);
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
  if (!object) return [];
  request.budget.reach(1);
  return [{ store, object }];
}

/** Where related objects are looked for. */
export interface Lookup {
  readonly store: ResourceStore;
  /** Empty for all of them. */
  readonly namespace: string;
}

async function found(
  { budget }: GraphqlRequest,
  store: ResourceStore,
  objects: readonly StoredObject[],
): Promise<Found[]> {
  budget.reach(objects.length);
  // Where many objects wait for one list, not all of them go on in one and the same turn.
  await budget.lane.step(objects.length * POINTS.field);
  return objects.map((stored) => ({ store, stored }));
}

async function filtered(
  request: GraphqlRequest,
  items: readonly StoredObject[],
  isRelated: (stored: StoredObject) => boolean,
): Promise<StoredObject[]> {
  const related: StoredObject[] = [];
  await lookAt(request, items, (stored) => {
    if (isRelated(stored)) related.push(stored);
  });
  return related;
}

/** The objects that have a key, found by an index; of these only some where the last argument says so. */
export async function relatedBy(
  request: GraphqlRequest,
  lookup: Lookup,
  { by, key }: { readonly by: ObjectIndex; readonly key: string },
  isRelated?: (stored: StoredObject) => boolean,
): Promise<Found[]> {
  const named = (await request.related.index(request, lookup, by)).get(key) ?? [];
  return found(request, lookup.store, isRelated ? await filtered(request, named, isRelated) : named);
}

/** The objects of several resources that have a key. */
export async function relatedAmong(
  request: GraphqlRequest,
  among: { readonly stores: readonly ResourceStore[]; readonly namespace: string },
  { by, key }: { readonly by: ObjectIndex; readonly key: string },
): Promise<readonly Found[]> {
  const objects = (await request.related.indexOfAll(request, among, by)).get(key) ?? [];
  request.budget.reach(objects.length);
  return objects;
}

/** The objects that stand in a relation which no index knows; every object of the list is looked at. */
export async function relatedWhere(
  request: GraphqlRequest,
  lookup: Lookup,
  isRelated: (stored: StoredObject) => boolean,
): Promise<Found[]> {
  const items = await request.related.list(request, lookup);
  return found(request, lookup.store, await filtered(request, items, isRelated));
}

/** Objects that one object may have, of those it is asked for alone. */
const MOST_ASKED_FOR = 100;

/** The objects that have these values in their selectable fields, which the store looks for itself. */
export async function relatedByFields(
  request: GraphqlRequest,
  { store, namespace }: Lookup,
  equal: Readonly<Record<string, string>>,
): Promise<Found[]> {
  const { authorize, budget } = request;
  budget.charge(POINTS.search);
  await budget.lane.step(POINTS.search);
  const ctx = await authorize(request.ctx, { verb: 'list', definition: store.definition, namespace });
  const matches: Selection['matches'] = ({ fields }) =>
    Object.entries(equal).every(([field, value]) => fields[field] === value);
  const options = { revision: { at: 'latest' }, limit: MOST_ASKED_FOR } as const;
  const { items } = await store.list(ctx, { ...(namespace && { namespace }), equal, matches }, options);
  budget.scan(items.length);
  return found(request, store, items);
}

/** Parses what was found, as each has its turn. */
export const locate = ({ store, stored }: Found): Located => ({ store, object: store.decode(stored) });

export const locating = ({ stored }: Found): number => parsing(stored.body.length);
