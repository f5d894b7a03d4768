import type { ApplyType } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { memberElement } from './path-element.js';
import { asItems, asMembers, byElement, type ListShape, memberOf, type MembersShape, shown } from './walk.js';

function itemsSet(value: unknown, type: ListShape): FieldSet {
  if (type.as === 'atomic') return FieldSet.self;
  const items = byElement(asItems(value) ?? [], type);
  // An element is owned itself beside its members, so that it goes when its owner leaves it out.
  return FieldSet.of(
    false,
    [...items].map(([element, [item, ...more]]) => [
      element,
      more.length > 0 ? FieldSet.self : fieldsOf(item, type.of).union(FieldSet.self),
    ]),
  );
}

const isNothing = (value: unknown): boolean => {
  const members = asMembers(value);
  return value === null || (members !== undefined && Object.keys(members).length === 0);
};

function membersSet(value: unknown, type: MembersShape): FieldSet {
  if (type.atomic) return FieldSet.self;
  const members = asMembers(value) ?? {};
  return FieldSet.of(
    false,
    Object.keys(members).map((name) => {
      const member = memberOf(type, name);
      const isNamed = type.kind === 'struct' && type.member(name) !== undefined;
      const fields = member ? fieldsOf(members[name], member.type) : FieldSet.self;
      return [memberElement(name), isNamed && !isNothing(members[name]) ? fields : fields.union(FieldSet.self)];
    }),
  );
}

/**
 * The paths that whoever says this value owns. Behaves as sigs.k8s.io/structured-merge-diff typed ToFieldSet.
 * @throws ElementFault where a list that is told apart by keys has an element without them.
 */
export function fieldsOf(value: unknown, type: ApplyType): FieldSet {
  const is = shown(type, value);
  if (is.kind === 'scalar') return FieldSet.self;
  return is.kind === 'list' ? itemsSet(value, is) : membersSet(value, is);
}
