import { type ResourceDefinition, storageResource } from '@binnacle/apis-registry';
import { encodeOwners } from '@binnacle/machinery-apply';
import { type Soon, soon } from '@binnacle/machinery-context';
import { formatApiVersion, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  type Attributes,
  encodeBody,
  type Key,
  type OwnedObject,
  ownersText,
  parseBody,
  parseOwned,
  type StoredObject,
} from '@binnacle/server-storage';
import type { RequestContext } from './request-context.js';

/** The object's labels and selectable fields. */
export function attributesOf(
  { fields: readers }: Pick<ResourceDefinition, 'fields'>,
  object: UnstructuredObject,
): Attributes {
  const fields: Record<string, string> = {};
  for (const field in readers) fields[field] = readers[field]?.(object) ?? '';
  return { labels: object.metadata.labels ?? {}, fields };
}

const attributesServed = new WeakMap<ResourceDefinition, WeakMap<StoredObject, Attributes>>();

/**
 * The same of a stored object, as this definition reads it now; read once, however many select by it. Where a conversion
 * takes longer, as the object is stored.
 */
export function servedAttributes(definition: ResourceDefinition, stored: StoredObject): Attributes {
  let known = attributesServed.get(definition);
  if (!known) attributesServed.set(definition, (known = new WeakMap<StoredObject, Attributes>()));
  const read = known.get(stored);
  if (read) return read;
  const object = parseBody(stored);
  const attributes = attributesOf(definition, definition.storage?.fromStored?.(object) ?? object);
  known.set(stored, attributes);
  return attributes;
}

export function keyOf(definition: ResourceDefinition, cluster: string, namespace: string, name: string): Key {
  return { cluster, resource: storageResource(definition), namespace: definition.namespaced ? namespace : '', name };
}

interface Encoded {
  readonly body: Buffer;
  readonly attributes: Attributes;
}

/** What a write carries: the encoding in the shape the kind is stored in. */
export function encodeObject(
  ctx: RequestContext,
  definition: ResourceDefinition,
  { object, owners }: OwnedObject,
): Soon<Encoded> {
  const { storage } = definition;
  if (!storage) return { body: encodeBody(object, owners), attributes: attributesOf(definition, object) };
  const stored = storage.convert
    ? storage.convert(ctx, [object], storage.apiVersion).then((made) => single(made))
    : (storage.toStored?.(object) ?? object);
  const { fields } = storage;
  return soon(stored, (form) => {
    const attributes = fields ? attributesOf({ fields: fields.readers }, form) : attributesOf(definition, object);
    return { body: encodeBody(form, owners), attributes };
  });
}

function single(objects: readonly UnstructuredObject[]): UnstructuredObject {
  const [object] = objects;
  if (!object) throw new Error('a conversion answered no object');
  return object;
}

/** Parsed objects in the shape of this definition: themselves where that is the one they have. */
function servedForms(
  ctx: RequestContext,
  definition: ResourceDefinition,
  objects: readonly UnstructuredObject[],
): Soon<readonly UnstructuredObject[]> {
  const { storage } = definition;
  if (storage?.convert) return storage.convert(ctx, objects, formatApiVersion(definition));
  return objects.map((object) => storage?.fromStored?.(object) ?? object);
}

/** Bodies of former releases hold managed fields among the rest. */
function split(stored: StoredObject): OwnedObject {
  const owned = parseOwned(stored);
  const { managedFields, ...metadata } = owned.object.metadata;
  return managedFields ? { object: { ...owned.object, metadata }, owners: encodeOwners(managedFields) } : owned;
}

/**
 * A parsed, private copy of a stored object in the shape of this definition, resourceVersion included, and the text of its
 * managed fields, which it does not hold.
 */
export function decodeObject(
  ctx: RequestContext,
  definition: ResourceDefinition,
  stored: StoredObject,
): Soon<OwnedObject> {
  const owned = split(stored);
  if (!definition.storage) return owned;
  return soon(soon(servedForms(ctx, definition, [owned.object]), single), (object) => ({ ...owned, object }));
}

const ownersOf = (stored: StoredObject): string => ownersText(stored) || split(stored).owners;

type Views = WeakMap<StoredObject, StoredObject>;

/** Objects of custom kinds as their definitions show them: each is made once, however many read it. */
const views = new WeakMap<ResourceDefinition, Views>();

function viewsFor(definition: ResourceDefinition): Views | undefined {
  if (!definition.custom) return undefined;
  let known = views.get(definition);
  if (!known) views.set(definition, (known = new WeakMap<StoredObject, StoredObject>()));
  return known;
}

/** So many objects are converted at a time. */
const TOGETHER = 200;

/** Stored objects as this definition shows them: themselves, except where they are kept in another form. */
export function viewsOf(
  ctx: RequestContext,
  definition: ResourceDefinition,
  stored: readonly StoredObject[],
): Soon<readonly StoredObject[]> {
  if (!definition.storage) return stored;
  const known = viewsFor(definition);
  const missing = known ? stored.filter((one) => !known.has(one)) : stored;
  return soon(missing.length > 0 ? makeViews(ctx, definition, missing) : [], (views) => {
    if (!known) return views;
    missing.forEach((one, at) => known.set(one, views[at] ?? one));
    return stored.map((one) => known.get(one) ?? one);
  });
}

function makeViews(
  ctx: RequestContext,
  definition: ResourceDefinition,
  stored: readonly StoredObject[],
): Soon<readonly StoredObject[]> {
  if (definition.storage?.convert && stored.length > TOGETHER) return makeMany(ctx, definition, stored);
  const objects = stored.map((one) => split(one).object);
  return soon(servedForms(ctx, definition, objects), (served) => {
    if (served.length !== stored.length) throw new Error('a conversion answered another number of objects');
    return stored.map((one, at) => {
      const object = served[at] as UnstructuredObject;
      return object === objects[at] ? one : { ...one, body: encodeBody(object, ownersOf(one)) };
    });
  });
}

async function makeMany(
  ctx: RequestContext,
  definition: ResourceDefinition,
  stored: readonly StoredObject[],
): Promise<StoredObject[]> {
  const made: StoredObject[] = [];
  for (let at = 0; at < stored.length; at += TOGETHER) {
    ctx.signal.throwIfAborted();
    made.push(...(await makeViews(ctx, definition, stored.slice(at, at + TOGETHER))));
  }
  return made;
}

/** One stored object as this definition shows it. */
export function viewOf(ctx: RequestContext, definition: ResourceDefinition, stored: StoredObject): Soon<StoredObject> {
  if (!definition.storage) return stored;
  return soon(viewsOf(ctx, definition, [stored]), ([view]) => view ?? stored);
}

/** Stands for a write that was only tried: revision 0 means that the object has no resourceVersion. */
export const UNSAVED = 0;

export function unsaved(
  ctx: RequestContext,
  definition: ResourceDefinition,
  key: Key,
  owned: OwnedObject,
  revision = UNSAVED,
): Soon<StoredObject> {
  return soon(encodeObject(ctx, definition, owned), (encoded) => ({ key, revision, ...encoded }));
}
