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
import { WhoCanReview } from '../paths/who-can-review.js';

/** Who decides what somebody may do, and by which rules. */
export interface Authorization {
  readonly authorizer: Authorizer;
  readonly rbac: RbacAuthorizer;
  readonly rules: RuleResolver;
  readonly whoCan: WhoCanReview;
}

/** What holds everywhere is looked at first, then what Nodes are to each other and to their Pods, then roles. */
export function composeAuthorization(storage: Storage): Authorization {
  const everywhere = new RuleAuthorizer();
  const rbac = new RbacAuthorizer(storage);
  const chain = new AuthorizerChain([everywhere, new NodeAuthorizer(new NodeGraph(storage)), rbac]);
  const authorizer = new PastAuthorizer(chain);
  const whoCan = new WhoCanReview(authorizer, rbac);
  return { authorizer, rbac, rules: new KnownRules([everywhere, rbac]), whoCan };
}
