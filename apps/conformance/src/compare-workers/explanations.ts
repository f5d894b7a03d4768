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

const timing: readonly WorkExplanation[] = [
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
    ours: /last-change-trigger-time|^<absent>$|^\{\}$/,
    theirs: /last-change-trigger-time|^<absent>$|^\{\}$/,
  },
  {
    why: 'Ours looks at a new autoscaler at once, upstream’s after its first period of 15 s: what was not measured yet is told by one only.',
    kind: 'event',
    scenario: /^HorizontalPodAutoscaler: /,
    ours: /did not receive metrics|no metrics returned from resource metrics API|^<absent>$/,
    theirs: /did not receive metrics|no metrics returned from resource metrics API|^<absent>$/,
  },
  {
    why: 'Somebody wrote the Deployment between the look at its scale and the change of it; it was changed a moment later.',
    kind: 'event',
    ours: /FailedRescale: .*the object has been modified|^<absent>$/,
    theirs: /FailedRescale: .*the object has been modified|^<absent>$/,
  },
  {
    why: 'Upstream lists the autoscalers that share Pods in the order of a map in Go, ours by name.',
    scenario: /two of one Deployment$/,
    ours: /controlled by multiple HPAs|^<absent>$/,
    theirs: /controlled by multiple HPAs|^<absent>$/,
  },
  {
    why: 'A budget looks at its Pods while they are being made; whether it finds none at first depends on who was sooner.',
    kind: 'event',
    ours: /Normal NoPods: |^<absent>$/,
    theirs: /Normal NoPods: |^<absent>$/,
  },
  {
    why: 'A claim and its volume are made in one breath; whether the claim is looked at before the volume is known depends on who was sooner.',
    kind: 'event',
    about: /^PersistentVolumeClaim /,
    ours: /ProvisioningFailed: storageclass\.storage\.k8s\.io|^<absent>$/,
    theirs: /ProvisioningFailed: storageclass\.storage\.k8s\.io|^<absent>$/,
  },
];

const words: readonly WorkExplanation[] = [
  {
    why: 'Lists that are empty are written as such by ours; upstream writes none, in protobuf.',
    kind: 'state',
    about: /^EndpointSlice /,
    at: /^(endpoints|ports)$/,
    ours: /^\[\]$/,
    theirs: /^<absent>$/,
  },
  {
    why: 'Where a Pod’s claims do not let it go anywhere, upstream looks at no node and adds what its preemption failed with (`not found`).',
    kind: 'event',
    about: /^Pod /,
    ours: /FailedScheduling: .*(unbound immediate PersistentVolumeClaims|waiting for ephemeral volume controller)|^<absent>$/,
    theirs:
      /FailedScheduling: .*(unbound immediate PersistentVolumeClaims|waiting for ephemeral volume controller)|^<absent>$/,
  },
];

export const explanations: readonly WorkExplanation[] = [...timing, ...words];

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
