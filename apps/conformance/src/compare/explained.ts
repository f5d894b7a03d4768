import type { Case } from './case.js';
import type { Difference } from './differences.js';
import { type Explanation, explanations } from './explanations.js';

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function fits(explanation: Explanation, { section, resource, name }: Case, difference: Difference): boolean {
  if (explanation.kind && explanation.kind !== difference.kind) return false;
  const told: readonly (readonly [RegExp | undefined, string])[] = [
    [explanation.section, section],
    [explanation.resource, resource],
    [explanation.name, name],
    [explanation.at, difference.at],
    [explanation.ours, shown(difference.ours)],
    [explanation.theirs, shown(difference.theirs)],
  ];
  return told.every(([pattern, text]) => !pattern || pattern.test(text));
}

/** Why this difference is there; undefined where nobody has said. */
export function explanationOf(
  one: Case,
  difference: Difference,
  known: readonly Explanation[] = explanations,
): Explanation | undefined {
  return known.find((explanation) => fits(explanation, one, difference));
}
