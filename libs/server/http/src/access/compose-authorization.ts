import {
  type Authorizer,
  AuthorizerChain,
  BuiltinAuthorizer,
  IngressAuthorizer,
  type KindsOf,
  KnownRules,
  NodeAuthorizer,
  NodeGraph,
  PastAuthorizer,
  RbacAuthorizer,
  type RuleResolver,
  ScopedAuthorizer,
  ServedSecrets,
  ServerPathAuthorizer,
} from '@binnacle/server-auth';
import type { Storage } from '@binnacle/server-storage';
import { WhoCanReview } from '../paths/who-can-review.js';

/** Who decides what somebody may do, and by which rules. */
export interface Authorization {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly rules: RuleResolver;
  readonly whoCan: WhoCanReview;
}

/**
 * What a credential is no good for is refused. Then what holds everywhere is looked at, what Nodes are to each other and to their
 * Pods, what ingress controllers serve, and roles.
 */
export function composeAuthorization(storage: Storage, kindsOf: KindsOf): Authorization {
  const everywhere = new BuiltinAuthorizer();
  const rbac = new RbacAuthorizer(storage);
  const nodes = new NodeAuthorizer(new NodeGraph(storage));
  const ingresses = new IngressAuthorizer(new ServedSecrets(storage));
  const chain = new AuthorizerChain([everywhere, nodes, ingresses, rbac]);
  const authorizer = new ScopedAuthorizer(new PastAuthorizer(new ServerPathAuthorizer(chain)));
  const whoCan = new WhoCanReview(authorizer, rbac);
  return { authorizer, rbac, rules: new KnownRules([everywhere, rbac], kindsOf), whoCan };
}
