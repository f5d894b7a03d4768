import type { Right } from './right.js';

/** A rule about kinds, as `SelfSubjectRulesReview` tells it. */
export interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** A rule about paths that are no objects. */
export interface PathRule {
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** What somebody may do in a namespace. `incomplete`: there may be more that is not told. */
export interface NamespaceRules {
  readonly resourceRules: readonly ResourceRule[];
  readonly nonResourceRules: readonly PathRule[];
  readonly incomplete: boolean;
}

const holds = (list: readonly string[] = [], value: string): boolean => list.includes('*') || list.includes(value);

function names(rule: ResourceRule, { resource, subresource }: Right): boolean {
  if (!subresource) return holds(rule.resources, resource);
  return holds(rule.resources, `${resource}/${subresource}`) || (rule.resources ?? []).includes(`*/${subresource}`);
}

function allows(rule: ResourceRule, right: Right): boolean {
  const isNamed = !rule.resourceNames?.length || (right.name !== undefined && rule.resourceNames.includes(right.name));
  return holds(rule.verbs, right.verb) && holds(rule.apiGroups, right.group) && names(rule, right) && isNamed;
}

/** Whether one of the rules gives the right. Behaves as kubernetes pkg/apis/rbac/v1 helpers (VerbMatches and its like). */
export function rulesAllow(rules: readonly ResourceRule[], right: Right): boolean {
  return rules.some((rule) => allows(rule, right));
}
