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
  {
    why: 'What an autoscaler says of itself goes by when it looked last, and whether the Pods were measured by then.',
    kind: 'state',
    scenario: /^HorizontalPodAutoscaler: (lowers to its most|two of one Deployment)$/,
    about: /^HorizontalPodAutoscaler /,
    at: /^status\.(conditions|currentMetrics|desiredReplicas)/,
  },
  {
    why: 'Of two volumes that are alike either may be given to either claim.',
    kind: 'state',
    scenario: /^StatefulSet: with claims, which stay$/,
    about: /^PersistentVolume/,
    at: /^spec\.(claimRef\.name|volumeName)$/,
  },
  {
    why: 'How many indexes have failed before the Job is seen to have failed too many depends on how fast their Pods fail.',
    scenario: /^Job: gives up at too many indexes$/,
  },
  {
    why: 'Volumes and claim are made in one breath: the claim is given the smallest of those that are there when it is looked at.',
    kind: 'state',
    scenario: /a claim is given the smallest that is enough$/,
  },
];

const OF_CLAIMS =
  /nodes are available: .*(unbound immediate PersistentVolumeClaims|waiting for ephemeral volume controller|persistentvolumeclaim ".*" not found)|^<absent>$/;

const words: readonly WorkExplanation[] = [
  {
    why: 'Upstream puts the ports of a slice in the order of their hashes, ours in that of the Service.',
    kind: 'state',
    scenario: /of ports by name/,
    about: /^EndpointSlice /,
    at: /^ports\[\]\.(name|port|protocol)$/,
  },
  {
    why: 'On the day of the run ours kept in one subset of Endpoints only Pods that have all of its ports; it does as upstream since.',
    kind: 'state',
    scenario: /of ports by name that some do not have$/,
    about: /^Endpoints /,
    at: /^subsets/,
  },
  {
    why: 'On the day of the run ours did not tell that a Pod that was to leave may stay; it does since.',
    kind: 'event',
    scenario: /^taints: that are taken off in time$/,
    theirs: /Cancelling deletion of Pod/,
  },
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
    about: /^Pod /,
    ours: OF_CLAIMS,
    theirs: OF_CLAIMS,
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
