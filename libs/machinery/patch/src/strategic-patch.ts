import { newBadRequest } from '@binnacle/machinery-meta';
import { identifyBy, orderElements } from './element-order.js';
import { cloneJson, getMember, isJsonObject, type JsonObject, jsonTypeName, setMember } from './json.js';
import { mergesList, patchField, type PatchSchema, replacesObject } from './patch-schema.js';
import { badDirective, badElementOrder, badPrimitiveList, badRetainKeys } from './strategic-errors.js';
import { DIRECTIVE, holdsObjects, mergeLists } from './strategic-list.js';

const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM_LIST = '$deleteFromPrimitiveList/';
const ELEMENT_ORDER = '$setElementOrder/';

const isListDirective = (key: string): boolean => key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER);
const asList = (value: unknown): unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** What a patch value becomes where nothing was before: no directives, no nulls. Undefined where it says delete. */
function fresh(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(fresh).filter((element) => element !== undefined);
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return undefined;
  const result: JsonObject = {};
  for (const [key, member] of Object.entries(value)) {
    const kept = member === null || key === RETAIN_KEYS || isListDirective(key) ? undefined : fresh(member);
    if (kept !== undefined) setMember(result, key, kept);
  }
  return result;
}

/** `$retainKeys` lists all members that stay; what the patch sets must be among them. */
function retainKeys(target: JsonObject, patch: JsonObject): void {
  const retained = getMember(patch, RETAIN_KEYS);
  if (retained === undefined) return;
  if (!Array.isArray(retained)) throw badRetainKeys();
  const keep = new Set<unknown>(retained);
  for (const [key, value] of Object.entries(patch)) {
    if (key !== RETAIN_KEYS && value !== null && !isListDirective(key) && !keep.has(key)) throw badRetainKeys();
  }
  for (const key of Object.keys(target)) if (!keep.has(key)) delete target[key];
}

/** The elements a patch names must stand in the same order in its order list. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string | undefined): void {
  if (order.length === 0) return;
  const identify = identifyBy(mergeKey);
  const named = patch.filter((element) => !(isJsonObject(element) && Object.hasOwn(element, DIRECTIVE)));
  let next = 0;
  for (const element of order) {
    if (next < named.length && identify(named[next]) === identify(element)) next += 1;
  }
  if (next === named.length) return;
  throw newBadRequest(
    `The order in patch list:\n${JSON.stringify(patch)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
  );
}

class Merger {
  /** Merges into `target`, which is changed, and answers it. */
  merge(target: JsonObject, patch: JsonObject, schema: PatchSchema | undefined): JsonObject {
    const directive = getMember(patch, DIRECTIVE);
    if (directive === 'replace') return fresh(withoutDirective(patch)) as JsonObject;
    if (directive === 'delete') return {};
    if (directive !== undefined) throw badDirective(directive, patch);
    retainKeys(target, patch);
    const ordered = this.orderedLists(target, patch, schema);
    for (const [key, value] of Object.entries(patch)) {
      if (key.startsWith('$') ? this.deleteFromList(target, key, value) : ordered.has(key)) continue;
      this.member(target, key, value, schema);
    }
    return target;
  }

  /** Merges the lists whose order the patch gives; answers their names. */
  private orderedLists(target: JsonObject, patch: JsonObject, schema: PatchSchema | undefined): Set<string> {
    const names = Object.keys(patch).filter((key) => key.startsWith(ELEMENT_ORDER));
    for (const name of names) {
      const key = name.slice(ELEMENT_ORDER.length);
      const order = asList(patch[name]);
      if (!order) throw badElementOrder();
      const merged = this.orderedList(target, patch, key, { order, schema });
      if (merged) setMember(target, key, merged);
    }
    return new Set(names.map((name) => name.slice(ELEMENT_ORDER.length)).filter((key) => asList(patch[key])));
  }

  private orderedList(
    target: JsonObject,
    patch: JsonObject,
    key: string,
    { order, schema }: { order: unknown[]; schema: PatchSchema | undefined },
  ): unknown[] | undefined {
    const before = asList(getMember(target, key));
    const change = asList(getMember(patch, key));
    if (!before && !change) return undefined;
    const field = patchField(schema, key);
    const mergeKey = holdsObjects(order, before ?? [], change ?? []) ? field.mergeKey : undefined;
    checkOrder(change ?? [], order, mergeKey);
    const merged = change ? this.list(before, change, key, schema) : (before ?? []);
    return orderElements(merged, order, before ?? [], identifyBy(mergeKey));
  }

  private list(
    before: unknown[] | undefined,
    change: unknown[],
    key: string,
    schema: PatchSchema | undefined,
  ): unknown[] {
    const field = patchField(schema, key);
    if (!before || !mergesList(field)) return fresh(change) as unknown[];
    return mergeLists(before, change, field, (original, patch) => this.merge(original, patch, field.schema));
  }

  /** True where the key was a directive, obeyed or of no more use. */
  private deleteFromList(target: JsonObject, key: string, value: unknown): boolean {
    if (!key.startsWith(DELETE_FROM_LIST))
      return key === DIRECTIVE || key === RETAIN_KEYS || key.startsWith(ELEMENT_ORDER);
    if (!Array.isArray(value)) throw badPrimitiveList();
    const name = key.slice(DELETE_FROM_LIST.length);
    const list = asList(getMember(target, name));
    if (list)
      setMember(
        target,
        name,
        list.filter((element) => !value.includes(element)),
      );
    return true;
  }

  private member(target: JsonObject, key: string, value: unknown, schema: PatchSchema | undefined): void {
    if (value === null) {
      delete target[key];
      return;
    }
    const merged = this.value(getMember(target, key), value, key, schema);
    if (merged === undefined) delete target[key];
    else setMember(target, key, merged);
  }

  private value(before: unknown, change: unknown, key: string, schema: PatchSchema | undefined): unknown {
    if (jsonTypeName(before) !== jsonTypeName(change)) return fresh(change);
    if (Array.isArray(change)) return this.list(before as unknown[], change, key, schema);
    if (!isJsonObject(change)) return change;
    const field = patchField(schema, key);
    return replacesObject(field) ? fresh(change) : this.merge(before as JsonObject, change, field.schema);
  }
}

function withoutDirective(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => key !== DIRECTIVE));
}

/**
 * Applies a strategic merge patch: lists are merged by the keys the schema names, and directives (`$patch`,
 * `$retainKeys`, `$setElementOrder/…`, `$deleteFromPrimitiveList/…`) say what plain merging cannot. The document is
 * not changed, and `null` changes nothing. Behaves as kubernetes apimachinery pkg/util/strategicpatch.
 * @throws StatusError BadRequest where the patch is malformed.
 */
export function applyStrategicMergePatch(document: JsonObject, patch: unknown, schema: PatchSchema): JsonObject {
  if (patch === null) return document;
  if (!isJsonObject(patch)) {
    throw newBadRequest(`json: cannot unmarshal ${jsonTypeName(patch)} into Go value of type map[string]interface {}`);
  }
  return new Merger().merge(cloneJson(document), cloneJson(patch), schema);
}
