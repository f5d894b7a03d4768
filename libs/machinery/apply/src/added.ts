import type { JsonObject } from '@binnacle/machinery-patch';
import type { ApplyMember, ApplyType } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { compareElements, memberElement, type PathElement } from './path-element.js';
import {
  asItems,
  asMembers,
  byElement,
  elementOf,
  held,
  knownMember,
  type ListShape,
  type MembersShape,
  shown,
  writtenIn,
} from './walk.js';

/** Elements that stand in order by their texts: told apart by one key, which is a text without anything odd in it. */
const SIMPLE = /^k:\{"\w+":"[\w./:@-]*"\}$/;

function inOrder(elements: PathElement[]): PathElement[] {
  if (elements.length === 1) return elements;
  return elements.every((element) => SIMPLE.test(element)) ? elements.sort() : elements.sort(compareElements);
}

/** Elements that are there twice are owned as a whole. */
function repeatedItems(items: readonly unknown[], type: ListShape): FieldSet {
  const found = [...byElement(items, type)];
  return FieldSet.of(
    true,
    found.map(([element, [item, ...more]]) => [element, more.length > 0 ? FieldSet.self : addedFields(item, type.of)]),
  );
}

function addedItems(value: unknown, type: ListShape): FieldSet {
  const items = asItems(value) ?? [];
  if (type.as === 'atomic' || items.length === 0) return FieldSet.self;
  const found = new Map<PathElement, unknown>();
  for (const item of items) found.set(elementOf(item, type), item);
  if (found.size < items.length) return repeatedItems(items, type);
  const elements = inOrder([...found.keys()]);
  return FieldSet.ordered(
    true,
    elements,
    elements.map((element) => addedFields(found.get(element), type.of)),
  );
}

/** The members that are there, or always written, in order. */
function membersOf(object: JsonObject, type: MembersShape): ApplyMember[] {
  const members: ApplyMember[] = [];
  for (const name in object) if (object[name] !== undefined) members.push(knownMember(type, name));
  for (const member of writtenIn(type)) if (object[member.name] === undefined) members.push(member);
  return members.sort((left, right) => (left.name < right.name ? -1 : 1));
}

function addedMembers(value: unknown, type: MembersShape): FieldSet {
  if (type.atomic) return FieldSet.self;
  const object = asMembers(value) ?? {};
  const members = membersOf(object, type);
  return FieldSet.ordered(
    true,
    members.map(({ name }) => memberElement(name)),
    members.map((member) => addedFields(held(object, member), member.type)),
  );
}

/**
 * The paths of a value that was not there before, its own included.
 * @throws ElementFault where a list that is told apart by keys has an element without them.
 */
export function addedFields(value: unknown, type: ApplyType): FieldSet {
  if (type.kind === 'scalar') return FieldSet.self;
  const is = shown(type, value);
  if (is.kind === 'scalar') return FieldSet.self;
  return is.kind === 'list' ? addedItems(value, is) : addedMembers(value, is);
}
