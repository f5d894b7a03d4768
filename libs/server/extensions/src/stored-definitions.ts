import { createHash } from 'node:crypto';
import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  DEFINITIONS,
  GROUP,
  hasChanged,
  isTrue,
} from '@binnacle/apis-extensions';
import { parseBody, type Scope, type StoredObject } from '@binnacle/server-storage';

/** Where definitions are stored. */
export const DEFINITIONS_RESOURCE = `${GROUP}/${DEFINITIONS}`;

export const definitionsOf = (cluster: string): Scope => ({ cluster, resource: DEFINITIONS_RESOURCE });

/** What is kept of a definition as it was stored; a thousand clusters may have the same ones, and schemas are large. */
export interface ReadDefinition {
  /** Without schemas and without what only its writers need. */
  readonly head: CustomResourceDefinition;
  /** Equal for definitions that make equal kinds. */
  readonly digest: string;
  /** Whether its kinds are served. */
  readonly isServed: boolean;
}

const known = new WeakMap<StoredObject, ReadDefinition>();

export function wholeDefinition(stored: StoredObject): CustomResourceDefinition {
  return parseBody(stored) as unknown as CustomResourceDefinition;
}

/** Whether its objects are being removed, which it waits for. */
export function isGoing({ metadata }: CustomResourceDefinition): boolean {
  return Boolean(metadata.deletionTimestamp) && (metadata.finalizers ?? []).includes(CLEANUP_FINALIZER);
}

/** What the kinds of a definition follow from. Its own times, labels and conditions do not matter to them. */
function essence(definition: CustomResourceDefinition): object {
  const { metadata, spec, status } = definition;
  return { name: metadata.name, changed: hasChanged(definition), spec, names: status?.acceptedNames };
}

function digestOf(definition: CustomResourceDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify(essence(definition)))
    .digest('base64url');
}

function headOf({ metadata, spec, ...rest }: CustomResourceDefinition): CustomResourceDefinition {
  const { managedFields: _managedFields, annotations: _annotations, ...own } = metadata;
  const versions = spec.versions.map(({ schema: _schema, ...version }) => version);
  return { ...rest, metadata: own, spec: { ...spec, versions } };
}

export function readDefinition(stored: StoredObject): ReadDefinition {
  let read = known.get(stored);
  if (!read) {
    const definition = wholeDefinition(stored);
    const isServed = isTrue(definition, 'Established') && Boolean(definition.status?.acceptedNames?.plural);
    read = { head: headOf(definition), digest: digestOf(definition), isServed };
    known.set(stored, read);
  }
  return read;
}
