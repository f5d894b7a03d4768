import { randomUUID } from 'node:crypto';
import type { ResourceDefinition } from '@binnacle/apis-kubernetes/registry';
import { formatTime, newBadRequest, type ObjectMeta, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { FieldError } from '@binnacle/machinery-validation';
import { conflict, invalid } from './failures.js';
import { generateName } from './object-names.js';

/** What a client may not say of an object that is not there yet. */
const NOT_OF_A_DRAFT = [
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
  'resourceVersion',
  'managedFields',
] as const satisfies readonly (keyof ObjectMeta)[];

/** Sets what only the server may say about a new object. `metadata.generateName` has been resolved before. */
export function stampNewObject(object: UnstructuredObject, now: number): void {
  const { metadata } = object;
  for (const field of NOT_OF_A_DRAFT) if (field in metadata) delete metadata[field];
  metadata.uid = randomUUID();
  metadata.creationTimestamp = formatTime(now);
}

/** Settles name and namespace of a draft against those of the URL. */
export function placeObject(
  definition: ResourceDefinition,
  object: UnstructuredObject,
  place: { namespace: string; name?: string },
): void {
  const { metadata } = object;
  if (definition.namespaced) {
    if (metadata.namespace && metadata.namespace !== place.namespace) {
      throw newBadRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    metadata.namespace = place.namespace;
  } else if (metadata.namespace) {
    throw newBadRequest('namespace may not be set on cluster-scoped objects');
  }
  if (place.name === undefined) return;
  if (metadata.name && metadata.name !== place.name) {
    throw newBadRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${place.name})`);
  }
  metadata.name = place.name;
}

export function nameNewObject(definition: ResourceDefinition, object: UnstructuredObject): string {
  const { metadata } = object;
  if (!metadata.name && metadata.generateName) metadata.name = generateName(metadata.generateName);
  if (metadata.name) return metadata.name;
  throw invalid(definition, '', [
    { type: 'FieldValueRequired', field: 'metadata.name', message: 'Required value: name or generateName is required' },
  ]);
}

/** Fields of the metadata a client may leave out of an update, and never change. */
const SERVER_OWNED = [
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'generateName',
] as const satisfies readonly (keyof ObjectMeta)[];

/** Carries the server's own metadata over to the next state of an object. */
export function keepServerMetadata(next: UnstructuredObject, old: UnstructuredObject): void {
  const meta: Record<string, unknown> = { ...next.metadata };
  for (const field of SERVER_OWNED) {
    delete meta[field];
    if (old.metadata[field] !== undefined) meta[field] = old.metadata[field];
  }
  delete meta.selfLink;
  next.metadata = meta;
}

function newFinalizers(next: UnstructuredObject, old: UnstructuredObject): string[] {
  if (!old.metadata.deletionTimestamp) return [];
  return (next.metadata.finalizers ?? []).filter((name) => !old.metadata.finalizers?.includes(name));
}

/** What is wrong with the metadata of an update, beyond what the kind's own strategy checks. */
export function checkUpdatedMetadata(next: UnstructuredObject, old: UnstructuredObject): FieldError[] {
  const added = newFinalizers(next, old);
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(', ');
  const why = 'no new finalizers can be added if the object is being deleted, found new finalizers';
  const message = `Forbidden: ${why} []string{${list}}`;
  return [{ type: 'FieldValueForbidden', field: 'metadata.finalizers', message }];
}

/** Refuses an update meant for another incarnation or another revision of the object. */
export function checkIdentity(
  definition: ResourceDefinition,
  next: UnstructuredObject,
  old: UnstructuredObject,
  unconditional: boolean,
): void {
  const name = old.metadata.name ?? '';
  const { uid, resourceVersion } = next.metadata;
  if (uid && uid !== old.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(definition, name, why);
  }
  if (resourceVersion && resourceVersion !== '0') {
    if (resourceVersion !== old.metadata.resourceVersion) throw conflict(definition, name);
    return;
  }
  if (unconditional) return;
  const message = 'Invalid value: 0x0: must be specified for an update';
  const { group, names } = definition;
  // Upstream names the resource, not the kind, in this one message.
  throw invalid({ group, names: { ...names, kind: names.plural } }, name, [
    { type: 'FieldValueInvalid', field: 'metadata.resourceVersion', message },
  ]);
}
