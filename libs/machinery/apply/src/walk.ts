import { isJsonObject, type JsonObject } from '@binnacle/machinery-patch';
import { type AnyApplyType, type ApplyMember, type ApplyType, ATOMIC, UNTYPED } from './apply-type.js';
import { keyElement, orderedKeyElement, type PathElement, valueElement } from './path-element.js';

/** A type that says what it is. */
export type ShownType = Exclude<ApplyType, AnyApplyType>;
export type ListShape = Extract<ApplyType, { readonly kind: 'list' }>;
export type MembersShape = Extract<ApplyType, { readonly kind: 'map' | 'struct' }>;

const WHOLE_LIST: ShownType = { kind: 'list', of: ATOMIC, as: 'atomic', keys: [] };

/** What a value of any type is. */
function shownAs(type: AnyApplyType, value: unknown): ShownType {
  if (Array.isArray(value)) return WHOLE_LIST;
  const isMap = value === null || value === undefined || isJsonObject(value);
  return isMap ? { kind: 'map', of: type, atomic: type.atomic } : (UNTYPED as ShownType);
}

export function shown(type: ApplyType, value: unknown): ShownType {
  return type.kind === 'any' ? shownAs(type, value) : type;
}

/** What a member of a map or a struct is; undefined where the schema has no place for it. */
export function memberOf(type: MembersShape, name: string): ApplyMember | undefined {
  if (type.kind === 'map') return { name, type: type.of };
  return type.member(name) ?? (type.others && { name, type: type.others });
}

/** The same of an object that is there already: what no schema knows is owned as a whole. */
export const knownMember = (type: MembersShape, name: string): ApplyMember =>
  memberOf(type, name) ?? { name, type: ATOMIC };

export const writtenIn = (type: MembersShape): readonly ApplyMember[] => (type.kind === 'struct' ? type.written : []);

/** What an object holds under a name, as upstream's Go types would show it: what is always written is there. */
export function held(object: JsonObject | undefined, { name, zero }: ApplyMember): unknown {
  if (object === undefined) return undefined;
  const value = Object.hasOwn(object, name) ? object[name] : undefined;
  return value === undefined ? zero : value;
}

export const asMembers = (value: unknown): JsonObject | undefined => (isJsonObject(value) ? value : undefined);
export const asItems = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

/** Why an element of a list cannot be told apart from others. */
export class ElementFault extends Error {}

const NULL_ELEMENT = 'associative list with keys may not have a null element';
const NO_MAP = 'associative list with keys may not have non-map elements';

function keyOf(item: JsonObject, key: string, of: ApplyType): unknown {
  const value = Object.hasOwn(item, key) ? item[key] : undefined;
  return value === undefined && of.kind === 'struct' ? of.member(key)?.default : value;
}

function keyed(item: unknown): JsonObject {
  if (item === null || item === undefined) throw new ElementFault(NULL_ELEMENT);
  if (!isJsonObject(item)) throw new ElementFault(NO_MAP);
  return item;
}

function keysOf(item: JsonObject, { keys, of }: ListShape): JsonObject {
  const found: JsonObject = {};
  for (const key of keys) {
    const value = keyOf(item, key, of);
    if (value !== undefined) found[key] = value;
  }
  return found;
}

/** @throws ElementFault where the item is none of such a list. */
export function elementOf(item: unknown, type: ListShape): PathElement {
  if (type.as === 'set') return setElement(item);
  const object = keyed(item);
  const [key = ''] = type.keys;
  // Most lists have one key, which their elements say.
  if (type.keys.length === 1 && Object.hasOwn(object, key)) return orderedKeyElement(object, type.keys);
  const keys = keysOf(object, type);
  if (Object.keys(keys).length > 0) return keyElement(keys);
  const names = type.keys.map((key) => JSON.stringify(key)).join(' ');
  throw new ElementFault(
    `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  );
}

function setElement(item: unknown): PathElement {
  if (item === null || item === undefined)
    throw new ElementFault("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new ElementFault('not supported: associative list with lists as elements');
  if (isJsonObject(item)) throw new ElementFault("associative list without keys has an element that's a map type");
  return valueElement(item);
}

/** The items of a list by what tells them apart, in the order of their first; several where one is there twice. */
export function byElement(items: readonly unknown[], type: ListShape): Map<PathElement, unknown[]> {
  return grouped(
    items,
    items.map((item) => elementOf(item, type)),
  );
}

/** The same where it is known already what tells them apart. */
export function grouped(items: readonly unknown[], elements: readonly PathElement[]): Map<PathElement, unknown[]> {
  const found = new Map<PathElement, unknown[]>();
  for (const [at, element] of elements.entries()) {
    const same = found.get(element);
    if (same) same.push(items[at]);
    else found.set(element, [items[at]]);
  }
  return found;
}
