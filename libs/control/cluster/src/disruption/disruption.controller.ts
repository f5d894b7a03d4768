import type { Deployment, ReplicaSet, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, ReplicationController } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  type Enqueue,
  fromChanges,
  fromObjects,
} from '@binnacle/client-controller';
import { keyOf, type Lister } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { DisruptionReconciler } from './disruption.reconciler.js';

const GATHER_MILLISECONDS = 20;

function wakeBudgets(budgets: Lister<PodDisruptionBudget>, pod: Pod, enqueue: Enqueue): void {
  for (const budget of budgets.list(pod.metadata.namespace)) {
    const matcher = matcherFromLabelSelector(budget.spec?.selector);
    if (matcher.matches(pod.metadata.labels)) enqueue.after(keyOf(budget), GATHER_MILLISECONDS);
  }
}

/** A workload that is scaled changes what is expected of every budget near it. */
function wakeNamespace(budgets: Lister<PodDisruptionBudget>) {
  return (object: KubeObject & { spec?: { replicas?: number } }, old: typeof object | undefined, enqueue: Enqueue) => {
    if (old && old.spec?.replicas === object.spec?.replicas) return;
    for (const budget of budgets.list(object.metadata.namespace)) enqueue.after(keyOf(budget), GATHER_MILLISECONDS);
  };
}

export function disruptionController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const budgets = informers.for<PodDisruptionBudget>(refs.poddisruptionbudgets);
  const pods = informers.for<Pod>(refs.pods);
  const deployments = informers.for<Deployment>(refs.deployments);
  const replicaSets = informers.for<ReplicaSet>(refs.replicasets);
  const replicationControllers = informers.for<ReplicationController>(refs.replicationcontrollers);
  const statefulSets = informers.for<StatefulSet>(refs.statefulsets);
  const recorder = createEventRecorder(ctx, client, { component: 'controllermanager' });
  const reconciler = new DisruptionReconciler({
    budgets,
    client: client.resource<PodDisruptionBudget>(refs.poddisruptionbudgets),
    pods,
    workloads: { deployments, replicaSets, replicationControllers, statefulSets },
    recorder,
  });
  const podSource = fromChanges(pods, (pod, old, enqueue) => {
    wakeBudgets(budgets, pod, enqueue);
    if (old && old.metadata.labels !== pod.metadata.labels) wakeBudgets(budgets, old, enqueue);
  });
  const workloadSources = [
    fromChanges(deployments, wakeNamespace(budgets)),
    fromChanges(replicaSets, wakeNamespace(budgets)),
    fromChanges(replicationControllers, wakeNamespace(budgets)),
    fromChanges(statefulSets, wakeNamespace(budgets)),
  ];
  return createController({
    name: 'disruption',
    reconciler,
    sources: [fromObjects(budgets), podSource, ...workloadSources],
  });
}
