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

const TRIGGER = /^(<time>|\{"endpoints\.kubernetes\.io\/last-change-trigger-time":"<time>"\}|<absent>)$/;

export const explanations: readonly WorkExplanation[] = [
  {
    why: 'How often a slice was written depends on how many Pods changed between two looks at them; how it ends does not.',
    kind: 'state',
    about: /^EndpointSlice /,
    at: /^metadata\.generation$/,
  },
  {
    why: 'Whether the last write of a slice had a cause with a time (a Pod that became ready) depends on what was written before it.',
    kind: 'state',
    about: /^(EndpointSlice|Endpoints) /,
    at: /^metadata\.annotations/,
    ours: TRIGGER,
    theirs: TRIGGER,
  },
  {
    why: 'Upstream learns what an autoscaler selects when it looks at it: the one it looks at first has reckoned once, and says so, before the other is known.',
    kind: 'state',
    scenario: /two of one Deployment$/,
    about: /^HorizontalPodAutoscaler /,
    at: /^status\.(conditions|currentMetrics|desiredReplicas)$/,
    ours: /AmbiguousSelector|^<absent>$|^0$/,
    theirs: /AmbiguousSelector|^<metrics>$|^1$/,
  },
  {
    why: 'Lists that are empty are written as such by ours; upstream writes none, in protobuf.',
    kind: 'state',
    about: /^EndpointSlice /,
    at: /^(endpoints|ports)$/,
    ours: /^\[\]$/,
    theirs: /^<absent>$/,
  },
];

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
