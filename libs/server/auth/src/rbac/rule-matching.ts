import type { ResourceAct } from '../act.js';
import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { AuthorizationAttributes } from '../authorizer.js';

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

/** What a rule calls a resource or a part of it. */
export function wholeResource({ resource, subresource }: Pick<ResourceAct, 'resource' | 'subresource'>): string {
  return subresource ? `${resource}/${subresource}` : resource;
}

/** Whether a rule is about a path that is no resource's; what ends with `*` is about all that begin alike. */
export function pathMatches(rule: PolicyRule, path: string): boolean {
  return (rule.nonResourceURLs ?? []).some(
    (known) => known === path || (known.endsWith('*') && path.startsWith(known.replace(/\*+$/, ''))),
  );
}

/** Whether a rule is about a resource, whatever its name. */
export function kindMatches(rule: PolicyRule, resource: ResourceAct): boolean {
  if (!has(rule.apiGroups, resource.group)) return false;
  const { resources } = rule;
  if (has(resources, wholeResource(resource))) return true;
  return resource.subresource !== '' && (resources ?? []).includes(`*/${resource.subresource}`);
}

export const verbMatches = ({ verbs }: PolicyRule, verb: string): boolean => has(verbs, verb);

/** Whether a rule that is limited to names is about this one; who asks for no name asks for all. */
export function nameMatches({ resourceNames }: PolicyRule, name: string): boolean {
  return !resourceNames?.length || resourceNames.includes(name);
}

/** Whether a rule allows an act. Behaves as kubernetes plugin/pkg/auth/authorizer/rbac RuleAllows. */
export function policyRuleAllows(rule: PolicyRule, { verb, resource, path = '' }: AuthorizationAttributes): boolean {
  if (!verbMatches(rule, verb)) return false;
  return resource ? kindMatches(rule, resource) && nameMatches(rule, resource.name) : pathMatches(rule, path);
}
