import { BadValue, type Conformed, MOST_STRICT_PROBLEMS } from '@binnacle/apis-schema';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson, equalJson, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { fieldPath } from '@binnacle/machinery-validation';
import { applyDefaults, dropMeaninglessNulls } from '../objects/default.js';
import { coerceObjects } from '../objects/embedded.js';
import { type MetadataReader, readLeniently } from '../objects/object-meta.js';
import { prune } from '../objects/prune.js';
import type { JsonSchema } from '../schema/types.js';

const ROOT = fieldPath('');

function coerce(object: JsonObject, schema: JsonSchema, reader: MetadataReader): readonly string[] {
  const { fault, unknownFields } = coerceObjects(object, schema, ROOT, { reader, lenient: false });
  if (fault) throw new BadValue(`${fault.field}: ${fault.message}`);
  return unknownFields;
}

/**
 * Reads an object of a custom kind as a client sent it: what its schema has no place for is taken away.
 * Behaves as kubernetes apiextensions-apiserver pkg/apiserver schemaCoercingDecoder.
 * @throws BadValue where metadata, of it or of an object in it, has the wrong shape.
 */
export function conformCustom(value: unknown, owned: boolean, schema: JsonSchema, reader: MetadataReader): Conformed {
  if (!isJsonObject(value)) throw new BadValue('the object must be a JSON object');
  const object = owned ? value : cloneJson(value);
  const metadata = reader.read(object.metadata ?? {});
  object.metadata = metadata.object;
  const unknown = prune(object, schema, true);
  dropMeaninglessNulls(object, schema);
  const inner = coerce(object, schema, reader);
  const unknownFields = [...metadata.unknownFields.map((field) => `metadata.${field}`), ...unknown, ...inner];
  return { object, unknownFields: unknownFields.slice(0, MOST_STRICT_PROBLEMS) };
}

function conformStored(object: JsonObject, schema: JsonSchema, reader: MetadataReader): void {
  object.metadata = readLeniently(reader, object.metadata ?? {}).object;
  prune(object, schema, true);
  dropMeaninglessNulls(object, schema);
  coerceObjects(object, schema, ROOT, { reader, lenient: true });
  applyDefaults(object, schema);
}

/** The object, or a copy that says another version. */
export function inVersion(object: UnstructuredObject, apiVersion: string): UnstructuredObject {
  return object.apiVersion === apiVersion ? object : { ...object, apiVersion };
}

/**
 * An object from the store as its definition shows it now: itself, or a copy. What is no longer in shape is left out,
 * since nobody could repair it otherwise.
 */
export function asDefined(
  object: UnstructuredObject,
  { schema }: { readonly schema: JsonSchema },
  reader: MetadataReader,
): UnstructuredObject {
  const draft = cloneJson(object);
  conformStored(draft as unknown as JsonObject, schema, reader);
  return equalJson(draft, object) ? object : draft;
}
