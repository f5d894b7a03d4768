import { EXTENSION_POINTS } from './extension-points.js';
import type { PluginRef, PluginSet, ProfilePlugins } from './types.js';

/** Upstream's default plugins in upstream's order, which decides whose reason a node is given. */
export const DEFAULT_PLUGINS: readonly PluginRef[] = [
  { name: 'SchedulingGates' },
  { name: 'PrioritySort' },
  { name: 'NodeUnschedulable' },
  { name: 'NodeName' },
  { name: 'TaintToleration', weight: 3 },
  { name: 'NodeAffinity', weight: 2 },
  { name: 'NodePorts' },
  { name: 'NodeResourcesFit', weight: 1 },
  { name: 'VolumeRestrictions' },
  { name: 'NodeVolumeLimits' },
  { name: 'VolumeBinding' },
  { name: 'VolumeZone' },
  { name: 'PodTopologySpread', weight: 2 },
  { name: 'InterPodAffinity', weight: 2 },
  // It gives an idle claim back sooner than that a Pod is evicted.
  { name: 'DynamicResources', weight: 2 },
  { name: 'DefaultPreemption' },
  { name: 'NodeResourcesBalancedAllocation', weight: 1 },
  { name: 'ImageLocality', weight: 1 },
  { name: 'DefaultBinder' },
  { name: 'NodeDeclaredFeatures' },
];

function keptDefaults(defaults: readonly PluginRef[], custom: PluginSet, disabled: ReadonlySet<string>): PluginRef[] {
  if (disabled.has('*')) return [];
  return defaults
    .filter(({ name }) => !disabled.has(name))
    .map((one) => custom.enabled?.findLast(({ name }) => name === one.name) ?? one);
}

/** One that is named again takes the place of the default; what is named twice stays there twice, and is refused later. */
function mergeSet(defaults: readonly PluginRef[], custom: PluginSet = {}): PluginSet {
  const disabled = new Set(custom.disabled?.map(({ name }) => name));
  const kept = keptDefaults(defaults, custom, disabled);
  const added = (custom.enabled ?? []).filter((one) => !kept.includes(one));
  return { enabled: [...kept, ...added], disabled: custom.disabled ?? [] };
}

/** What a profile says, upon what is on by default. Behaves as kubernetes pkg/scheduler/apis/config/v1 mergePlugins. */
export function mergePlugins(custom: ProfilePlugins = {}): ProfilePlugins {
  const points = EXTENSION_POINTS.map((point) => [point, mergeSet([], custom[point])] as const);
  return { ...Object.fromEntries(points), multiPoint: mergeSet(DEFAULT_PLUGINS, custom.multiPoint) };
}
