import { identifyBy, orderElements } from './element-order.js';
import { getMember, isJsonObject, type JsonObject, jsonTypeName } from './json.js';
import type { PatchField } from './patch-schema.js';
import { badDirective, listOfLists, mixedList, noMergeKey, noMergeKeyOfList } from './strategic-errors.js';

export const DIRECTIVE = '$patch';

export type MergeObjects = (original: JsonObject, patch: JsonObject) => JsonObject;

/** True for lists of objects, false for scalars; a patch may not mix them. */
export function holdsObjects(...lists: readonly unknown[][]): boolean {
  const types = new Set(lists.flat(1).map(jsonTypeName));
  if (types.has('array')) throw listOfLists();
  if (types.size > 1) throw mixedList();
  return types.has('object');
}

function keyOf(element: unknown, mergeKey: string): unknown {
  const key = isJsonObject(element) ? getMember(element, mergeKey) : undefined;
  if (key === undefined) throw noMergeKey(element, mergeKey);
  return key;
}

interface Prepared {
  readonly original: unknown[];
  readonly patch: unknown[];
}

/** Obeys `$patch: delete` and `$patch: replace` elements and takes them out. */
function obeyDirectives(original: unknown[], patch: unknown[], mergeKey: string): Prepared {
  const plain = patch.filter((element) => !Object.hasOwn(element as JsonObject, DIRECTIVE));
  let kept = original;
  let replace = false;
  for (const element of patch as JsonObject[]) {
    const directive = getMember(element, DIRECTIVE);
    if (directive === undefined) continue;
    if (directive === 'replace') replace = true;
    else if (directive === 'delete') {
      const key = keyOf(element, mergeKey);
      kept = kept.filter((candidate) => keyOf(candidate, mergeKey) !== key);
    } else throw badDirective(directive, element);
  }
  return replace ? { original: plain, patch: [] } : { original: kept, patch: plain };
}

function mergeObjectsByKey(original: unknown[], patch: unknown[], mergeKey: string, merge: MergeObjects): unknown[] {
  const result = [...original];
  const places = new Map<unknown, number>();
  for (const [index, element] of result.entries()) {
    const key = isJsonObject(element) ? getMember(element, mergeKey) : undefined;
    if (key !== undefined && !places.has(key)) places.set(key, index);
  }
  for (const element of patch as JsonObject[]) {
    const key = keyOf(element, mergeKey);
    const place = places.get(key);
    if (place === undefined) places.set(key, result.push(merge({}, element)) - 1);
    else result[place] = merge(result[place] as JsonObject, element);
  }
  return result;
}

/** Merges two lists; the outcome is not ordered by `$setElementOrder` yet. */
export function mergeLists(original: unknown[], patch: unknown[], field: PatchField, merge: MergeObjects): unknown[] {
  if (original.length === 0 && patch.length === 0) return original;
  if (!holdsObjects(original, patch)) {
    return orderElements([...new Set([...original, ...patch])], patch, original, identifyBy(undefined));
  }
  const { mergeKey } = field;
  if (mergeKey === undefined) throw noMergeKeyOfList();
  const prepared = obeyDirectives(original, patch, mergeKey);
  const merged = mergeObjectsByKey(prepared.original, prepared.patch, mergeKey, merge);
  return orderElements(merged, prepared.patch, prepared.original, identifyBy(mergeKey));
}
