import type {
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '@binnacle/apis-kubernetes/flowcontrol/v1';
import type { FlowRequest, FlowResource, FlowUser } from '../types.js';

const ACCOUNT_PREFIX = 'system:serviceaccount:';

/** A wildcard is not a pattern: it stands alone and for everything. */
function contains(list: readonly string[] = [], value: string): boolean {
  return (list.length === 1 && list[0] === '*') || list.includes(value);
}

function matchesAccount({ name }: FlowUser, { serviceAccount }: Subject): boolean {
  if (!serviceAccount) return false;
  const prefix = `${ACCOUNT_PREFIX}${serviceAccount.namespace}:`;
  return serviceAccount.name === '*' ? name.startsWith(prefix) : name === prefix + serviceAccount.name;
}

function matchesSubject(user: FlowUser, subject: Subject): boolean {
  const { kind, user: named, group } = subject;
  if (kind === 'User') return named !== undefined && (named.name === '*' || named.name === user.name);
  if (kind === 'Group') return group !== undefined && (group.name === '*' || user.groups.includes(group.name));
  return kind === 'ServiceAccount' && matchesAccount(user, subject);
}

function matchesResource(verb: string, asked: FlowResource, rule: ResourcePolicyRule): boolean {
  const { resource, subresource, group, namespace } = asked;
  const whole = subresource ? `${resource}/${subresource}` : resource;
  if (!contains(rule.verbs, verb) || !contains(rule.resources, whole) || !contains(rule.apiGroups, group)) return false;
  return namespace ? contains(rule.namespaces, namespace) : rule.clusterScope === true;
}

/** A path is also matched by those above it, whether they end in a wildcard or not. */
function matchesUrl(url: string, path: string): boolean {
  if (url === '*' || url === path) return true;
  const prefix = url.endsWith('*') ? url.slice(0, -1) : url;
  return path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

function matchesPath(verb: string, path: string, rule: NonResourcePolicyRule): boolean {
  return contains(rule.verbs, verb) && rule.nonResourceURLs.some((url) => matchesUrl(url, path));
}

function matchesRules({ user, verb, resource, path = '' }: FlowRequest, rules: PolicyRulesWithSubjects): boolean {
  if (!rules.subjects.some((subject) => matchesSubject(user, subject))) return false;
  if (resource) return (rules.resourceRules ?? []).some((rule) => matchesResource(verb, resource, rule));
  return (rules.nonResourceRules ?? []).some((rule) => matchesPath(verb, path, rule));
}

/** Behaves as apiserver pkg/util/flowcontrol matchesFlowSchema. */
export function matchesFlowSchema(request: FlowRequest, { spec }: FlowSchema): boolean {
  return (spec?.rules ?? []).some((rules) => matchesRules(request, rules));
}
