import type { PolicyRule } from '@binnacle/apis-kubernetes/rbac/v1';
import { rulesOf } from '@binnacle/apis-kubernetes/rbac/v1/bootstrap';
import type { Context } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { policyRuleAllows } from './rbac/rule-matching.js';
import type { ResolvedRules, RuleResolver } from './rbac/rule-resolver.js';
import { AUTHENTICATED_GROUP, PRIVILEGED_GROUP, UNAUTHENTICATED_GROUP, type UserInfo } from './user-info.js';

const EVERYTHING: readonly PolicyRule[] = rulesOf(['* * *', '* *']);
/** To see whether the server is well, and to sign in and out: each path of that looks at the session itself. */
const EVERYBODY: readonly PolicyRule[] = rulesOf([
  'get,head /healthz,/livez,/readyz,/healthz/*,/livez/*,/readyz/*,/version,/version/',
  'delete,get,post /auth/*',
]);
const NOTHING: readonly PolicyRule[] = [];

const YES: Decision = { allowed: true, reason: '' };
const NO: Decision = { allowed: false, reason: '' };

function rulesHeldBy({ groups }: UserInfo): readonly PolicyRule[] {
  if (groups.includes(PRIVILEGED_GROUP)) return EVERYTHING;
  const isSomebody = groups.includes(AUTHENTICATED_GROUP) || groups.includes(UNAUTHENTICATED_GROUP);
  return isSomebody ? EVERYBODY : NOTHING;
}

/**
 * What holds whatever roles there are, also where none can be read: administrators may do everything, and everybody may say who they
 * are. Everything else is given by roles (`rbac/bootstrap`).
 */
export class BuiltinAuthorizer implements Authorizer, RuleResolver {
  authorize(_ctx: Context, attributes: AuthorizationAttributes): Decision {
    const rules = rulesHeldBy(attributes.user);
    if (rules === EVERYTHING) return YES;
    return rules.some((rule) => policyRuleAllows(rule, attributes)) ? YES : NO;
  }

  rulesFor(_ctx: Context, user: UserInfo): ResolvedRules {
    return { rules: rulesHeldBy(user), errors: [] };
  }
}
