import { randomUUID } from 'node:crypto';
import type { ResourceDefinition } from '@binnacle/apis-registry';
import {
  formatTime,
  newBadRequest,
  newUnclassifiedError,
  type ObjectMeta,
  quote,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { type FieldError, fieldPath, forbidden, invalid, required } from '@binnacle/machinery-validation';
import { conflict, invalid as refusal } from './failures.js';
import { generateName } from './object-names.js';

const METADATA = fieldPath('metadata');

/** What a client may not say of an object that is not there yet. */
const SYSTEM = [
  'creationTimestamp',
  'uid',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
] as const satisfies readonly (keyof ObjectMeta)[];

/** Takes from a draft what only the server says, so that nobody comes to own it. */
export function wipeSystemMetadata({ metadata }: UnstructuredObject): void {
  for (const field of SYSTEM) if (field in metadata) delete metadata[field];
}

/** Sets what only the server may say about a new object, whatever admission said. `metadata.generateName` has been resolved before. */
export function stampNewObject(object: UnstructuredObject, now: number): void {
  const { metadata } = object;
  wipeSystemMetadata(object);
  delete metadata.resourceVersion;
  delete metadata.managedFields;
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
  } else delete metadata.namespace;
  if (place.name === undefined) return;
  if (metadata.name && metadata.name !== place.name) {
    throw newBadRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${place.name})`);
  }
  metadata.name = place.name;
}

/** The name of a draft, completed where it is to be; empty where it has none. */
export function nameNewObject(object: UnstructuredObject): string {
  const { metadata } = object;
  if (!metadata.name && metadata.generateName) metadata.name = generateName(metadata.generateName);
  return metadata.name ?? '';
}

/** What has no name, and whose kind has given it none. */
export function refuseNameless(definition: ResourceDefinition, { metadata }: UnstructuredObject): void {
  if (metadata.name) return;
  throw refusal(definition, '', [required(METADATA.child('name'), 'name or generateName is required')]);
}

/** Carries the server's own metadata over to the next state of an object. Behaves as kubernetes registry/rest BeforeUpdate. */
export function keepServerMetadata(next: UnstructuredObject, old: UnstructuredObject): void {
  // Taken apart and not out of: an object that members are deleted from is slower to read and to write ever after.
  const { creationTimestamp: _created, generation: _generation, selfLink: _link, ...rest } = next.metadata;
  const meta: ObjectMeta = rest;
  const { creationTimestamp, generation, uid, deletionTimestamp, deletionGracePeriodSeconds: grace } = old.metadata;
  if (creationTimestamp !== undefined) meta.creationTimestamp = creationTimestamp;
  if (generation !== undefined) meta.generation = generation;
  if (uid !== undefined) meta.uid ||= uid;
  if (deletionTimestamp) meta.deletionTimestamp = deletionTimestamp;
  if (grace !== undefined) meta.deletionGracePeriodSeconds ??= grace;
  next.metadata = meta;
}

/** That an object is to go is said by deleting it. */
const IMMUTABLE = ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

function newFinalizers(next: UnstructuredObject, old: UnstructuredObject): string[] {
  if (!old.metadata.deletionTimestamp) return [];
  return (next.metadata.finalizers ?? []).filter((name) => !old.metadata.finalizers?.includes(name));
}

function checkFinalizers(next: UnstructuredObject, old: UnstructuredObject): FieldError[] {
  const added = newFinalizers(next, old);
  if (added.length === 0) return [];
  const list = added.map((name) => JSON.stringify(name)).join(', ');
  const why = 'no new finalizers can be added if the object is being deleted, found new finalizers';
  return [forbidden(METADATA.child('finalizers'), `${why} []string{${list}}`)];
}

/** What is wrong with the metadata of an update, beyond what the kind's own strategy checks. */
export function checkUpdatedMetadata({ metadata }: UnstructuredObject, old: UnstructuredObject): FieldError[] {
  const changed = IMMUTABLE.filter((field) => metadata[field] !== old.metadata[field]);
  return [
    ...checkFinalizers({ ...old, metadata }, old),
    ...changed.map((field) => invalid(METADATA.child(field), metadata[field], 'field is immutable')),
  ];
}

/** Refuses an update meant for another incarnation of the object. A patch says by its uid nothing of the kind. */
export function checkUid(definition: ResourceDefinition, next: UnstructuredObject, old: UnstructuredObject): void {
  const { uid } = next.metadata;
  if (!uid || uid === old.metadata.uid) return;
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
  throw conflict(definition, old.metadata.name ?? '', why);
}

/** Refuses an update meant for another revision of the object. */
export function checkRevision(
  definition: ResourceDefinition,
  next: UnstructuredObject,
  old: UnstructuredObject,
  unconditional: boolean,
): void {
  const name = old.metadata.name ?? '';
  const { resourceVersion } = next.metadata;
  if (resourceVersion && resourceVersion !== '0') {
    if (resourceVersion === old.metadata.resourceVersion) return;
    if (/^\d+$/.test(resourceVersion)) throw conflict(definition, name);
    throw newUnclassifiedError(`strconv.ParseUint: parsing ${quote(resourceVersion)}: invalid syntax`);
  }
  if (unconditional) return;
  const { group, names } = definition;
  // Upstream names the resource, not the kind, in this one message.
  throw refusal({ group, names: { ...names, kind: names.plural } }, name, [
    invalid(METADATA.child('resourceVersion'), 0, 'must be specified for an update'),
  ]);
}
