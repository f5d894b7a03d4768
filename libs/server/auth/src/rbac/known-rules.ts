import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import { isPast, presentCluster } from '@binnacle/server-storage';
import { rulesInPast } from '../past-authorizer.js';
import type { UserInfo } from '../user-info.js';
import type { ResolvedRules, RuleResolver, RulesPlace } from './rule-resolver.js';

/** The same rules have the same key, in whatever order their members stand. */
function keyOf({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string {
  return JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs]);
}

function together(all: readonly ResolvedRules[]): ResolvedRules {
  const rules = new Map(all.flatMap((one) => one.rules).map((rule) => [keyOf(rule), rule]));
  return { rules: [...rules.values()], errors: all.flatMap(({ errors }) => errors) };
}

/** What somebody has by any of several resolvers, of a cluster's past too, in which what they have now is judged by. */
export class KnownRules implements RuleResolver {
  constructor(private readonly resolvers: readonly RuleResolver[]) {}

  rulesFor(ctx: Context, user: UserInfo, { cluster, namespace }: RulesPlace): Soon<ResolvedRules> {
    const place = { cluster: presentCluster(cluster), namespace };
    return soon(this.all(ctx, user, place), ({ rules, errors }) => ({
      rules: isPast(cluster) ? rulesInPast(user, rules) : rules,
      errors,
    }));
  }

  private all(ctx: Context, user: UserInfo, place: RulesPlace): Soon<ResolvedRules> {
    const found = this.resolvers.map((resolver) => resolver.rulesFor(ctx, user, place));
    const isWaited = found.some((one) => one instanceof Promise);
    return isWaited ? Promise.all(found).then(together) : together(found as ResolvedRules[]);
  }
}
