import type { FilterPlugin, ScorePlugin } from '../../framework/plugin.js';
import { topologySpreadFilter } from './filter.js';
import { type DefaultSelector, topologySpreadScore } from './score.js';

/** Spreads Pods over zones, hosts or other domains: as they ask, else by the system's mild defaults. */
export function podTopologySpread(defaults: DefaultSelector): FilterPlugin & ScorePlugin {
  return {
    name: 'PodTopologySpread',
    weight: 2,
    preFilter: topologySpreadFilter,
    preScore: (pod, cluster, candidates) => topologySpreadScore(pod, cluster, candidates, defaults),
    wakes(event, pod) {
      if (event.kind === 'namespace' || event.kind === 'storage') return false;
      if (event.kind === 'node') return event.added || event.changes.labels || event.changes.taints;
      return event.pod.namespace === pod.namespace;
    },
  };
}
