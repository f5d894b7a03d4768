import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Ended } from './plan.js';

export interface DaemonSetEvents {
  ended(set: DaemonSet, ended: Ended): void;
  selectsEverything(set: DaemonSet): void;
}

export function daemonSetEvents(recorder: EventRecorder): DaemonSetEvents {
  return {
    ended: (set, { node, pod }) => {
      const about = `daemon pod ${pod.metadata.namespace}/${pod.metadata.name} on node ${node}`;
      if (pod.status?.phase === 'Failed') {
        recorder.event(set, 'Warning', 'FailedDaemonPod', `Found failed ${about}, will try to kill it`);
      } else recorder.event(set, 'Normal', 'SucceededDaemonPod', `Found succeeded ${about}, will try to delete it`);
    },
    selectsEverything: (set) => {
      const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
      recorder.event(set, 'Warning', 'SelectingAll', message);
    },
  };
}
