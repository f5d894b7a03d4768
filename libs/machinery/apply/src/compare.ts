import { semanticEqual } from '@binnacle/machinery-validation';
import type { ApplyType } from './apply-type.js';
import { FieldSet } from './field-set.js';
import { allFields } from './owned-fields.js';
import { type Part, partsOf } from './parts.js';

/** How a value became another. */
export interface Comparison {
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

const SAME: Comparison = { changed: FieldSet.empty, removed: FieldSet.empty };
const CHANGED: Comparison = { changed: FieldSet.self, removed: FieldSet.empty };

function compareParts(old: readonly Part[], next: readonly Part[]): Comparison {
  const before = new Map(old.map((part) => [part.element, part]));
  const after = new Map(next.map((part) => [part.element, part]));
  const changed: [string, FieldSet][] = [];
  const removed: [string, FieldSet][] = [];
  for (const part of after.values()) {
    const was = before.get(part.element);
    if (!was) {
      changed.push([part.element, allFields(part.value, part.type)]);
      continue;
    }
    const inner = compareValues(was.value, part.value, part.type);
    changed.push([part.element, inner.changed]);
    removed.push([part.element, inner.removed]);
  }
  for (const part of before.values()) {
    if (!after.has(part.element)) removed.push([part.element, allFields(part.value, part.type)]);
  }
  return { changed: FieldSet.of(false, changed), removed: FieldSet.of(false, removed) };
}

/** What was added or changed and what was removed, part by part. */
export function compareValues(old: unknown, next: unknown, type: ApplyType): Comparison {
  const [oldParts, nextParts] = [partsOf(old, type), partsOf(next, type)];
  if (oldParts && nextParts) return compareParts(oldParts, nextParts);
  return semanticEqual(old, next) ? SAME : CHANGED;
}
