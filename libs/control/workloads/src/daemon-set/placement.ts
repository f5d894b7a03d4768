import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { isTolerated, requiredNodes } from '@binnacle/control-scheduling';
import { daemonTolerations } from './pod-of.js';

/** What a set wants of a node: a daemon; to keep one that is there; none. */
export type Placement = 'run' | 'stay' | 'leave';

/** Behaves as kubernetes NodeShouldRunDaemonPod. */
export function placementOn(set: DaemonSet, node: Node): Placement {
  const spec = set.spec?.template.spec;
  if (spec?.nodeName && spec.nodeName !== node.metadata.name) return 'leave';
  if (requiredNodes(spec)?.(node) === false) return 'leave';
  const tolerations = daemonTolerations(spec);
  const refused = (node.spec?.taints ?? []).filter((taint) => !isTolerated(taint, tolerations));
  if (refused.some(({ effect }) => effect === 'NoExecute')) return 'leave';
  return refused.some(({ effect }) => effect === 'NoSchedule') ? 'stay' : 'run';
}
