import { type JsonObject, setMember } from '@binnacle/machinery-patch';
import { type ApplyType, ATOMIC } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { memberElement } from './path-element.js';
import { fieldsOf } from './to-set.js';
import { asItems, asMembers, elementOf, knownMember, type ListShape, type MembersShape, shown } from './walk.js';

function withoutMembers(value: unknown, type: MembersShape, gone: FieldSet): unknown {
  const members = asMembers(value) ?? {};
  const kept: JsonObject = {};
  for (const name of Object.keys(members)) {
    const part = gone.child(memberElement(name));
    if (!part.member) setMember(kept, name, without(members[name], knownMember(type, name).type, part));
  }
  return Object.keys(kept).length > 0 ? kept : null;
}

function withoutItems(value: unknown, type: ListShape, gone: FieldSet): unknown {
  const kept = (asItems(value) ?? []).flatMap((item) => {
    const part = gone.child(elementOf(item, type));
    return part.member ? [] : [without(item, type.of, part)];
  });
  return kept.length > 0 ? kept : null;
}

/** A value without the paths of a set; what is then empty is null. Behaves as structured-merge-diff RemoveItems. */
function without(value: unknown, type: ApplyType, gone: FieldSet): unknown {
  if (gone.elements.length === 0) return value;
  const is = shown(type, value);
  if (is.kind === 'list') return is.as === 'atomic' ? null : withoutItems(value, is, gone);
  if (is.kind === 'scalar') return value;
  return is.atomic ? null : withoutMembers(value, is, gone);
}

function typeAt(type: ApplyType, element: string): ApplyType {
  const is = shown(type, element.startsWith('f:') ? {} : []);
  if (is.kind === 'list') return is.of;
  return is.kind === 'scalar' ? ATOMIC : knownMember(is, element.slice(2)).type;
}

const isNamed = (type: ApplyType, element: string): boolean =>
  type.kind === 'struct' && element.startsWith('f:') && type.member(element.slice(2)) !== undefined;

/** A set with the members that the schema names on the way to its paths. Behaves as EnsureNamedFieldsAreMembers. */
function withNamed(set: FieldSet, type: ApplyType): FieldSet {
  return set.mapChildren(set.member, (child, element) => {
    const inner = withNamed(child, typeAt(type, element));
    return isNamed(type, element) ? inner.union(FieldSet.self) : inner;
  });
}

export interface Ownership {
  /** What the applier owned before. */
  readonly last: FieldSet;
  /** What it owns now. */
  readonly own: FieldSet;
  /** What all managers own now. */
  readonly all: FieldSet;
}

/**
 * Takes away what the applier owned before and nobody owns any more. Behaves as sigs.k8s.io/structured-merge-diff merge
 * prune.
 */
export function prune(merged: unknown, type: ApplyType, { last, own, all }: Ownership): unknown {
  // Who says again all that he said before takes nothing away.
  if (last.difference(own).isEmpty) return merged;
  const named = (set: FieldSet): FieldSet => withNamed(set, type);
  const there = named(fieldsOf(merged, type));
  const before = named(last);
  const pruned = named(fieldsOf(without(merged, type, before), type));
  const kept = without(merged, type, there.difference(pruned.union(named(all))));
  return without(merged, type, there.difference(named(fieldsOf(kept, type))).intersection(before));
}
