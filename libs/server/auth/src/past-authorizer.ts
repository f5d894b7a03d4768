import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { Context, Soon } from '@binnacle/machinery-context';
import { isPast, presentCluster } from '@binnacle/server-storage';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { nodeIdentity } from './node-identity.js';
import type { UserInfo } from './user-info.js';

/** What can be done with the objects of the past. */
export const PAST_VERBS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const PATH_READS: ReadonlySet<string> = new Set(['get', 'head', 'options']);
const KEPT: ReadonlySet<string> = new Set(['', 'status', 'scale']);
/** Whether a subresource is a part of its object, which is kept as objects are; the others are things that run. */
export const isKept = (subresource: string): boolean => KEPT.has(subresource);
/** Groups whose kinds are only asked. */
const QUESTIONS: ReadonlySet<string> = new Set([
  'authentication.k8s.io',
  'authorization.k8s.io',
  'authorization.binnacle.dev',
]);

const READ_ONLY = 'the past is read only';

/** Why nobody may do something to the past; undefined for what could be done by who may do it now. */
function refusal({ user, verb, resource }: AuthorizationAttributes): string | undefined {
  // What its Pods refer to now says nothing of what went by the same names then.
  if (nodeIdentity(user)) return 'nodes have no business in the past';
  if (!resource) return PATH_READS.has(verb) ? undefined : READ_ONLY;
  if (verb === 'create' && QUESTIONS.has(resource.group)) return undefined;
  if (!isKept(resource.subresource)) return `nothing runs in the past: it has no ${resource.subresource}`;
  return PAST_VERBS.has(verb) ? undefined : READ_ONLY;
}

/** What is left of verbs; `*` stands for all there are. */
function left(verbs: readonly string[], kept: ReadonlySet<string>): string[] {
  return verbs.includes('*') ? [...kept] : verbs.filter((verb) => kept.has(verb));
}

function ruleInPast(rule: PolicyRule): PolicyRule {
  if (rule.nonResourceURLs?.length) return { ...rule, verbs: left(rule.verbs, PATH_READS) };
  if (rule.apiGroups?.every((group) => QUESTIONS.has(group))) return rule;
  const resources = (rule.resources ?? []).filter((resource) => isKept(resource.split('/')[1] ?? ''));
  return { ...rule, resources, verbs: left(rule.verbs, PAST_VERBS) };
}

/** What is left, in a cluster's past, of the rules that somebody has now. */
export function rulesInPast(user: UserInfo, rules: readonly PolicyRule[]): readonly PolicyRule[] {
  if (nodeIdentity(user)) return [];
  return rules
    .map(ruleInPast)
    .filter(
      ({ verbs, resources, nonResourceURLs }) => verbs.length > 0 && Boolean(resources?.length || nonResourceURLs),
    );
}

/** Of a cluster's past, whoever may read something now may read what it was; nobody may do anything else. */
export class PastAuthorizer implements Authorizer {
  constructor(private readonly present: Authorizer) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const { cluster } = attributes;
    if (!isPast(cluster)) return this.present.authorize(ctx, attributes);
    const reason = refusal(attributes);
    if (reason !== undefined) return { allowed: false, reason };
    return this.present.authorize(ctx, { ...attributes, cluster: presentCluster(cluster) });
  }
}
