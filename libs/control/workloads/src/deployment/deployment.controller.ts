import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  fromChanges,
  fromObjects,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { controllerOf } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { ControllerDeps } from '../controller-deps.js';
import { indexByOwner } from '../pods/ownership.js';
import { DeploymentReconciler } from './deployment.reconciler.js';
import { deploymentEvents } from './events.js';
import { isRolling } from './limits.js';
import { SetWriter } from './set-writer.js';

function ownerKey(set: ReplicaSet): string | undefined {
  const owner = controllerOf(set);
  return owner?.kind === refs.deployments.kind ? `${set.metadata.namespace}/${owner.name}` : undefined;
}

/** A ReplicaSet wakes its Deployment; an orphan wakes those who might adopt it. */
function fromSets(sets: SharedInformer<ReplicaSet>, deployments: SharedInformer<Deployment>): Source {
  return fromChanges(sets, (set, old, enqueue, deleted) => {
    const before = old && ownerKey(old);
    const key = ownerKey(set);
    if (before && before !== key) enqueue(before);
    if (key) return enqueue(key);
    if (deleted || controllerOf(set)) return;
    for (const deployment of deployments.list(set.metadata.namespace)) {
      const matcher = matcherFromLabelSelector(deployment.spec?.selector);
      if (matcher.matches(set.metadata.labels)) enqueue(keyOf(deployment));
    }
  });
}

/** Recreate waits for the last old Pod to go, and only that. */
function fromPods(
  pods: SharedInformer<Pod>,
  sets: SharedInformer<ReplicaSet>,
  deployments: SharedInformer<Deployment>,
): Source {
  return fromChanges(pods, (pod, _, enqueue, deleted) => {
    const owner = deleted ? controllerOf(pod) : undefined;
    const set = owner?.kind === 'ReplicaSet' ? sets.get(`${pod.metadata.namespace}/${owner.name}`) : undefined;
    const key = set && ownerKey(set);
    const deployment = key && deployments.get(key);
    if (deployment && !isRolling(deployment)) enqueue(key);
  });
}

export function deploymentController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const deployments = informers.for<Deployment>(refs.deployments);
  const sets = informers.for<ReplicaSet>(refs.replicasets);
  const pods = informers.for<Pod>(refs.pods);
  indexByOwner(sets);
  indexByOwner(pods);
  const setClient = client.resource<ReplicaSet>(refs.replicasets);
  const events = deploymentEvents(createEventRecorder(ctx, client, { component: 'deployment-controller' }));
  const reconciler = new DeploymentReconciler({
    deployments,
    client: client.resource<Deployment>(refs.deployments),
    sets,
    setClient,
    writer: new SetWriter(setClient, sets, events),
    pods,
    events,
  });
  const sources = [fromObjects(deployments), fromSets(sets, deployments), fromPods(pods, sets, deployments)];
  return createController({ name: 'deployment', reconciler, sources });
}
