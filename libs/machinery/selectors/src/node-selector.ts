import type { LabelSelectorRequirement } from '@binnacle/machinery-meta';
import { LabelMatcher } from './label-selector.js';
import { type Requirement, requirementFromObject, type SelectorOperator } from './requirement.js';

/** What a node selector says beyond a label selector. */
const COMPARISONS = new Map<string, SelectorOperator>([
  ['Gt', '>'],
  ['Lt', '<'],
]);

function requirement(expression: LabelSelectorRequirement): Requirement | undefined {
  const { key, operator, values = [] } = expression;
  const comparison = COMPARISONS.get(operator);
  return comparison ? { key, operator: comparison, values } : requirementFromObject(expression);
}

/**
 * The matcher of the expressions of a node selector's term, of which all must hold; undefined where an operator is none of a node
 * selector. Behaves as kubernetes component-helpers/scheduling/corev1/nodeaffinity.
 */
export function matcherFromNodeExpressions(expressions: readonly LabelSelectorRequirement[]): LabelMatcher | undefined {
  const known = expressions.map(requirement).filter((one) => one !== undefined);
  return known.length === expressions.length ? LabelMatcher.of(known) : undefined;
}
