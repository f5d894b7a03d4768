import type { StatefulSetStatus } from '@binnacle/apis-kubernetes/apps/v1';
import { isPodAvailable } from '../pods/pod-state.js';
import { ordinalOf, wantedReplicas } from './identity.js';
import { isRunningAndReady, type SetView } from './plan.js';
import { podRevision } from './pod-of.js';

type Counts = Required<
  Pick<StatefulSetStatus, 'replicas' | 'readyReplicas' | 'availableReplicas' | 'currentReplicas' | 'updatedReplicas'>
>;

function counts({ set, current, update, pods, now }: SetView, renewed: number): Counts {
  const members = pods.filter((pod) => ordinalOf(pod) >= 0 && pod.status?.phase);
  const staying = members.filter(({ metadata }) => !metadata.deletionTimestamp);
  const ready = members.filter(isRunningAndReady);
  const of = (name: string | undefined) => staying.filter((pod) => podRevision(pod) === name).length;
  const minReady = set.spec?.minReadySeconds ?? 0;
  return {
    replicas: members.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isPodAvailable(pod, minReady, now)).length,
    currentReplicas: of(current.metadata.name) - renewed,
    updatedReplicas: of(update.metadata.name),
  };
}

function isComplete({ set }: SetView, { replicas, readyReplicas, updatedReplicas }: Counts): boolean {
  const wanted = wantedReplicas(set);
  const rolling = set.spec?.updateStrategy?.type === 'RollingUpdate';
  return rolling && [replicas, readyReplicas, updatedReplicas].every((count) => count === wanted);
}

/**
 * The status that describes what was found, `renewed` Pods deleted since for the update. Behaves as kubernetes
 * updateStatus and completeRollingUpdate.
 */
export function statefulSetStatus(view: SetView, collisionCount: number, renewed: number): StatefulSetStatus {
  const { set, current, update } = view;
  const counted = counts(view, renewed);
  const complete = isComplete(view, counted);
  return {
    ...(set.status?.conditions && { conditions: set.status.conditions }),
    observedGeneration: set.metadata.generation,
    ...counted,
    ...(complete && { currentReplicas: counted.updatedReplicas }),
    currentRevision: (complete ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount,
  };
}
