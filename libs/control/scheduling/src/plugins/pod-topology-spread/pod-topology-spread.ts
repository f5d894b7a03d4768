import type { PodTopologySpreadArgs } from '../../configuration/types.js';
import type { FilterPlugin, ScorePlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { topologySpreadFilter } from './filter.js';
import { helpsByNode, helpsByPod } from './hints.js';
import { topologySpreadScore } from './score.js';
import { type DefaultSelector, ofKind, spreadSources } from './sources.js';

/** Spreads Pods over zones, hosts or other domains: as they ask, else as the profile says, or by the system's mild defaults. */
export function podTopologySpread(args: PodTopologySpreadArgs, defaults: DefaultSelector): FilterPlugin & ScorePlugin {
  const sources = spreadSources(args, defaults);
  const required = (pod: PodInfo) => ofKind(sources(pod).constraints, 'DoNotSchedule');
  return {
    name: 'PodTopologySpread',
    preFilter: (pod, cluster) => topologySpreadFilter(pod, cluster, sources(pod)),
    preScore: (pod, cluster, candidates) => topologySpreadScore(pod, cluster, candidates, sources(pod)),
    eventsToRegister: () => [
      on('Pod', ['Add', 'UpdatePodLabel', 'UpdatePodToleration', 'Delete'], (pod, event) =>
        helpsByPod(pod, required(pod), event),
      ),
      on('Node', ['Add', 'Delete', 'UpdateNodeLabel', 'UpdateNodeTaint'], (pod, event) =>
        helpsByNode(required(pod), event),
      ),
    ],
  };
}
