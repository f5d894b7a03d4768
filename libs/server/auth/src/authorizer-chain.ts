import type { Context, Soon } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';

/** The reasons of all who gave one, what went wrong, and the namespaces in which any of them would allow it. */
function refusalOf(refusals: readonly Decision[]): Decision {
  const reasons = refusals.flatMap(({ reason }) => (reason ? [reason] : []));
  const namespaces = new Set(refusals.flatMap((refusal) => [...(refusal.namespaces ?? [])]));
  const errors = refusals.flatMap(({ error }) => error ?? []);
  const error = errors.length > 1 ? `[${errors.join(', ')}]` : errors[0];
  return {
    allowed: false,
    reason: reasons.join('\n'),
    ...(namespaces.size > 0 && { namespaces }),
    ...(error !== undefined && { error }),
  };
}

/** Whether nobody else is to be asked. */
const isFinal = ({ allowed, denied }: Decision): boolean => allowed || denied === true;

/**
 * Asks one after the other until one allows, or denies. Behaves as kubernetes apiserver pkg/authorization/union; who may do something in
 * some namespaces by one, and in some by another, may do it in all of these.
 */
export class AuthorizerChain implements Authorizer {
  constructor(private readonly authorizers: readonly Authorizer[]) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    return this.ask(ctx, attributes, []);
  }

  /** Mostly nobody has to be waited for. */
  private ask(ctx: Context, attributes: AuthorizationAttributes, refusals: Decision[]): Soon<Decision> {
    for (;;) {
      const authorizer = this.authorizers[refusals.length];
      if (!authorizer) return refusalOf(refusals);
      const decision = authorizer.authorize(ctx, attributes);
      if (decision instanceof Promise) return decision.then((late) => this.goOn(ctx, attributes, refusals, late));
      if (isFinal(decision)) return decision;
      refusals.push(decision);
    }
  }

  private goOn(
    ctx: Context,
    attributes: AuthorizationAttributes,
    refusals: Decision[],
    decision: Decision,
  ): Soon<Decision> {
    return isFinal(decision) ? decision : this.ask(ctx, attributes, [...refusals, decision]);
  }
}
