import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { PodInfo } from '../pod/pod-info.js';
import type { ActionType } from './cluster-event.js';

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const isUncordoned = (next: Node, old: Node): boolean =>
  (old.spec?.unschedulable ?? false) && !(next.spec?.unschedulable ?? false);

/** What of a node has changed that a rule looks at. Behaves as kubernetes NodeSchedulingPropertiesChange. */
export function nodeActions(next: Node, old: Node): ActionType[] {
  const changes: ReadonlyArray<readonly [ActionType, boolean]> = [
    ['UpdateNodeAllocatable', !same(next.status?.allocatable, old.status?.allocatable)],
    ['UpdateNodeLabel', !same(next.metadata.labels, old.metadata.labels)],
    ['UpdateNodeTaint', !same(next.spec?.taints, old.spec?.taints) || isUncordoned(next, old)],
    ['UpdateNodeDeclaredFeature', !same(next.status?.declaredFeatures, old.status?.declaredFeatures)],
  ];
  return changes.flatMap(([action, changed]) => (changed ? [action] : []));
}

const isScaledDown = (next: PodInfo, old: PodInfo): boolean =>
  next.requests !== old.requests && [...old.requests].some(([name, amount]) => amount > (next.requests.get(name) ?? 0));

const gatesOf = ({ pod }: PodInfo): number => pod.spec?.schedulingGates?.length ?? 0;

const claimsOf = ({ pod: { status } }: PodInfo): unknown => [
  status?.resourceClaimStatuses,
  status?.extendedResourceClaimStatus,
];

/**
 * What of a Pod has changed that a rule looks at; `Update` where it is something else. Its group changes with its labels, and when
 * it begins to end. Behaves as kubernetes PodSchedulingPropertiesChange.
 */
export function podActions(next: PodInfo, old: PodInfo): ActionType[] {
  const changes: ReadonlyArray<readonly [ActionType, boolean]> = [
    ['UpdatePodLabel', next.group !== old.group],
    ['UpdatePodScaleDown', isScaledDown(next, old)],
    ['UpdatePodSchedulingGatesEliminated', gatesOf(next) === 0 && gatesOf(old) > 0],
    ['UpdatePodToleration', next.tolerations.length !== old.tolerations.length],
    ['UpdatePodGeneratedResourceClaim', !same(claimsOf(next), claimsOf(old))],
  ];
  const found = changes.flatMap(([action, changed]) => (changed ? [action] : []));
  return found.length > 0 ? found : ['Update'];
}

/** What a scheduler says of a Pod itself, or somebody else of how it fares, changes nothing about where it may go. */
const asked = ({ pod: { metadata, spec } }: PodInfo) => [
  metadata.labels,
  metadata.annotations,
  metadata.deletionTimestamp,
  spec,
];

/** What has changed of a Pod that waits, which may let it be scheduled. */
export function waitingPodActions(next: PodInfo, old: PodInfo): ActionType[] {
  const found = podActions(next, old);
  return found[0] === 'Update' && same(asked(next), asked(old)) ? [] : found;
}
