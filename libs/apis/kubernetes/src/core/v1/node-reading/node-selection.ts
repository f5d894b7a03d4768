import { matcherFromNodeExpressions } from '@binnacle/machinery-selectors';
import type { Node, NodeSelectorTerm, PodSpec } from '../index.js';

export type NodeMatcher = (node: Node) => boolean;

function termMatcher({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): NodeMatcher {
  const labels = matcherFromNodeExpressions(matchExpressions);
  const names = matcherFromNodeExpressions(matchFields);
  // A term that says nothing selects no node, and neither does one that cannot be read.
  if (!labels || !names || matchExpressions.length + matchFields.length === 0) return () => false;
  return ({ metadata }) => labels.matches(metadata.labels) && names.matches({ 'metadata.name': metadata.name ?? '' });
}

/** Terms are alternatives: one that matches is enough. */
export function nodeMatcher(terms: readonly NodeSelectorTerm[]): NodeMatcher {
  const matchers = terms.map(termMatcher);
  return (node) => matchers.some((matches) => matches(node));
}

/** Both `nodeSelector` and required node affinity; undefined when the Pod names neither. */
export function requiredNodes(spec: PodSpec | undefined): NodeMatcher | undefined {
  const selector = Object.entries(spec?.nodeSelector ?? {});
  const required = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (selector.length === 0 && !required) return undefined;
  const matches = required ? nodeMatcher(required.nodeSelectorTerms) : () => true;
  return (node) => selector.every(([key, value]) => node.metadata.labels?.[key] === value) && matches(node);
}
