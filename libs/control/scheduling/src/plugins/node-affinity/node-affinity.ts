import type { Node, NodeSelectorTerm, PodSpec, PreferredSchedulingTerm } from '@binnacle/apis-kubernetes/core/v1';
import { type NodeMatcher, nodeMatcher, requiredNodes } from '@binnacle/apis-kubernetes/core/v1/node-reading';
import type { NodeAffinityArgs } from '../../configuration/types.js';
import type { EventOf } from '../../framework/cluster-event.js';
import {
  type FilterPlugin,
  normalizeByHighest,
  type PreFilterResult,
  type ScorePlugin,
} from '../../framework/plugin.js';
import { on } from '../../framework/queueing-hint.js';
import { unresolvable } from '../../framework/rejection.js';
import type { PodInfo } from '../../pod/pod-info.js';

const ofPod = unresolvable("node(s) didn't match Pod's node affinity/selector");
const enforced = unresolvable("node(s) didn't match scheduler-enforced node affinity");
const conflict = unresolvable('pod affinity terms conflict');

function namesOf({ matchFields = [] }: NodeSelectorTerm): ReadonlySet<string> | undefined {
  const named = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In');
  const [first, ...others] = named.map(({ values = [] }) => values);
  return first && new Set(first.filter((name) => others.every((values) => values.includes(name))));
}

/** The nodes that the Pod's terms name; undefined where one of them names none. */
function namedNodes(spec: PodSpec | undefined): ReadonlySet<string> | undefined {
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const names = terms.map(namesOf);
  if (names.length === 0 || names.includes(undefined)) return undefined;
  return new Set(names.flatMap((some) => [...(some ?? [])]));
}

interface Weighed {
  readonly matches: NodeMatcher;
  readonly weight: number;
}

const preferences = (terms: readonly PreferredSchedulingTerm[] | undefined): Weighed[] =>
  (terms ?? []).map(({ preference, weight }) => ({ matches: nodeMatcher([preference]), weight }));

const preferredBy = ({ pod }: PodInfo): Weighed[] =>
  preferences(pod.spec?.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution);

/** The node matches now, and did not before. */
function helps(added: NodeMatcher | undefined, pod: PodInfo, { old, current }: EventOf<'Node'>): boolean {
  if (!current || (added && !added(current))) return false;
  const matches = requiredNodes(pod.pod.spec) ?? (() => true);
  return matches(current) && !(old && matches(old) && (added?.(old) ?? true));
}

function filterBy(added: NodeMatcher | undefined): FilterPlugin['preFilter'] {
  return ({ pod }, { nodes }): PreFilterResult | undefined => {
    const matches = requiredNodes(pod.spec);
    if (!matches && !added) return undefined;
    const names = namedNodes(pod.spec);
    if (names?.size === 0) return { rejection: conflict };
    const verdict = (node: Node) => {
      if (added && !added(node)) return enforced;
      return matches && !matches(node) ? ofPod : undefined;
    };
    return { ...(names && { nodes: names }), filter: (row) => verdict(nodes.at(row).node as Node) };
  };
}

/**
 * Keeps Pods to the nodes they ask for, or the profile asks for, and prefers those they would like.
 * Behaves as kubernetes pkg/scheduler/framework/plugins/nodeaffinity.
 */
export function nodeAffinity({ addedAffinity }: NodeAffinityArgs): FilterPlugin & ScorePlugin {
  const required = addedAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const added = required && nodeMatcher(required.nodeSelectorTerms);
  const wished = preferences(addedAffinity?.preferredDuringSchedulingIgnoredDuringExecution);
  return {
    name: 'NodeAffinity',
    lasting: true,
    preFilter: filterBy(added),
    eventsToRegister: () => [on('Node', ['Add', 'UpdateNodeLabel'], (pod, event) => helps(added, pod, event))],
    preScore(pod, { nodes }) {
      const terms = [...wished, ...preferredBy(pod)];
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
}
