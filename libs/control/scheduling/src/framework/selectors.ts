import type { Node, NodeSelectorRequirement, NodeSelectorTerm } from '@binnacle/apis-kubernetes/core/v1';
import type { LabelSelector } from '@binnacle/machinery-meta';
import {
  LabelMatcher as Matcher,
  matcherFromLabelSelector,
  type Requirement,
  type SelectorOperator,
} from '@binnacle/machinery-selectors';

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

const OPERATORS: Readonly<Record<string, SelectorOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: '>',
  Lt: '<',
};

/** Undefined where an operator is none of a node selector. */
function requirements(list: readonly NodeSelectorRequirement[]): Requirement[] | undefined {
  const known = list.flatMap(({ key, operator: name, values = [] }): Requirement[] => {
    const operator = OPERATORS[name];
    return operator ? [{ key, operator, values }] : [];
  });
  return known.length === list.length ? known : undefined;
}

function termMatcher({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): NodeMatcher {
  const expressions = requirements(matchExpressions);
  const fields = requirements(matchFields);
  // A term that says nothing selects no node, and neither does one that cannot be read.
  if (!expressions || !fields || expressions.length + fields.length === 0) return () => false;
  const labels = Matcher.of(expressions);
  const names = Matcher.of(fields);
  return ({ metadata }) => labels.matches(metadata.labels) && names.matches({ 'metadata.name': metadata.name ?? '' });
}

/** Terms are alternatives: one that matches is enough. */
export function nodeMatcher(terms: readonly NodeSelectorTerm[]): NodeMatcher {
  const matchers = terms.map(termMatcher);
  return (node) => matchers.some((matches) => matches(node));
}
