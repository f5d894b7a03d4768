import type { ApplyType } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { isListType, type Part, partsOf } from './parts.js';
import { printElement } from './path-element.js';

const childrenOf = (parts: readonly Part[], keyed: boolean) =>
  parts.map(({ element, value, type }) => {
    const owned = ownedFields(value, type);
    // An element of a list is owned itself beside its members, so that it goes when its owner leaves it out.
    return [element, keyed ? owned.union(FieldSet.self) : owned] as const;
  });

/** The paths a configuration that says this value owns. */
export function ownedFields(value: unknown, type: ApplyType): FieldSet {
  const parts = partsOf(value, type);
  if (parts === undefined || parts.length === 0) return FieldSet.self;
  return FieldSet.of(false, childrenOf(parts, isListType(type)));
}

/** Every path there is in a value, parents included. */
export function allFields(value: unknown, type: ApplyType): FieldSet {
  const parts = partsOf(value, type) ?? [];
  return FieldSet.of(
    true,
    parts.map((part) => [part.element, allFields(part.value, part.type)] as const),
  );
}

/**
 * A configuration may name each element of a list once.
 * @throws what `refuse` makes of upstream's words.
 */
export function refuseRepeatedElements(
  value: unknown,
  type: ApplyType,
  refuse: (why: string) => Error,
  path = '',
): void {
  const seen = new Set<string>();
  for (const part of partsOf(value, type) ?? []) {
    if (seen.has(part.element)) throw refuse(`${path}: duplicate entries for key ${printElement(part.element)}`);
    seen.add(part.element);
    refuseRepeatedElements(part.value, part.type, refuse, path + printElement(part.element));
  }
}
