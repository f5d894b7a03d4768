import type { Pod, PodAffinityTerm } from '@binnacle/apis-kubernetes/core/v1';
import { type LabelMatcher, labelMatcher } from './selectors.js';

type Labels = Readonly<Record<string, string>>;

/** A Pod affinity term, ready to be asked about many Pods. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly weight: number;
  readonly namespaces: ReadonlySet<string>;
  /** Chooses more namespaces by their labels; undefined for none. */
  readonly namespaceSelector: LabelMatcher | undefined;
  readonly matches: LabelMatcher;
}

/** The terms of one Pod, by kind. */
export interface AffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly AffinityTerm[];
  readonly preferredAntiAffinity: readonly AffinityTerm[];
}

const none: AffinityTerms = {
  requiredAffinity: [],
  requiredAntiAffinity: [],
  preferredAffinity: [],
  preferredAntiAffinity: [],
};

function compile(term: PodAffinityTerm, pod: Pod, weight: number): AffinityTerm {
  const { namespaces = [], namespaceSelector } = term;
  const own = namespaces.length === 0 && !namespaceSelector ? [pod.metadata.namespace ?? ''] : namespaces;
  return {
    topologyKey: term.topologyKey,
    weight,
    namespaces: new Set(own),
    namespaceSelector: namespaceSelector && labelMatcher(namespaceSelector),
    // What `matchLabelKeys` mean was written into the selector when the Pod was created.
    matches: labelMatcher(term.labelSelector),
  };
}

export function affinityTerms(pod: Pod): AffinityTerms {
  const { podAffinity, podAntiAffinity } = pod.spec?.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return none;
  const required = (source: typeof podAffinity) =>
    (source?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => compile(term, pod, 0));
  const preferred = (source: typeof podAffinity) =>
    (source?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm, weight }) =>
      compile(podAffinityTerm, pod, weight),
    );
  return {
    requiredAffinity: required(podAffinity),
    requiredAntiAffinity: required(podAntiAffinity),
    preferredAffinity: preferred(podAffinity),
    preferredAntiAffinity: preferred(podAntiAffinity),
  };
}

export interface TermSubject {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Whether `term` speaks of a Pod. `namespaceLabels` answers the labels of a namespace. */
export function termMatches(
  term: AffinityTerm,
  pod: TermSubject,
  namespaceLabels: (namespace: string) => Labels,
): boolean {
  const here =
    term.namespaces.has(pod.namespace) || (term.namespaceSelector?.(namespaceLabels(pod.namespace)) ?? false);
  return here && term.matches(pod.labels);
}
