import type { ApplyType } from './apply-type.js';
import type { FieldSet } from './field-set.js';
import { assemble, type Part, partsOf } from './parts.js';

/** True where a path was owned: itself, or, for members of objects, anything below it. */
const wasOwned = (part: Part, last: FieldSet): boolean => {
  const owned = last.child(part.element);
  return owned.member || (part.element.startsWith('f:') && !owned.isEmpty);
};

/**
 * Takes away what `last`, the set the applier owned before, holds and nobody owns any more (`owned` is what all
 * managers own now). A part goes with everything in it, also what the server had filled in.
 */
export function prune(value: unknown, type: ApplyType, last: FieldSet, owned: FieldSet): unknown {
  const parts = last.isEmpty ? undefined : partsOf(value, type);
  if (!parts) return value;
  const kept = parts.filter((part) => !wasOwned(part, last) || !owned.child(part.element).isEmpty);
  const pruned = kept.map((part) => ({
    ...part,
    value: prune(part.value, part.type, last.child(part.element), owned.child(part.element)),
  }));
  return assemble(pruned, type);
}
