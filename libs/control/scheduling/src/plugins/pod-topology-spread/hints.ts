import type { Node, TopologySpreadConstraint } from '@binnacle/apis-kubernetes/core/v1';
import type { EventOf } from '../../framework/cluster-event.js';
import { same } from '../../framework/event-changes.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { type LabelMatcher, labelMatcher } from '../../pod/selectors.js';
import { selectorOf } from './constraints.js';

type Constraints = readonly TopologySpreadConstraint[];

/** One that is going is not counted any more. */
const isCounted = ({ pod }: PodInfo): boolean => pod.metadata.deletionTimestamp === undefined;

function matchersOf(pod: PodInfo, constraints: Constraints): LabelMatcher[] {
  return constraints.map((one) => labelMatcher(selectorOf(pod, one)));
}

function ownChange(constraints: Constraints, { old, current }: EventOf<'Pod'>): boolean {
  const honoursTaints = constraints.some(({ nodeTaintsPolicy }) => nodeTaintsPolicy === 'Honor');
  return (
    (honoursTaints && old?.tolerations.length !== current?.tolerations.length) || !same(old?.labels, current?.labels)
  );
}

/** Another Pod that is counted has come, gone, or is counted otherwise than before. */
export function helpsByPod(pod: PodInfo, constraints: Constraints, event: EventOf<'Pod'>): boolean {
  const { old, current } = event;
  if (old && current?.uid === pod.uid) return ownChange(constraints, event);
  if ((current ?? old)?.namespace !== pod.namespace) return false;
  const counts = (matches: LabelMatcher, other: PodInfo | undefined) =>
    other !== undefined && isCounted(other) && matches(other.labels);
  // One that is gone was counted until a moment ago, or had begun to go: that was told then, and may have been missed.
  if (!current) return matchersOf(pod, constraints).some((matches) => matches(old?.labels ?? {}));
  return matchersOf(pod, constraints).some((matches) => counts(matches, current) !== counts(matches, old));
}

const hasKeys = (node: Node | undefined, constraints: Constraints): boolean =>
  node !== undefined && constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);

/** A node that counts has come, gone, or stands elsewhere than before. */
export function helpsByNode(constraints: Constraints, { old, current }: EventOf<'Node'>): boolean {
  const [before, after] = [hasKeys(old, constraints), hasKeys(current, constraints)];
  if (before !== after || !old || !current) return before !== after;
  if (!after) return false;
  const moved = constraints.some(
    ({ topologyKey: key }) => old.metadata.labels?.[key] !== current.metadata.labels?.[key],
  );
  return (
    moved || !same(old.spec?.taints, current.spec?.taints) || old.spec?.unschedulable !== current.spec?.unschedulable
  );
}
