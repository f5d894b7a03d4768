import { type Context, type Soon, soon } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Decision, OrderedAuthorizer } from '@binnacle/server-auth';
import type { DecisionCount } from './metrics.js';

/** The same authorizer, whose decisions are counted; that it has no opinion is none. */
export function counted(authorizer: OrderedAuthorizer, count: DecisionCount): OrderedAuthorizer {
  const note = (decision: Decision): Decision => {
    if (decision.allowed) count.allowed += 1;
    else if (decision.denied) count.denied += 1;
    return decision;
  };
  const authorize = (ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> =>
    soon(authorizer.authorize(ctx, attributes), note);
  if (!authorizer.rulesFor) return { authorize };
  return { authorize, rulesFor: (...asked) => authorizer.rulesFor?.(...asked) ?? { rules: [], errors: [] } };
}
