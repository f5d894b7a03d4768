import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, ReplicationController, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { durationMilliseconds } from '../configuration/duration.js';
import type { DefaultPreemptionArgs, KubeSchedulerProfile } from '../configuration/types.js';
import type { Handle } from '../framework/handle.js';
import { plugin, type Registry } from '../framework/registry.js';
import { defaultBinder } from './default-binder/default-binder.js';
import { DefaultPreemption } from './default-preemption/default-preemption.js';
import { PreemptionExecutor } from './default-preemption/executor.js';
import { createDynamicResources, deviceResources } from './dynamic-resources/device-source.js';
import { imageLocality } from './image-locality/image-locality.js';
import { interPodAffinity } from './inter-pod-affinity/inter-pod-affinity.js';
import { nodeAffinity } from './node-affinity/node-affinity.js';
import { nodeDeclaredFeatures } from './node-declared-features/node-declared-features.js';
import { nodeName } from './node-name/node-name.js';
import { nodePorts } from './node-ports/node-ports.js';
import { nodeResourcesBalancedAllocation } from './node-resources/balanced-allocation.js';
import { nodeResourcesFit } from './node-resources/fit.js';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.js';
import { defaultSelector } from './pod-topology-spread/default-selector.js';
import { podTopologySpread } from './pod-topology-spread/pod-topology-spread.js';
import { prioritySort } from './priority-sort/priority-sort.js';
import { schedulingGates } from './scheduling-gates/scheduling-gates.js';
import { taintToleration } from './taint-toleration/taint-toleration.js';
import { nodeVolumeLimits } from './volumes/node-volume-limits.js';
import { storageView, volumeWriter } from './volumes/storage-source.js';
import { VolumeBinding } from './volumes/volume-binding.js';
import { volumeRestrictions } from './volumes/volume-restrictions.js';
import { volumeZone } from './volumes/volume-zone.js';

function createPreemption(handle: Handle, args: DefaultPreemptionArgs): DefaultPreemption {
  const { client, informers, shared } = handle;
  const budgets = informers.for<PodDisruptionBudget>(refs.poddisruptionbudgets);
  const budgetsOf = (namespace: string) => budgets.list(namespace);
  const view = () => ({ cluster: shared.cluster, filters: handle.framework().filters, budgetsOf });
  const executor = new PreemptionExecutor(client.resource<Pod>(refs.pods), handle);
  return new DefaultPreemption(args, view, executor, shared.instruments);
}

function createSpread({ informers }: Handle, { args }: KubeSchedulerProfile) {
  const selector = defaultSelector({
    services: informers.for<Service>(refs.services),
    replicaSets: informers.for<ReplicaSet>(refs.replicasets),
    replicationControllers: informers.for<ReplicationController>(refs.replicationcontrollers),
  });
  return podTopologySpread(args.PodTopologySpread, selector);
}

function createVolumeBinding(handle: Handle, { args }: KubeSchedulerProfile): VolumeBinding {
  const writer = volumeWriter(handle, args.VolumeBinding.bindTimeoutSeconds * 1000);
  return new VolumeBinding(storageView(handle), writer, handle.shared.promisedVolumes);
}

const PRE_FILTER = ['preFilter', 'filter'] as const;
const SCORE = ['preScore', 'score'] as const;

/** The plugins there are, each with upstream's points. Behaves as kubernetes pkg/scheduler/framework/plugins/registry.go. */
export const IN_TREE_PLUGINS: Registry = {
  SchedulingGates: plugin(['preEnqueue'], () => schedulingGates),
  PrioritySort: plugin(['queueSort'], () => prioritySort),
  NodeUnschedulable: plugin(['filter'], () => nodeUnschedulable),
  NodeName: plugin(['filter'], () => nodeName),
  TaintToleration: plugin(['filter', ...SCORE], () => taintToleration),
  NodeAffinity: plugin([...PRE_FILTER, ...SCORE], (_, { args }) => nodeAffinity(args.NodeAffinity)),
  NodePorts: plugin(PRE_FILTER, () => nodePorts),
  NodeResourcesFit: plugin([...PRE_FILTER, ...SCORE], ({ informers }, { args }) =>
    nodeResourcesFit(args.NodeResourcesFit, deviceResources(informers)),
  ),
  VolumeRestrictions: plugin(PRE_FILTER, (handle) => volumeRestrictions(storageView(handle))),
  NodeVolumeLimits: plugin(PRE_FILTER, (handle) => nodeVolumeLimits(storageView(handle))),
  VolumeBinding: plugin([...PRE_FILTER, 'reserve', 'preBind'], createVolumeBinding),
  VolumeZone: plugin(PRE_FILTER, (handle) => volumeZone(storageView(handle))),
  PodTopologySpread: plugin([...PRE_FILTER, ...SCORE], createSpread),
  InterPodAffinity: plugin([...PRE_FILTER, ...SCORE], ({ shared: { cluster } }, { args }) =>
    interPodAffinity(args.InterPodAffinity, cluster.namespaceLabels),
  ),
  DynamicResources: plugin(
    ['preEnqueue', ...PRE_FILTER, 'postFilter', ...SCORE, 'reserve', 'preBind', 'postBind'],
    (handle, { args }) => createDynamicResources(handle, durationMilliseconds(args.DynamicResources.bindingTimeout)),
  ),
  DefaultPreemption: plugin(['postFilter', 'preEnqueue'], (handle, { args }) =>
    createPreemption(handle, args.DefaultPreemption),
  ),
  NodeResourcesBalancedAllocation: plugin(SCORE, (_, { args }) =>
    nodeResourcesBalancedAllocation(args.NodeResourcesBalancedAllocation),
  ),
  ImageLocality: plugin(['score'], () => imageLocality),
  DefaultBinder: plugin(['bind'], (handle) => defaultBinder(handle.client.resource<Pod>(refs.pods))),
  NodeDeclaredFeatures: plugin(PRE_FILTER, () => nodeDeclaredFeatures),
};
