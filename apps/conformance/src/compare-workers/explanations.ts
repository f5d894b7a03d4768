import type { WorkDifference } from './differences.js';
import type { Scenario } from './scenario.js';

/** Why a difference stays. Everything that is said of it has to be so. */
export interface WorkExplanation {
  readonly why: string;
  readonly kind?: WorkDifference['kind'];
  /** Of the scenario's field and name, joined by a colon and a space. */
  readonly scenario?: RegExp;
  readonly about?: RegExp;
  readonly at?: RegExp;
  readonly ours?: RegExp;
  readonly theirs?: RegExp;
}

export const explanations: readonly WorkExplanation[] = [];

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

function fits(explanation: WorkExplanation, { field, name }: Scenario, difference: WorkDifference): boolean {
  if (explanation.kind && explanation.kind !== difference.kind) return false;
  const told: readonly (readonly [RegExp | undefined, string])[] = [
    [explanation.scenario, `${field}: ${name}`],
    [explanation.about, difference.about],
    [explanation.at, difference.at],
    [explanation.ours, shown(difference.ours)],
    [explanation.theirs, shown(difference.theirs)],
  ];
  return told.every(([pattern, text]) => !pattern || pattern.test(text));
}

/** Why this difference is there; undefined where nobody has said. */
export function explanationOf(
  scenario: Scenario,
  difference: WorkDifference,
  known: readonly WorkExplanation[] = explanations,
): WorkExplanation | undefined {
  return known.find((explanation) => fits(explanation, scenario, difference));
}
