import type { Plugins } from '../engine/scheduling-engine.js';
import { imageLocality } from './image-locality/image-locality.js';
import { interPodAffinity } from './inter-pod-affinity/inter-pod-affinity.js';
import { nodeAffinity } from './node-affinity/node-affinity.js';
import { nodeDeclaredFeatures } from './node-declared-features/node-declared-features.js';
import { nodeName } from './node-name/node-name.js';
import { nodePorts } from './node-ports/node-ports.js';
import { nodeResourcesBalancedAllocation } from './node-resources/balanced-allocation.js';
import { nodeResourcesFit } from './node-resources/fit.js';
import { nodeUnschedulable } from './node-unschedulable/node-unschedulable.js';
import { podTopologySpread } from './pod-topology-spread/pod-topology-spread.js';
import type { DefaultSelector } from './pod-topology-spread/score.js';
import { taintToleration } from './taint-toleration/taint-toleration.js';

/** Upstream's default plugins in upstream's order, which decides whose reason a node is given. */
export function defaultPlugins(defaults: DefaultSelector): Plugins {
  const spread = podTopologySpread(defaults);
  return {
    filters: [
      nodeUnschedulable,
      nodeName,
      taintToleration,
      nodeAffinity,
      nodePorts,
      nodeResourcesFit,
      spread,
      interPodAffinity,
      nodeDeclaredFeatures,
    ],
    scores: [
      taintToleration,
      nodeAffinity,
      nodeResourcesFit,
      spread,
      interPodAffinity,
      nodeResourcesBalancedAllocation,
      imageLocality,
    ],
  };
}
