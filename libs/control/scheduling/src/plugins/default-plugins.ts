import type { Plugins } from '../engine/scheduling-engine.js';
import type { FilterPlugin } from '../framework/plugin.js';
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
import { nodeVolumeLimits } from './volumes/node-volume-limits.js';
import type { StorageView } from './volumes/storage-view.js';
import { volumeRestrictions } from './volumes/volume-restrictions.js';
import { volumeZone } from './volumes/volume-zone.js';
import type { VolumeBinding } from './volumes/volume-binding.js';

/** What there is to know of volumes, and who binds them; without it Pods with claims are scheduled as if they had none. */
export interface VolumeRules {
  readonly storage: StorageView;
  readonly binding: VolumeBinding;
}

function volumeFilters({ storage, binding }: VolumeRules): FilterPlugin[] {
  return [volumeRestrictions(storage), nodeVolumeLimits(storage), binding, volumeZone(storage)];
}

/** Upstream's default plugins in upstream's order, which decides whose reason a node is given. */
export function defaultPlugins(defaults: DefaultSelector, volumes?: VolumeRules): Plugins {
  const spread = podTopologySpread(defaults);
  return {
    filters: [
      nodeUnschedulable,
      nodeName,
      taintToleration,
      nodeAffinity,
      nodePorts,
      nodeResourcesFit,
      ...(volumes ? volumeFilters(volumes) : []),
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
