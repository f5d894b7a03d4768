import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { ResourceDefinition, ResourceSet } from '@binnacle/apis-registry';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { isPast, presentCluster } from '@binnacle/server-storage';
import { nodeIdentity } from '../node-identity.js';
import { PAST_READING } from '../reading.js';
import type { UserInfo } from '../user-info.js';
import { rulesForReading } from './reading-rules.js';
import { together } from './resolved-together.js';
import type { ResolvedRules, RuleResolver, RulesPlace } from './rule-resolver.js';
import { rulesInScope } from './scoped-rules.js';

/** The kinds that a logical cluster serves, of the present or the past. */
export type KindsOf = (ctx: Context, cluster: string) => Soon<ResourceSet>;

/**
 * What somebody has, as far as the credential they ask with is good for it; of a cluster's past too, in
 * which what they have now is judged by.
 */
export class KnownRules implements RuleResolver {
  constructor(
    private readonly resolver: RuleResolver,
    private readonly kindsOf: KindsOf,
  ) {}

  rulesFor(ctx: Context, user: UserInfo, { cluster, namespace }: RulesPlace): Soon<ResolvedRules> {
    const place = { cluster: presentCluster(cluster), namespace };
    const held = this.resolver.rulesFor(ctx, user, place);
    if (!isPast(cluster) && !user.scope) return held;
    return soon(held, (known) => soon(this.kindsOf(ctx, cluster), ({ all }) => left(user, cluster, known, all)));
  }
}

/** What is left of what somebody has in a cluster that serves these kinds. */
function left(
  user: UserInfo,
  cluster: string,
  known: ResolvedRules,
  served: readonly ResourceDefinition[],
): ResolvedRules {
  const shown = isPast(cluster) ? { ...known, rules: rulesInPast(user, known.rules, served) } : known;
  return user.scope ? together([rulesInScope(user.scope, cluster, shown, served)]) : together([shown]);
}

/** What its Pods refer to now says nothing of what a node could read then. */
function rulesInPast(
  user: UserInfo,
  rules: readonly PolicyRule[],
  served: readonly ResourceDefinition[],
): PolicyRule[] {
  return nodeIdentity(user) ? [] : rulesForReading(PAST_READING, rules, served);
}
