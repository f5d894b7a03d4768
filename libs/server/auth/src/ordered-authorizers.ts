import type { Context, Soon } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { AuthorizerChain } from './authorizer-chain.js';
import { together } from './rbac/resolved-together.js';
import type { ResolvedRules, RuleResolver, RulesPlace } from './rbac/rule-resolver.js';
import type { UserInfo } from './user-info.js';

/** One who decides, and may know by which rules. */
export type OrderedAuthorizer = Authorizer & Partial<RuleResolver>;

/** Several who decide in an order, which may become another. */
export class OrderedAuthorizers implements Authorizer, RuleResolver {
  private order: readonly OrderedAuthorizer[] = [];
  private chain = new AuthorizerChain([]);

  /** From now on these, and no others. */
  use(order: readonly OrderedAuthorizer[]): void {
    this.order = order;
    this.chain = new AuthorizerChain(order);
  }

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    return this.chain.authorize(ctx, attributes);
  }

  rulesFor(ctx: Context, user: UserInfo, place: RulesPlace): Soon<ResolvedRules> {
    const found = this.order.flatMap((one) => one.rulesFor?.(ctx, user, place) ?? []);
    const isWaited = found.some((one) => one instanceof Promise);
    return isWaited ? Promise.all(found).then(together) : together(found as ResolvedRules[]);
  }
}
