import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, ReplicationController } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, createEventRecorder, fromObjects } from '@binnacle/client-controller';
import { splitKey } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromSet } from '@binnacle/machinery-selectors';
import type { ControllerDeps } from '../controller-deps.js';
import { indexByOwner } from '../pods/ownership.js';
import { podEvents } from '../pods/pod-events.js';
import { fromPods } from '../pods/pod-source.js';
import { PodWriter } from '../pods/pod-writer.js';
import { ReplicaSetReconciler, type ReplicaSets } from '../replica-set/replica-set.reconciler.js';
import { fromReplicaSet, toReplicaSet } from './conversion.js';

function replicationControllers({ client, informers }: ControllerDeps): ReplicaSets {
  const informer = informers.for<ReplicationController>(refs.replicationcontrollers);
  const controllers = client.resource<ReplicationController>(refs.replicationcontrollers);
  return {
    get: (key) => {
      const found = informer.get(key);
      return found && toReplicaSet(found);
    },
    fetch: async (ctx, key) => toReplicaSet(await controllers.get(ctx, splitKey(key))),
    related: (set) => [set],
    writeStatus: async (ctx, set: ReplicaSet) => {
      const written = await controllers.updateStatus(ctx, fromReplicaSet(set));
      await informer.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    },
  };
}

/** Behaves as kubernetes pkg/controller/replication: the engine of ReplicaSets with an older kind in front. */
export function replicationControllerController(ctx: Context, deps: ControllerDeps): Controller {
  const pods = deps.informers.for<Pod>(refs.pods);
  indexByOwner(pods);
  const informer = deps.informers.for<ReplicationController>(refs.replicationcontrollers);
  const owners = {
    kind: refs.replicationcontrollers.kind,
    get: (key: string) => informer.get(key),
    list: (namespace?: string) => informer.list(namespace),
    matcher: (controller: ReplicationController) => matcherFromSet(controller.spec?.selector),
  };
  const podClient = deps.client.resource<Pod>(refs.pods);
  const recorder = createEventRecorder(ctx, deps.client, { component: 'replication-controller' });
  return createController({
    name: 'replicationcontroller',
    reconciler: new ReplicaSetReconciler({
      sets: replicationControllers(deps),
      pods,
      podClient,
      writer: new PodWriter(pods, podClient, podEvents(recorder)),
    }),
    sources: [fromObjects(informer), fromPods(pods, owners)],
  });
}
