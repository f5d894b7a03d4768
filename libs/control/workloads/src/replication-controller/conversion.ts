import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { ReplicationController } from '@binnacle/apis-kubernetes/core/v1';

/** Seen as a ReplicaSet. Kind and apiVersion stay, so that owner references and events name what it is. */
export function toReplicaSet(controller: ReplicationController): ReplicaSet {
  const { spec, ...rest } = controller;
  return {
    ...rest,
    spec: {
      ...spec,
      selector: { matchLabels: spec?.selector ?? spec?.template?.metadata?.labels ?? {} },
    },
  };
}

/** The ReplicationController again, with the status of the ReplicaSet that it has fields for. */
export function fromReplicaSet(set: ReplicaSet): ReplicationController {
  const { spec, status, ...rest } = set;
  const { terminatingReplicas: _, ...known } = status ?? { replicas: 0 };
  return { ...rest, spec: { ...spec, selector: spec?.selector.matchLabels }, status: known };
}
