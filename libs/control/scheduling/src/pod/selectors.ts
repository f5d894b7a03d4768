import type { Node, NodeSelectorTerm } from '@binnacle/apis-kubernetes/core/v1';
import type { LabelSelector } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector, matcherFromNodeExpressions } from '@binnacle/machinery-selectors';

export type LabelMatcher = (labels: Readonly<Record<string, string>>) => boolean;
export type NodeMatcher = (node: Node) => boolean;

/** No selector matches nothing; an empty one matches everything; one that cannot be read matches nothing. */
export function labelMatcher(selector: LabelSelector | undefined): LabelMatcher {
  try {
    const matcher = matcherFromLabelSelector(selector);
    return (labels) => matcher.matches(labels);
  } catch {
    return () => false;
  }
}

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
