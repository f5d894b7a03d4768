import {
  type FieldError,
  type FieldPath,
  invalid,
  invalidEach,
  isPathSegmentName,
  required,
  validateLabelSelector,
} from '@binnacle/machinery-validation';
import { each, oneOf, optional, repeated, validateSupported } from '@binnacle/apis-registry';
import type { MatchResources, NamedRuleWithOperations, RuleWithOperations } from './index.js';

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
export const MATCH_POLICIES: readonly string[] = ['Equivalent', 'Exact'];

/** A list that must not be empty, where `*` stands alone. */
function validateAlone(list: readonly string[] | undefined, path: FieldPath, others: string): FieldError[] {
  if (!list?.length) return [required(path)];
  const crowded = list.length > 1 && list.includes('*');
  return crowded ? [invalid(path, list, `if '*' is present, must not specify other ${others}`)] : [];
}

/** What an earlier entry says of every resource or of every subresource. */
function validateCovered(resources: readonly string[], path: FieldPath): FieldError[] {
  const covered = new Set<string>();
  return each(resources, path, (resource, at) => {
    if (resource === '') return [required(at)];
    const slash = resource.indexOf('/');
    if (slash < 0) return [];
    const covers = [`${resource.slice(0, slash)}/*`, `*/${resource.slice(slash + 1)}`];
    const errors = covers
      .filter((pattern) => covered.has(pattern))
      .map((pattern) => invalid(at, resource, `if '${pattern}' is present, must not specify ${resource}`));
    if (covers.includes(resource)) covered.add(resource);
    return errors;
  });
}

function validateResources(resources: readonly string[] = [], path: FieldPath): FieldError[] {
  const everything = resources.length > 1 && resources.includes('*/*');
  const whole = resources.filter((resource) => resource !== '' && !resource.includes('/'));
  // Upstream looks at the last of them only.
  const crowded = whole.includes('*') && whole.at(-1) !== '*';
  const others = "if '*' is present, must not specify other resources without subresources";
  return [
    ...(resources.length > 0 ? [] : [required(path)]),
    ...validateCovered(resources, path),
    ...(everything ? [invalid(path, resources, "if '*/*' is present, must not specify other resources")] : []),
    ...(crowded ? [invalid(path, resources, others)] : []),
  ];
}

/** Which requests are meant. Behaves as kubernetes validateRuleWithOperations. */
export function validateRule(rule: RuleWithOperations, path: FieldPath): FieldError[] {
  const versions = path.child('apiVersions');
  return [
    ...validateAlone(rule.operations, path.child('operations'), 'operations'),
    ...each(rule.operations, path.child('operations'), (operation, at) => validateSupported(operation, at, OPERATIONS)),
    ...validateAlone(rule.apiGroups, path.child('apiGroups'), 'API groups'),
    ...validateAlone(rule.apiVersions, versions, 'API versions'),
    ...each(rule.apiVersions, versions, (version, at) => (version ? [] : [required(at)])),
    ...validateResources(rule.resources, path.child('resources')),
    ...optional(rule.scope, path.child('scope'), (scope, at) => validateSupported(scope, at, SCOPES)),
  ];
}

function validateNamedRule(rule: NamedRuleWithOperations, path: FieldPath): FieldError[] {
  const names = path.child('resourceNames');
  return [
    ...each(rule.resourceNames, names, (name, at) => invalidEach(at, name, isPathSegmentName(name))),
    ...repeated(rule.resourceNames, names),
    ...validateRule(rule, path),
  ];
}

/** Behaves as kubernetes pkg/apis/admissionregistration/validation validateMatchResources. */
export function validateMatchResources(match: MatchResources, path: FieldPath): FieldError[] {
  return [
    ...oneOf(match.matchPolicy, path.child('matchPolicy'), MATCH_POLICIES),
    ...(['namespaceSelector', 'objectSelector'] as const).flatMap((field) =>
      match[field] ? validateLabelSelector(match[field], path.child(field)) : [required(path.child(field))],
    ),
    ...each(match.resourceRules, path.child('resourceRules'), validateNamedRule),
    ...each(match.excludeResourceRules, path.child('excludeResourceRules'), validateNamedRule),
  ];
}

/** A rule is about every scope unless it says otherwise. */
export function applyRuleDefaults(rules: readonly RuleWithOperations[] | undefined): void {
  for (const rule of rules ?? []) rule.scope ??= '*';
}

export function applyMatchDefaults(match: MatchResources | undefined): void {
  if (!match) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  applyRuleDefaults(match.resourceRules);
  applyRuleDefaults(match.excludeResourceRules);
}
