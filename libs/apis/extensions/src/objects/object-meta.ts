import { builtinSchemas } from '@binnacle/apis-kubernetes/schemas';
import { BadValue, type Conformed, conform } from '@binnacle/apis-schema';
import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

/** Reads the metadata of any object, of the root or of one embedded in it. */
export interface MetadataReader {
  /** @throws BadValue where a member has the wrong type. */
  read(value: unknown): Conformed;
}

/** The metadata of built-in kinds, which all others share. */
export function metadataReader(): MetadataReader {
  return { read: (value) => conform(builtinSchemas, OBJECT_META, value) };
}

/** Reads what can be read, member by member, and leaves out what has the wrong type. */
export function readLeniently(reader: MetadataReader, value: unknown): Conformed {
  try {
    return reader.read(value);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
  }
  const parts = isJsonObject(value) ? Object.entries(value).flatMap((member) => readMember(reader, member)) : [];
  return {
    object: Object.assign({}, ...parts.map(({ object }) => object)) as JsonObject,
    unknownFields: parts.flatMap(({ unknownFields }) => unknownFields),
  };
}

function readMember(reader: MetadataReader, [name, value]: [string, unknown]): Conformed[] {
  try {
    return [reader.read({ [name]: value })];
  } catch (error) {
    if (error instanceof BadValue) return [];
    throw error;
  }
}
