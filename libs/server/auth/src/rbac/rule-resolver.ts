import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import type { Context, Soon } from '@binnacle/machinery-context';
import type { UserInfo } from '../user-info.js';

/** What somebody may do in one namespace of a logical cluster. */
export interface ResolvedRules {
  readonly rules: readonly PolicyRule[];
  /** Why the rules may not be all there are, as upstream says it: bindings to roles that are not there. Empty mostly. */
  readonly errors: readonly string[];
  /** Whether there may be more that nobody can tell. */
  readonly isIncomplete?: boolean;
}

/** Where somebody's rules are asked for. */
export interface RulesPlace {
  readonly cluster: string;
  /** Empty for what holds in the whole cluster. */
  readonly namespace: string;
}

/** Tells what rules a user has, without what authorizers decide one by one (Nodes). */
export interface RuleResolver {
  rulesFor(ctx: Context, user: UserInfo, place: RulesPlace): Soon<ResolvedRules>;
}
