import { requiredNodes } from '../../../core/v1/node-reading/node-selection.js';
import { isTolerated } from '../../../core/v1/node-reading/taints.js';
import type { Node, Taint } from '../../../core/v1/index.js';
import type { DaemonSet } from '../index.js';
import { daemonTolerations } from './tolerations.js';

/** What a set wants of a node: a daemon; to keep one that is there; none. */
export type Placement = 'run' | 'stay' | 'leave';

/** Why a node gets no daemon: the set names another, its selector or affinity does not fit, or a taint is not tolerated. */
export type Obstacle = { readonly kind: 'name' | 'selector' } | { readonly kind: 'taint'; readonly taint: Taint };

/** What keeps the set's daemons from a node; undefined where nothing does. A taint that drives them out before one that only keeps new ones away. */
export function obstacleOn(set: DaemonSet, node: Node): Obstacle | undefined {
  const spec = set.spec?.template.spec;
  if (spec?.nodeName && spec.nodeName !== node.metadata.name) return { kind: 'name' };
  if (requiredNodes(spec)?.(node) === false) return { kind: 'selector' };
  const tolerations = daemonTolerations(spec);
  const refused = (node.spec?.taints ?? []).filter((taint) => !isTolerated(taint, tolerations));
  const taint =
    refused.find(({ effect }) => effect === 'NoExecute') ?? refused.find(({ effect }) => effect === 'NoSchedule');
  return taint && { kind: 'taint', taint };
}

/** Behaves as kubernetes NodeShouldRunDaemonPod. */
export function placementOn(set: DaemonSet, node: Node): Placement {
  const obstacle = obstacleOn(set, node);
  if (!obstacle) return 'run';
  return obstacle.kind === 'taint' && obstacle.taint.effect === 'NoSchedule' ? 'stay' : 'leave';
}
