import { JsonSyntaxError, parseJson, type ParsedJson, strategicSchema } from '@binnacle/apis-kubernetes/schema';
import { newBadRequest, newUnsupportedMediaType, quote } from '@binnacle/machinery-meta';
import {
  applyJsonPatch,
  applyMergePatch,
  applyStrategicMergePatch,
  isJsonObject,
  type JsonObject,
  jsonTypeName,
} from '@binnacle/machinery-patch';
import type { ApiRequest } from './api-request.js';
import { mediaType } from './media-types.js';

export const APPLY_PATCH = 'application/apply-patch+yaml';
const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
/** Patches that say how to change a document. */
export const CHANGES = [JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH];

export interface Patch {
  /** Makes the next document from the present one, which it does not change. */
  apply(document: JsonObject): JsonObject;
  /** Members of the patch itself that are given twice or mean nothing. */
  readonly problems: readonly string[];
}

function asDocument(value: unknown): JsonObject {
  if (isJsonObject(value)) return value;
  throw newBadRequest('the patch does not leave an object');
}

function parsed(request: ApiRequest, refuse: (why: string) => Error): ParsedJson {
  try {
    return parseJson((request.body ?? '').toString());
  } catch (error) {
    throw error instanceof JsonSyntaxError ? refuse(error.message) : error;
  }
}

const undecodable = (why: string) => newBadRequest(`error decoding patch: ${why}`);
const repeated = (paths: readonly string[]): string[] => paths.map((path) => `duplicate field ${quote(path)}`);
const wrongType = (value: unknown, type: string): string =>
  `json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${type}`;

const OPERATION_FIELDS = ['op', 'path', 'from', 'value'];

function unknownMembers(operations: readonly unknown[]): string[] {
  return operations.flatMap((operation, index) => {
    const names = isJsonObject(operation) ? Object.keys(operation) : [];
    return names
      .filter((name) => !OPERATION_FIELDS.includes(name))
      .map((name) => `unknown field ${quote(`[${index}].${name}`)}`);
  });
}

function readJsonPatch(request: ApiRequest): Patch {
  const { value, duplicates } = parsed(request, undecodable);
  if (!Array.isArray(value)) throw undecodable(wrongType(value, '[]handlers.jsonPatchOp'));
  const problems = [...repeated(duplicates), ...unknownMembers(value)].map((problem) => `json patch ${problem}`);
  return { problems, apply: (document) => asDocument(applyJsonPatch(document, value)) };
}

function readMergePatch(request: ApiRequest): Patch {
  const { value, duplicates } = parsed(request, undecodable);
  if (!isJsonObject(value)) throw undecodable(wrongType(value, 'map[string]interface {}'));
  return { problems: repeated(duplicates), apply: (document) => applyMergePatch(document, value) };
}

function readStrategicPatch(request: ApiRequest, schema: string): Patch {
  const { value, duplicates } = parsed(request, newBadRequest);
  const apply = (document: JsonObject) => applyStrategicMergePatch(document, value, strategicSchema(schema));
  return { problems: repeated(duplicates), apply };
}

/**
 * Reads the patch of a request. `schema` names the structure of what is patched, `accepted` what a client may send.
 * Behaves as kubernetes apiserver pkg/endpoints/handlers patcher.
 */
export function readPatch(request: ApiRequest, schema: string, accepted: readonly string[] = CHANGES): Patch {
  switch (mediaType(request.headers['content-type'])) {
    case JSON_PATCH:
      return readJsonPatch(request);
    case MERGE_PATCH:
      return readMergePatch(request);
    case STRATEGIC_PATCH:
      return readStrategicPatch(request, schema);
    default:
      throw newUnsupportedMediaType(accepted);
  }
}
