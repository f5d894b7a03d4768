import { type FieldError, type FieldPath, invalid, required } from '@binnacle/machinery-validation';
import type { PolicyRule } from './index.js';

function validatePaths(rule: PolicyRule, namespaced: boolean, path: FieldPath): FieldError[] {
  const { nonResourceURLs = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  const refuse = (why: string): FieldError => invalid(path.child('nonResourceURLs'), nonResourceURLs, why);
  return [
    ...(namespaced ? [refuse('namespaced rules cannot apply to non-resource URLs')] : []),
    ...(apiGroups.length + resources.length + resourceNames.length > 0
      ? [refuse('rules cannot apply to both regular resources and non-resource URLs')]
      : []),
  ];
}

/** Behaves as kubernetes pkg/apis/rbac/validation ValidatePolicyRule. */
export function validatePolicyRule(rule: PolicyRule, namespaced: boolean, path: FieldPath): FieldError[] {
  const { verbs = [], nonResourceURLs = [], apiGroups = [], resources = [] } = rule;
  const errors = verbs.length > 0 ? [] : [required(path.child('verbs'), 'verbs must contain at least one value')];
  if (nonResourceURLs.length > 0) return [...errors, ...validatePaths(rule, namespaced, path)];
  const least = (list: readonly string[], field: string, what: string): FieldError[] =>
    list.length > 0 ? [] : [required(path.child(field), `resource rules must supply at least one ${what}`)];
  return [...errors, ...least(apiGroups, 'apiGroups', 'api group'), ...least(resources, 'resources', 'resource')];
}
