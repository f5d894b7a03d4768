import type { Node, PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import type { PodInfo } from '../../pod/pod-info.js';
import { type FilterPlugin, normalizeByHighest, type Rejection, type ScorePlugin } from '../../framework/plugin.js';
import { nodeMatcher } from '../../pod/selectors.js';

const rejection: Rejection = { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true };

/** Both `nodeSelector` and required node affinity; undefined when the Pod names neither. */
export function requiredNodes(spec: PodSpec | undefined): ((node: Node) => boolean) | undefined {
  const selector = Object.entries(spec?.nodeSelector ?? {});
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (selector.length === 0 && !required) return undefined;
  const matches = required ? nodeMatcher(required.nodeSelectorTerms) : () => true;
  return (node) => selector.every(([key, value]) => node.metadata.labels?.[key] === value) && matches(node);
}

const filter: FilterPlugin = {
  name: 'NodeAffinity',
  preFilter({ pod }, { nodes }) {
    const matches = requiredNodes(pod.spec);
    if (!matches) return undefined;
    return (row) => {
      const { node } = nodes.at(row);
      return node && matches(node) ? undefined : rejection;
    };
  },
  wakes(event, { pod }) {
    if (event.kind !== 'node' || !(event.added || event.changes.labels)) return false;
    return requiredNodes(pod.spec)?.(event.node) ?? true;
  },
};

function preferences({ pod }: PodInfo) {
  const preferred = pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return preferred.map(({ preference, weight }) => ({ matches: nodeMatcher([preference]), weight }));
}

const score: ScorePlugin = {
  name: filter.name,
  weight: 2,
  preScore(pod, { nodes }) {
    const terms = preferences(pod);
    if (terms.length === 0) return undefined;
    return {
      score(row) {
        const { node } = nodes.at(row);
        return terms.reduce((sum, { matches, weight }) => (node && matches(node) ? sum + weight : sum), 0);
      },
      normalize: (scores) => normalizeByHighest(scores, false),
    };
  },
};

export const nodeAffinity = { ...filter, ...score } satisfies FilterPlugin & ScorePlugin;
