import { type LabelSelector, type LabelSelectorRequirement, newBadRequest, quote } from '@binnacle/machinery-meta';
import { LabelParser } from './label-parser.js';
import {
  formatRequirement,
  type Labels,
  type Requirement,
  requirementErrors,
  requirementFromObject,
  requirementMatches,
  requirementToObject,
} from './requirement.js';

/** Chooses objects by their labels: all requirements must hold. */
export class LabelMatcher {
  private constructor(
    readonly requirements: readonly Requirement[],
    /** True for the selector that matches no object, which an absent LabelSelector means. */
    readonly matchesNothing: boolean,
  ) {}

  static readonly everything = new LabelMatcher([], false);
  static readonly nothing = new LabelMatcher([], true);

  static of(requirements: readonly Requirement[]): LabelMatcher {
    if (requirements.length === 0) return LabelMatcher.everything;
    const byKey = (left: Requirement, right: Requirement): number =>
      left.key < right.key ? -1 : Number(left.key > right.key);
    return new LabelMatcher([...requirements].sort(byKey), false);
  }

  get matchesEverything(): boolean {
    return this.requirements.length === 0 && !this.matchesNothing;
  }

  matches(labels: Labels | undefined): boolean {
    return !this.matchesNothing && this.requirements.every((requirement) => requirementMatches(requirement, labels));
  }

  /** The one value the label must have, if the selector says so. */
  exactValue(key: string): string | undefined {
    const first = this.requirements.find((requirement) => requirement.key === key);
    const exact = first && ['=', '==', 'in'].includes(first.operator) && first.values.length === 1;
    return exact ? first.values[0] : undefined;
  }

  /** The string form, which `parseLabelSelector` reads back. */
  toString(): string {
    return this.requirements.map(formatRequirement).join(',');
  }
}

/**
 * Reads `app=web,tier in (a,b),!old`.
 * @throws StatusError BadRequest with upstream's message.
 */
export function parseLabelSelector(text: string): LabelMatcher {
  return LabelMatcher.of(new LabelParser(text).parse());
}

export function matcherFromSet(labels: Labels | undefined): LabelMatcher {
  return LabelMatcher.of(Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })));
}

function fromObject(expression: LabelSelectorRequirement): Requirement {
  const requirement = requirementFromObject(expression);
  if (!requirement) throw newBadRequest(`${quote(expression.operator)} is not a valid label selector operator`);
  const [error] = requirementErrors(requirement);
  if (error) throw newBadRequest(`${error.field}: ${error.message}`);
  return requirement;
}

/**
 * The matcher of a LabelSelector object: absent matches nothing, empty matches everything.
 * @throws StatusError BadRequest where an expression is malformed.
 */
export function matcherFromLabelSelector(selector: LabelSelector | undefined | null): LabelMatcher {
  if (!selector) return LabelMatcher.nothing;
  const labels = Object.entries(selector.matchLabels ?? {});
  return LabelMatcher.of([
    ...labels.map(([key, value]): Requirement => ({ key, operator: '=', values: [value] })),
    ...(selector.matchExpressions ?? []).map(fromObject),
  ]);
}

/** How kubectl prints a selector object: its string form, `<none>` for all, `<error>` for a malformed one. */
export function formatLabelSelector(selector: LabelSelector | undefined | null): string {
  try {
    return matcherFromLabelSelector(selector).toString() || '<none>';
  } catch {
    return '<error>';
  }
}

/** The string form as a LabelSelector object; comparisons have none and are a BadRequest. */
export function parseToLabelSelector(text: string): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: LabelSelectorRequirement[] = [];
  for (const requirement of parseLabelSelector(text).requirements) {
    const expression = requirementToObject(requirement);
    if (!expression) throw newBadRequest(`${quote(requirement.operator)} is not a valid label selector operator`);
    if (requirement.operator === '=' || requirement.operator === '==') {
      matchLabels[requirement.key] = requirement.values[0] ?? '';
    } else matchExpressions.push(expression);
  }
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

/** A selector in the words of upstream's programs, which print the structure as Go does. */
export function labelSelectorInGo(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`);
  const requirements = (selector.matchExpressions ?? []).map(
    ({ key, operator, values = [] }) =>
      `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${values.join(' ')}],},`,
  );
  const expressions = `[]LabelSelectorRequirement{${requirements.join('')}}`;
  return `&LabelSelector{MatchLabels:map[string]string{${labels.join('')}},MatchExpressions:${expressions},}`;
}
