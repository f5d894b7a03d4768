import type { ClusterView } from '../../cache/cluster-cache.js';
import type { InterPodAffinityArgs } from '../../configuration/types.js';
import type { FilterPlugin, ScorePlugin } from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import { interPodAffinityFilter } from './filter.js';
import { helpsByNode, helpsByPod } from './hints.js';
import { interPodAffinityScore } from './score.js';

/** Keeps Pods near to, or away from, other Pods. */
export function interPodAffinity(
  args: InterPodAffinityArgs,
  namespaceLabels: ClusterView['namespaceLabels'],
): FilterPlugin & ScorePlugin {
  return {
    name: 'InterPodAffinity',
    preFilter: interPodAffinityFilter,
    preScore: (pod, cluster) => interPodAffinityScore(pod, cluster, args),
    eventsToRegister: () => [
      on('Pod', ['Add', 'UpdatePodLabel', 'Delete'], (pod, event) => helpsByPod(pod, event, namespaceLabels)),
      on('Node', ['Add', 'UpdateNodeLabel'], helpsByNode),
      // Terms may choose namespaces by their labels. Upstream leaves such Pods until they are flushed.
      on('Namespace', ['Add', 'Update']),
    ],
  };
}
