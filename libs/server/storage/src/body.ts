import type { UnstructuredObject } from '@binnacle/machinery-meta';
import type { Revision, StoredObject } from './types.js';

/**
 * The one encoding of a stored object: JSON whose first member is `metadata`, without its resourceVersion, so that
 * the revision is spliced in by concatenation. No reader ever has to parse a body to serve it.
 */
const PREFIX = Buffer.from('{"metadata":{');

function withoutVersion(metadata: UnstructuredObject['metadata']): UnstructuredObject['metadata'] {
  if (metadata.resourceVersion === undefined) return metadata;
  const { resourceVersion: _, ...meta } = metadata;
  return meta;
}

/** Encodes an object once, at write time. */
export function encodeBody(object: UnstructuredObject): Buffer {
  const { metadata, ...rest } = object;
  return Buffer.from(JSON.stringify({ metadata: withoutVersion(metadata), ...rest }));
}

/** The JSON bytes of a stored object with its resourceVersion. */
export function jsonBytes(stored: Pick<StoredObject, 'body' | 'revision'>): Buffer {
  const splice = Buffer.from(`{"metadata":{"resourceVersion":"${stored.revision}",`);
  return Buffer.concat([splice, stored.body.subarray(PREFIX.length)]);
}

/** The same, as pieces to be written without a copy. */
export function jsonPieces(stored: Pick<StoredObject, 'body' | 'revision'>): [string, Buffer] {
  return [`{"metadata":{"resourceVersion":"${stored.revision}",`, stored.body.subarray(PREFIX.length)];
}

/** A parsed, private copy of a stored object, resourceVersion included. */
export function parseBody(stored: Pick<StoredObject, 'body' | 'revision'>): UnstructuredObject {
  const object = JSON.parse(stored.body.toString()) as UnstructuredObject;
  object.metadata.resourceVersion = String(stored.revision satisfies Revision);
  return object;
}
