import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { Context } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { builtinRules, type RuleSet } from './builtin-rules.js';
import type { Rule } from './rule.js';
import type { ResolvedRules, RuleResolver, RulesPlace } from './rbac/rule-resolver.js';
import { PRIVILEGED_GROUP, type UserInfo } from './user-info.js';

const has = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes('*') || list.includes(value));

function matchesPath(paths: readonly string[] | undefined, path: string): boolean {
  return (paths ?? []).some((known) => (known.endsWith('*') ? path.startsWith(known.slice(0, -1)) : known === path));
}

function matchesResource(rule: Rule, resource: NonNullable<AuthorizationAttributes['resource']>): boolean {
  const whole = resource.subresource ? `${resource.resource}/${resource.subresource}` : resource.resource;
  const known =
    has(rule.resources, whole) || (resource.subresource !== '' && has(rule.resources, `*/${resource.subresource}`));
  if (!known || !has(rule.groups, resource.group)) return false;
  if (rule.namespaces && !rule.namespaces.includes(resource.namespace)) return false;
  return rule.names === undefined || rule.names.includes(resource.name);
}

/** Whether a rule allows an act. */
export function ruleAllows(rule: Rule, { verb, resource, path }: AuthorizationAttributes): boolean {
  if (!has(rule.verbs, verb)) return false;
  return resource ? matchesResource(rule, resource) : matchesPath(rule.paths, path ?? '');
}

function subjects({ name, groups }: UserInfo): string[] {
  return [`user:${name}`, ...groups.map((group) => `group:${group}`)];
}

const EVERYTHING: Rule = { verbs: ['*'], groups: ['*'], resources: ['*'] };
const EVERY_PATH: Rule = { verbs: ['*'], paths: ['*'] };

function asPolicyRule({ verbs, groups = [''], resources = [], names, paths }: Rule): PolicyRule {
  if (paths) return { verbs: [...verbs], nonResourceURLs: [...paths] };
  const what = { verbs: [...verbs], apiGroups: [...groups], resources: [...resources] };
  return names ? { ...what, resourceNames: [...names] } : what;
}

/** Decides by a table of who may do what; `system:masters` may do everything. */
export class RuleAuthorizer implements Authorizer, RuleResolver {
  private readonly known = new WeakMap<UserInfo, readonly Rule[]>();

  constructor(private readonly rules: RuleSet = builtinRules) {}

  /** Everything a user is allowed. */
  rulesOf(user: UserInfo): readonly Rule[] {
    let rules = this.known.get(user);
    if (!rules) this.known.set(user, (rules = this.findRules(user)));
    return rules;
  }

  /** The same of one namespace, as roles say it. */
  rulesFor(_ctx: Context, user: UserInfo, { namespace }: RulesPlace): ResolvedRules {
    const held = this.rulesOf(user).filter(({ namespaces }) => !namespaces || namespaces.includes(namespace));
    return { rules: held.map(asPolicyRule), errors: [] };
  }

  private findRules(user: UserInfo): readonly Rule[] {
    if (user.groups.includes(PRIVILEGED_GROUP)) return [EVERYTHING, EVERY_PATH];
    return subjects(user).flatMap((subject) => this.rules[subject] ?? []);
  }

  authorize(_ctx: Context, attributes: AuthorizationAttributes): Decision {
    const allowed = this.rulesOf(attributes.user).some((rule) => ruleAllows(rule, attributes));
    return { allowed, reason: '' };
  }
}
