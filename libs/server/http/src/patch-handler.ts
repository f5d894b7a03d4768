import { parseJsonBody, strategicSchema } from '@binnacle/apis-kubernetes/schema';
import { newBadRequest, newUnsupportedMediaType, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  isJsonObject,
  type JsonObject,
} from '@binnacle/machinery-patch';
import type { ObjectPlace, ResourceStore, UpdateOptions } from '@binnacle/server-registry';
import type { ApiAnswer, ApiRequest } from './api-request.js';
import { APPLY_PATCH, handleApply } from './apply-handler.js';
import { mediaType } from './media-types.js';
import { encodingOf, objectAnswer } from './object-answer.js';
import { expectedKind, type ObjectReader } from './object-reader.js';
import { readDryRun, readFieldManager } from './write-options.js';

/** Makes the next document from the present one, which it does not change. */
export type Patch = (document: JsonObject) => JsonObject;

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const PATCH_TYPES = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH];

function asDocument(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw newBadRequest('the patch does not leave an object');
}

/** Reads the patch of a request. `schema` names the structure of what is patched. */
export function readPatch(request: ApiRequest, schema: string): Patch {
  const type = mediaType(request.headers['content-type']);
  if (!PATCH_TYPES.includes(type) || type === APPLY_PATCH) throw newUnsupportedMediaType(PATCH_TYPES);
  const { value } = parseJsonBody((request.body ?? '').toString());
  if (type === MERGE_PATCH) return (document) => applyMergePatch(document, value);
  if (type === JSON_PATCH) return (document) => asDocument(applyJsonPatch(document, value));
  return (document) => applyStrategicMergePatch(document, value, strategicSchema(schema));
}

/** Answers a PATCH: read, patch and write, again and again until no other writer comes in between. */
export async function handlePatch(
  request: ApiRequest,
  store: ResourceStore,
  place: ObjectPlace,
  reader: ObjectReader,
  options: Pick<UpdateOptions, 'rules' | 'subresource'> = {},
): Promise<ApiAnswer> {
  if (mediaType(request.headers['content-type']) === APPLY_PATCH) {
    return handleApply(request, store, place, reader, options);
  }
  encodingOf(request);
  const dryRun = readDryRun(request);
  const fieldManager = readFieldManager(request);
  const patch = readPatch(request, store.definition.schema);
  const expected = expectedKind(store.definition);
  const change = (current: UnstructuredObject) => reader.readPatched(request, expected, patch(current));
  const stored = await store.update(request.ctx, place, change, {
    ...options,
    dryRun,
    fieldManager,
    pure: true,
    unconditional: true,
  });
  return objectAnswer(request, store.definition, stored);
}
