import type { DaemonSetStatus } from '@binnacle/apis-kubernetes/apps/v1';
import { isPodReady } from '../pods/pod-state.js';
import { type DaemonView, isAvailable, oldestFirst } from './daemons.js';
import { isUpdated } from '@binnacle/apis-kubernetes/apps/v1/daemon-set-reading';

/** The status that describes these daemons: of each node, its oldest. Behaves as kubernetes updateDaemonSetStatus. */
export function daemonSetStatus(view: DaemonView, collisions: number): DaemonSetStatus {
  const { set, hash, nodes } = view;
  const wanted = nodes.filter(({ placement }) => placement === 'run');
  const daemons = wanted.map(({ pods }) => oldestFirst(pods)[0]).filter((pod) => pod !== undefined);
  const available = daemons.filter((pod) => isAvailable(view, pod)).length;
  const { conditions } = set.status ?? {};
  return {
    ...(conditions && { conditions }),
    ...(collisions > 0 && { collisionCount: collisions }),
    observedGeneration: set.metadata.generation,
    desiredNumberScheduled: wanted.length,
    currentNumberScheduled: daemons.length,
    numberMisscheduled: nodes.filter(({ placement, pods }) => placement !== 'run' && pods.length > 0).length,
    numberReady: daemons.filter(isPodReady).length,
    updatedNumberScheduled: daemons.filter((pod) => isUpdated(set, pod, hash)).length,
    numberAvailable: available,
    numberUnavailable: wanted.length - available,
  };
}
