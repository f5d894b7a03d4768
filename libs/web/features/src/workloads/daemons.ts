import type { ControllerRevision, DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import { isUpdated, type Obstacle, obstacleOn, targetNode } from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { describeTaint } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import { LABEL_CONTROLLER_REVISION_HASH } from '@binnacle/apis-kubernetes/well-known';
import { compareValues } from '@binnacle/web-ui';

/** A node as a DaemonSet sees it. */
export interface DaemonPlace {
  readonly node: string;
  /** Undefined where there is none. */
  readonly pod: Pod | undefined;
  /** Whether the Pod has the set's template as it is now; undefined where there is no Pod, or it cannot be told. */
  readonly updated: boolean | undefined;
  /** Why the node gets none; undefined where it should have one. */
  readonly obstacle: Obstacle | undefined;
}

const nameOf = ({ metadata }: { metadata: { name?: string | undefined } }): string => metadata.name ?? '';

/** The hash of the set's template as it is now, as the newest of its revisions says. */
export function currentHash(set: DaemonSet, revisions: readonly ControllerRevision[]): string | undefined {
  const own = revisions.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === set.metadata.uid));
  const newest = [...own].sort((a, b) => b.revision - a.revision)[0];
  return newest?.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH];
}

function podsByNode(pods: readonly Pod[]): Map<string, Pod> {
  const found = new Map<string, Pod>();
  for (const pod of pods) {
    const node = targetNode(pod) ?? '';
    const known = found.get(node);
    // While one goes and another comes, the one that comes is told of.
    if (!known || known.metadata.deletionTimestamp) found.set(node, pod);
  }
  return found;
}

/** Those that should have a Pod and have none stand first, those that should not last. */
function rank({ pod, obstacle }: DaemonPlace): number {
  if (obstacle) return pod ? 1 : 3;
  return pod ? 2 : 0;
}

/** Every node with the Pod the set has there, or why it has none. */
export function daemonPlaces(
  set: DaemonSet,
  nodes: readonly Node[],
  pods: readonly Pod[],
  hash: string | undefined,
): DaemonPlace[] {
  const found = podsByNode(pods);
  const places = nodes.map((node) => {
    const pod = found.get(nameOf(node));
    const updated = pod && hash !== undefined ? isUpdated(set, pod, hash) : undefined;
    return { node: nameOf(node), pod, updated, obstacle: obstacleOn(set, node) };
  });
  return places.sort((a, b) => rank(a) - rank(b) || compareValues(a.node, b.node));
}

/** A taint as it is written: `key=value:Effect`. */
export function obstacleTaint(obstacle: Obstacle): string {
  return obstacle.kind === 'taint' ? `${describeTaint(obstacle.taint)} ${obstacle.taint.effect}` : '';
}
