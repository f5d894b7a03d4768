import { newBadRequest } from '@binnacle/machinery-meta';
import { cloneJson, getMember, isJsonObject, type JsonObject, jsonTypeName, setMember } from './json.js';

/** Of what is new, nulls say nothing, wherever they are members. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  return isJsonObject(value) ? mergeObjects({}, value) : value;
}

function mergeObjects(document: JsonObject, patch: JsonObject): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(document)) {
    if (!Object.hasOwn(patch, key)) setMember(result, key, document[key]);
    else if (patch[key] !== null) setMember(result, key, mergeValue(document[key], patch[key]));
  }
  for (const key of Object.keys(patch)) {
    if (patch[key] !== null && !Object.hasOwn(document, key))
      setMember(result, key, withoutNulls(getMember(patch, key)));
  }
  return result;
}

/** Behaves as evanphx/json-patch, which looks for nulls in a list only where it replaces no object. */
function mergeValue(document: unknown, patch: unknown): unknown {
  if (!isJsonObject(document)) return withoutNulls(patch);
  return isJsonObject(patch) ? mergeObjects(document, patch) : cloneJson(patch);
}

/**
 * Applies a JSON merge patch (RFC 7386). The document is not changed; the result may share parts of it.
 * @throws StatusError BadRequest where the patch is no object.
 */
export function applyMergePatch(document: JsonObject, patch: unknown): JsonObject {
  if (isJsonObject(patch)) return mergeObjects(document, patch);
  if (patch === null) throw newBadRequest('Invalid JSON Patch');
  throw newBadRequest(`json: cannot unmarshal ${jsonTypeName(patch)} into Go value of type map[string]interface {}`);
}
