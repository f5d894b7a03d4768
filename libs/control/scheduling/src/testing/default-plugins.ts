import { DEFAULT_CONFIGURATION } from '../configuration/defaults.js';
import type { KubeSchedulerProfile, PluginArgs } from '../configuration/types.js';
import type { ClusterEvent } from '../framework/cluster-event.js';
import type { Plugins } from '../framework/framework.js';
import { type EnqueueExtensions, QueueingHints } from '../framework/queueing-hint.js';
import { imageLocality } from '../plugins/image-locality/image-locality.js';
import { interPodAffinity } from '../plugins/inter-pod-affinity/inter-pod-affinity.js';
import { nodeAffinity } from '../plugins/node-affinity/node-affinity.js';
import { nodeDeclaredFeatures } from '../plugins/node-declared-features/node-declared-features.js';
import { nodeName } from '../plugins/node-name/node-name.js';
import { nodePorts } from '../plugins/node-ports/node-ports.js';
import { nodeResourcesBalancedAllocation } from '../plugins/node-resources/balanced-allocation.js';
import { nodeResourcesFit } from '../plugins/node-resources/fit.js';
import { nodeUnschedulable } from '../plugins/node-unschedulable/node-unschedulable.js';
import { podTopologySpread } from '../plugins/pod-topology-spread/pod-topology-spread.js';
import type { DefaultSelector } from '../plugins/pod-topology-spread/sources.js';
import { taintToleration } from '../plugins/taint-toleration/taint-toleration.js';
import type { PodInfo } from '../pod/pod-info.js';

const [profile] = DEFAULT_CONFIGURATION.profiles as [KubeSchedulerProfile];

/** What the plugins are given that are told nothing. */
export const defaultArgs: PluginArgs = profile.args;

export const fit = nodeResourcesFit(defaultArgs.NodeResourcesFit);
export const balance = nodeResourcesBalancedAllocation(defaultArgs.NodeResourcesBalancedAllocation);
export const affinityToNodes = nodeAffinity(defaultArgs.NodeAffinity);
export const affinityToPods = interPodAffinity(defaultArgs.InterPodAffinity, () => ({}));
export const spread = (defaults: DefaultSelector = () => undefined) =>
  podTopologySpread(defaultArgs.PodTopologySpread, defaults);

/** The default plugins that decide, in their order, but those of volumes. */
export function defaultPlugins(defaults: DefaultSelector): Plugins {
  const byTopology = spread(defaults);
  const scores = [
    [taintToleration, 3],
    [affinityToNodes, 2],
    [fit, 1],
    [byTopology, 2],
    [affinityToPods, 2],
    [balance, 1],
    [imageLocality, 1],
  ] as const;
  return {
    filters: [
      nodeUnschedulable,
      nodeName,
      taintToleration,
      affinityToNodes,
      nodePorts,
      fit,
      byTopology,
      affinityToPods,
      nodeDeclaredFeatures,
    ],
    scores: scores.map(([plugin, weight]) => ({ plugin, weight })),
  };
}

/** Whether a Pod that the plugin rejected is tried again after the event. */
export function wakes(
  plugin: EnqueueExtensions & { readonly name: string },
  event: ClusterEvent,
  pod: PodInfo,
): boolean {
  const hints = new QueueingHints([plugin]);
  return hints.hopeful(event, pod, new Set([plugin.name])).next().done !== true;
}
