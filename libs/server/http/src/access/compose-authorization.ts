import {
  type Authorizer,
  AuthorizerChain,
  KnownRules,
  NodeAuthorizer,
  NodeGraph,
  PastAuthorizer,
  RbacAuthorizer,
  RuleAuthorizer,
  type RuleResolver,
} from '@binnacle/server-auth';
import type { Storage } from '@binnacle/server-storage';

/** Who decides what somebody may do, and by which rules. */
export interface Authorization {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly rules: RuleResolver;
}

/** What holds everywhere is looked at first, then what Nodes are to each other and to their Pods, then roles. */
export function composeAuthorization(storage: Storage): Authorization {
  const everywhere = new RuleAuthorizer();
  const rbac = new RbacAuthorizer(storage);
  const chain = new AuthorizerChain([everywhere, new NodeAuthorizer(new NodeGraph(storage)), rbac]);
  return { authorizer: new PastAuthorizer(chain), rbac, rules: new KnownRules([everywhere, rbac]) };
}
