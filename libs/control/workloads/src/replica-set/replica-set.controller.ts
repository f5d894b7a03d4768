import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, createEventRecorder, fromObjects } from '@binnacle/client-controller';
import { splitKey } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { controllerOf } from '@binnacle/machinery-meta';
import type { ControllerDeps } from '../controller-deps.js';
import { controlledBy, indexByOwner } from '../pods/ownership.js';
import { podEvents } from '../pods/pod-events.js';
import { fromPods, ownersOf } from '../pods/pod-source.js';
import { PodWriter } from '../pods/pod-writer.js';
import { ReplicaSetReconciler, type ReplicaSets } from './replica-set.reconciler.js';

function replicaSets({ client, informers }: ControllerDeps): ReplicaSets {
  const informer = informers.for<ReplicaSet>(refs.replicasets);
  const sets = client.resource<ReplicaSet>(refs.replicasets);
  indexByOwner(informer);
  return {
    get: (key) => informer.get(key),
    fetch: (ctx, key) => sets.get(ctx, splitKey(key)),
    related: (set) => {
      const owner = controllerOf(set);
      return owner ? controlledBy(informer, owner.uid) : [set];
    },
    writeStatus: async (ctx, set) => {
      const written = await sets.updateStatus(ctx, set);
      await informer.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    },
  };
}

export function replicaSetController(ctx: Context, deps: ControllerDeps): Controller {
  const pods = deps.informers.for<Pod>(refs.pods);
  indexByOwner(pods);
  const informer = deps.informers.for<ReplicaSet>(refs.replicasets);
  const podClient = deps.client.resource<Pod>(refs.pods);
  const recorder = createEventRecorder(ctx, deps.client, { component: 'replicaset-controller' });
  return createController({
    name: 'replicaset',
    reconciler: new ReplicaSetReconciler({
      sets: replicaSets(deps),
      pods,
      podClient,
      writer: new PodWriter(pods, podClient, podEvents(recorder)),
    }),
    sources: [fromObjects(informer), fromPods(pods, ownersOf(refs.replicasets.kind, informer))],
  });
}
