import {
  type Authorizer,
  BuiltinAuthorizer,
  IngressAuthorizer,
  type KindsOf,
  KnownRules,
  NodeAuthorizer,
  NodeGraph,
  OrderedAuthorizers,
  PastAuthorizer,
  RbacAuthorizer,
  type RuleResolver,
  ScopedAuthorizer,
  ServerPathAuthorizer,
  type WasSame,
} from '@binnacle/server-auth';
import type { AuthorizerOrder } from '@binnacle/server-authorization';
import type { Storage } from '@binnacle/server-storage';
import { WhoCanReview } from '../paths/who-can-review.js';

/** Who decides what somebody may do, and by which rules. */
export interface Authorization {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly rules: RuleResolver;
  /** Those that roles give, which is what somebody can give to others. */
  readonly held: RuleResolver;
  readonly whoCan: WhoCanReview;
  /** Calls back after others decide than before. */
  readonly onOrder: (listener: () => void) => void;
}

/**
 * What a credential is no good for is refused. Then what holds everywhere is looked at, and others decide in the order that was
 * chosen: what Nodes are to each other and to their Pods with what ingress controllers serve, roles, webhooks.
 */
export function composeAuthorization(
  storage: Storage,
  moments: { readonly wasSame: WasSame },
  kindsOf: KindsOf,
  order: AuthorizerOrder,
): Authorization {
  const everywhere = new BuiltinAuthorizer();
  const rbac = new RbacAuthorizer(storage);
  const nodes = new NodeAuthorizer(new NodeGraph(storage));
  const ingresses = new IngressAuthorizer(storage);
  const [ordered, held] = [new OrderedAuthorizers(), new OrderedAuthorizers()];
  held.use([everywhere, rbac]);
  const listeners = new Set<() => void>();
  order.use({ Node: [nodes, ingresses], RBAC: [rbac] }, (others) => {
    ordered.use([everywhere, ...others]);
    for (const listener of listeners) listener();
  });
  const authorizer = new ScopedAuthorizer(new PastAuthorizer(new ServerPathAuthorizer(ordered), moments.wasSame));
  const whoCan = new WhoCanReview(authorizer, rbac);
  const onOrder = (listener: () => void): void => void listeners.add(listener);
  return {
    authorizer,
    rbac,
    rules: new KnownRules(ordered, kindsOf),
    held: new KnownRules(held, kindsOf),
    whoCan,
    onOrder,
  };
}
