import { type ResourceDefinition, storageResource } from '@binnacle/apis-kubernetes/registry';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { type Attributes, encodeBody, type Key, parseBody, type StoredObject } from '@binnacle/server-storage';

/** The object's labels and selectable fields. */
export function attributesOf({ fields: readers }: ResourceDefinition, object: UnstructuredObject): Attributes {
  const fields: Record<string, string> = {};
  for (const field in readers) fields[field] = readers[field]?.(object) ?? '';
  return { labels: object.metadata.labels ?? {}, fields };
}

export function keyOf(definition: ResourceDefinition, cluster: string, namespace: string, name: string): Key {
  return { cluster, resource: storageResource(definition), namespace: definition.namespaced ? namespace : '', name };
}

/** What a write carries: the encoding in the shape the kind is stored in. */
export function encodeObject(
  definition: ResourceDefinition,
  object: UnstructuredObject,
): { body: Buffer; attributes: Attributes } {
  const stored = definition.storage ? definition.storage.toStored(object) : object;
  return { body: encodeBody(stored), attributes: attributesOf(definition, object) };
}

/** A private, parsed copy of a stored object in the shape of this definition, resourceVersion included. */
export function decodeObject(definition: ResourceDefinition, stored: StoredObject): UnstructuredObject {
  const object = parseBody(stored);
  return definition.storage ? (definition.storage.fromStored(object) as unknown as UnstructuredObject) : object;
}

/** The stored object as this definition shows it: itself, except for kinds that are views of another kind's store. */
export function viewOf(definition: ResourceDefinition, stored: StoredObject): StoredObject {
  if (!definition.storage) return stored;
  return { ...stored, body: encodeBody(decodeObject(definition, stored)) };
}

/** Stands for a write that was only tried: revision 0 means that the object has no resourceVersion. */
export const UNSAVED = 0;

export function unsaved(
  definition: ResourceDefinition,
  key: Key,
  object: UnstructuredObject,
  revision = UNSAVED,
): StoredObject {
  return { key, revision, ...encodeObject(definition, object) };
}
