import { equalJson, type JsonObject } from '@binnacle/machinery-patch';
import { addedFields } from './added.js';
import type { ApplyMember, ApplyType } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { memberElement, type PathElement } from './path-element.js';
import {
  asItems,
  asMembers,
  byElement,
  held,
  knownMember,
  type ListShape,
  type MembersShape,
  shown,
  type ShownType,
  writtenIn,
} from './walk.js';

/** How a value became another. */
export interface Comparison {
  /** What was added or changed. */
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const SAME: Comparison = { changed: FieldSet.empty, removed: FieldSet.empty };
const CHANGED: Comparison = { changed: FieldSet.self, removed: FieldSet.empty };

/** Gathers what became of the parts of a value. */
class Draft {
  private readonly changed: [PathElement, FieldSet][] = [];
  private readonly removed: [PathElement, FieldSet][] = [];

  add(element: PathElement, { changed, removed }: Comparison): void {
    if (!changed.isEmpty) this.changed.push([element, changed]);
    if (!removed.isEmpty) this.removed.push([element, removed]);
  }

  result(): Comparison {
    if (this.changed.length + this.removed.length === 0) return SAME;
    return { changed: FieldSet.of(false, this.changed), removed: FieldSet.of(false, this.removed) };
  }
}

const compareLeaves = (old: unknown, next: unknown): Comparison => (equalJson(old, next) ? SAME : CHANGED);

function compareMember(draft: Draft, member: ApplyMember, old?: JsonObject, next?: JsonObject): void {
  const [before, after] = [held(old, member), held(next, member)];
  if (before === after) return;
  draft.add(memberElement(member.name), compareValues(before, after, member.type));
}

const lacks = (object: JsonObject | undefined, name: string): boolean =>
  object === undefined || !Object.hasOwn(object, name);

const hasNone = (object: JsonObject | undefined, type: MembersShape): boolean =>
  object === undefined || (Object.keys(object).length === 0 && writtenIn(type).length === 0);

function compareMembers(old: unknown, next: unknown, type: MembersShape): Comparison {
  const [before, after] = [asMembers(old), asMembers(next)];
  if (type.atomic || (hasNone(before, type) && hasNone(after, type))) return compareLeaves(old, next);
  const draft = new Draft();
  for (const name in after) {
    if (before?.[name] !== after[name]) compareMember(draft, knownMember(type, name), before, after);
  }
  for (const name in before) if (lacks(after, name)) compareMember(draft, knownMember(type, name), before, after);
  if (!before || !after) compareUnsaid(draft, type, before, after);
  return draft.result();
}

/** What is always written comes and goes with the object it is in. */
function compareUnsaid(draft: Draft, type: MembersShape, old?: JsonObject, next?: JsonObject): void {
  for (const member of writtenIn(type)) {
    if (lacks(old, member.name) && lacks(next, member.name)) compareMember(draft, member, old, next);
  }
}

/** Elements that are there twice are owned as a whole. */
function compareRepeated(old: readonly unknown[], next: readonly unknown[], type: ApplyType): Comparison {
  if (old.length > 1 && next.length > 1) return equalJson(old, next) ? SAME : CHANGED;
  const { changed, removed } =
    old.length > 1 ? compareValues(undefined, next[0], type) : compareValues(old[0], undefined, type);
  return old.length > 1
    ? { changed, removed: removed.union(FieldSet.self) }
    : { changed: changed.union(FieldSet.self), removed };
}

function compareElements(old: readonly unknown[], next: readonly unknown[], type: ApplyType): Comparison {
  if (old.length <= 1 && next.length <= 1) return compareValues(old[0], next[0], type);
  return compareRepeated(old, next, type);
}

function compareItems(old: unknown, next: unknown, type: ListShape): Comparison {
  const [before = [], after = []] = [asItems(old), asItems(next)];
  if (type.as === 'atomic' || before.length + after.length === 0) return compareLeaves(old, next);
  // Most lists are as they were, and need no look at what tells their elements apart.
  if (equalJson(before, after)) return SAME;
  const [were, are] = [byElement(before, type), byElement(after, type)];
  const draft = new Draft();
  for (const [element, items] of are) draft.add(element, compareElements(were.get(element) ?? [], items, type.of));
  for (const [element, items] of were) {
    if (!are.has(element)) draft.add(element, compareElements(items, [], type.of));
  }
  return draft.result();
}

function compareAs(old: unknown, next: unknown, type: ShownType): Comparison {
  switch (type.kind) {
    case 'scalar':
      return compareLeaves(old, next);
    case 'list':
      return compareItems(old, next, type);
    default:
      return compareMembers(old, next, type);
  }
}

function both(left: Comparison, right: Comparison): Comparison {
  return { changed: left.changed.union(right.changed), removed: left.removed.union(right.removed) };
}

/**
 * What was added or changed and what was removed, part by part; undefined is nothing at all. Behaves as
 * sigs.k8s.io/structured-merge-diff typed Compare.
 * @throws ElementFault where a list that is told apart by keys has an element without them.
 */
export function compareValues(old: unknown, next: unknown, type: ApplyType): Comparison {
  if (old === next) return SAME;
  if (old === undefined) return { changed: addedFields(next, type), removed: FieldSet.empty };
  if (next === undefined) return { changed: FieldSet.empty, removed: addedFields(old, type) };
  if (type.kind !== 'any') return compareAs(old, next, type);
  const [was, is] = [shown(type, old), shown(type, next)];
  if (was.kind === is.kind) return compareAs(old, next, is);
  return both(compareAs(old, next, was), compareAs(old, next, is));
}
