import type { ClusterView } from '../../cache/cluster-cache.js';
import type { PodGroup } from '../../cache/pod-groups.js';
import type { InterPodAffinityArgs } from '../../configuration/types.js';
import { type AffinityTerm, termMatches } from '../../pod/affinity-terms.js';
import { MAX_NODE_SCORE, type NodeScorer } from '../../framework/plugin.js';
import type { PodInfo } from '../../pod/pod-info.js';

/** Weights by topology key and domain, summed over the terms that speak for or against a domain. */
class DomainWeights {
  private readonly byKey = new Map<string, Float64Array>();

  constructor(readonly cluster: ClusterView) {}

  get isEmpty(): boolean {
    return this.byKey.size === 0;
  }

  add(term: AffinityTerm, weight: number, group: PodGroup): void {
    const topology = this.cluster.nodes.topology(term.topologyKey);
    const weights = this.byKey.get(term.topologyKey) ?? new Float64Array(topology.size);
    this.byKey.set(term.topologyKey, weights);
    group.addTo(weights, topology, weight);
  }

  /** The sum over all keys, for one node. */
  scorer(): (row: number) => number {
    const columns = [...this.byKey].map(([key, weights]) => ({ ...this.cluster.nodes.topology(key), weights }));
    return (row) => {
      let sum = 0;
      for (const { domains, weights } of columns) {
        const domain = domains[row] as number;
        if (domain >= 0) sum += weights[domain] as number;
      }
      return sum;
    };
  }
}

function addIncoming(pod: PodInfo, group: PodGroup, weights: DomainWeights): void {
  const { preferredAffinity, preferredAntiAffinity } = pod.terms;
  const meets = (term: AffinityTerm) => termMatches(term, group.sample, weights.cluster.namespaceLabels);
  for (const term of preferredAffinity) if (meets(term)) weights.add(term, term.weight, group);
  for (const term of preferredAntiAffinity) if (meets(term)) weights.add(term, -term.weight, group);
}

/** `hard` is what counts a term that those there cannot do without. */
function addExisting(pod: PodInfo, group: PodGroup, weights: DomainWeights, hard: number): void {
  const { requiredAffinity, preferredAffinity, preferredAntiAffinity } = group.sample.terms;
  const meets = (term: AffinityTerm) => termMatches(term, pod, weights.cluster.namespaceLabels);
  if (hard > 0) for (const term of requiredAffinity) if (meets(term)) weights.add(term, hard, group);
  for (const term of preferredAffinity) if (meets(term)) weights.add(term, term.weight, group);
  for (const term of preferredAntiAffinity) if (meets(term)) weights.add(term, -term.weight, group);
}

function normalize(scores: Float64Array): void {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    lowest = Math.min(lowest, score);
    highest = Math.max(highest, score);
  }
  const range = highest - lowest;
  for (let i = 0; i < scores.length; i += 1) {
    scores[i] = range > 0 ? Math.floor((MAX_NODE_SCORE * ((scores[i] as number) - lowest)) / range) : 0;
  }
}

/** Behaves as kubernetes pkg/scheduler/framework/plugins/interpodaffinity scoring.go. */
export function interPodAffinityScore(
  pod: PodInfo,
  cluster: ClusterView,
  { hardPodAffinityWeight, ignorePreferredTermsOfExistingPods }: InterPodAffinityArgs,
): NodeScorer | undefined {
  const { preferredAffinity, preferredAntiAffinity } = pod.terms;
  const hasWishes = preferredAffinity.length + preferredAntiAffinity.length > 0;
  if (ignorePreferredTermsOfExistingPods && !hasWishes) return undefined;
  const weights = new DomainWeights(cluster);
  if (hasWishes) for (const group of cluster.groups.all()) addIncoming(pod, group, weights);
  for (const group of cluster.groups.withTerms) addExisting(pod, group, weights, hardPodAffinityWeight);
  return weights.isEmpty ? undefined : { score: weights.scorer(), normalize };
}
