import type { Deployment, ReplicaSet, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, ReplicationController } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import { controllerOf, type OwnerReference } from '@binnacle/machinery-meta';

export interface Workloads {
  readonly deployments: Lister<Deployment>;
  readonly replicaSets: Lister<ReplicaSet>;
  readonly replicationControllers: Lister<ReplicationController>;
  readonly statefulSets: Lister<StatefulSet>;
}

interface Scaled {
  readonly uid: string;
  readonly replicas: number;
}

function scaled(
  object: { metadata: { uid?: string }; spec?: { replicas?: number } } | undefined,
  uid: string,
): Scaled | undefined {
  return object?.metadata.uid === uid ? { uid, replicas: object.spec?.replicas ?? 1 } : undefined;
}

/** A ReplicaSet of a Deployment wants what the Deployment wants. */
function ofReplicaSet(workloads: Workloads, namespace: string, { name, uid }: OwnerReference): Scaled | undefined {
  const set = workloads.replicaSets.get(`${namespace}/${name}`);
  const owner = set && set.metadata.uid === uid ? controllerOf(set) : undefined;
  if (owner?.kind !== 'Deployment') return scaled(set, uid);
  return scaled(workloads.deployments.get(`${namespace}/${owner.name}`), owner.uid);
}

function scaleOf(workloads: Workloads, pod: Pod): Scaled | undefined {
  const owner = controllerOf(pod);
  const namespace = pod.metadata.namespace ?? '';
  if (owner?.kind === 'ReplicaSet') return ofReplicaSet(workloads, namespace, owner);
  if (owner?.kind === 'StatefulSet') return scaled(workloads.statefulSets.get(`${namespace}/${owner.name}`), owner.uid);
  if (owner?.kind !== 'ReplicationController') return undefined;
  return scaled(workloads.replicationControllers.get(`${namespace}/${owner.name}`), owner.uid);
}

/** How many Pods the controllers of some Pods want together. */
export interface TotalScale {
  readonly replicas: number;
  /** Whether some of the Pods are nobody's, of which nobody says how many there should be. */
  readonly hasUnmanaged: boolean;
  /** The name of a Pod whose controller is none that can be scaled; nothing can be computed then. */
  readonly unknown?: string;
}

/** Behaves as kubernetes pkg/controller/disruption getExpectedScale. */
export function totalScale(workloads: Workloads, pods: readonly Pod[]): TotalScale {
  const controllers = new Map<string, number>();
  const managed = pods.filter((pod) => controllerOf(pod));
  const hasUnmanaged = managed.length < pods.length;
  for (const pod of managed) {
    const found = scaleOf(workloads, pod);
    if (!found) return { replicas: 0, hasUnmanaged, unknown: pod.metadata.name ?? '' };
    controllers.set(found.uid, found.replicas);
  }
  return { replicas: [...controllers.values()].reduce((sum, replicas) => sum + replicas, 0), hasUnmanaged };
}
