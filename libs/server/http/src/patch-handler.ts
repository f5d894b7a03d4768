import { newBadRequest, newUnsupportedMediaType, type UnstructuredObject } from '@binnacle/machinery-meta';
import { applyJsonPatch, applyMergePatch, isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import type { ObjectPlace, ResourceStore, UpdateOptions } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from './api-request.js';
import { dropNulls } from './drop-nulls.js';
import { mediaType } from './media-types.js';
import { encodingOf, objectAnswer } from './object-answer.js';
import type { ObjectReader } from './object-reader.js';
import { readDryRun } from './write-options.js';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const PATCH_TYPES = [JSON_PATCH, MERGE_PATCH];

function parsePatch(request: ApiRequest): unknown {
  try {
    return JSON.parse((request.body ?? '').toString()) as unknown;
  } catch (error) {
    throw newBadRequest(`error decoding patch: ${(error as Error).message}`);
  }
}

/** Reads the patch of a request, as a function from the present document to the next. */
export function readPatch(request: ApiRequest): (document: JsonObject) => JsonObject {
  const type = mediaType(request.headers['content-type']);
  if (type === MERGE_PATCH) {
    const patch = parsePatch(request);
    return (document) => applyMergePatch(document, patch);
  }
  if (type === JSON_PATCH) {
    const operations = parsePatch(request);
    return (document) => asDocument(applyJsonPatch(document, operations));
  }
  throw newUnsupportedMediaType(PATCH_TYPES);
}

function asDocument(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw newBadRequest('the patch does not leave an object');
}

/** Answers a PATCH: read, patch and write, again and again until no other writer comes in between. */
export async function handlePatch(
  request: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
  reader: ObjectReader,
  options: Pick<UpdateOptions, 'rules' | 'subresource'> = {},
): Promise<ApiAnswer> {
  encodingOf(request);
  const dryRun = readDryRun(request);
  const patch = readPatch(request);
  const change = (current: UnstructuredObject) => {
    const next = patch(current);
    dropNulls(next);
    return reader.check(request, store.definition, next);
  };
  const stored = await store.update(request.ctx, place, change, { ...options, dryRun, unconditional: true });
  return objectAnswer(request, store.definition, stored);
}
