import type { Context, Soon } from '@binnacle/machinery-context';
import { presentCluster } from '@binnacle/server-storage';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { isReading, TOKEN_READING } from './reading.js';
import type { CredentialScope } from './user-info.js';

/** Where one signs in and out, each of which looks at the session itself. */
export const SELF_SERVICE = '/auth/';
/** Which logical clusters there are is no affair of one of them. */
export const CLUSTERS = '/clusters';

/** Whether a credential is good for something in a logical cluster, of the present or the past. */
export function isInScope({ clusters }: CredentialScope, cluster: string): boolean {
  return clusters.length === 0 || clusters.includes(presentCluster(cluster));
}

/** Why a credential is no good for something, whatever whose it is may do. */
function refusal(scope: CredentialScope, attributes: AuthorizationAttributes): string | undefined {
  const { cluster, path } = attributes;
  if (path?.startsWith(SELF_SERVICE)) return undefined;
  if (scope.passwordOnly) return 'the password must be changed first';
  const isOutside = !isInScope(scope, cluster) || (scope.clusters.length > 0 && path === CLUSTERS);
  if (isOutside) return 'the token is for other logical clusters';
  return scope.readOnly && !isReading(TOKEN_READING, attributes) ? 'the token is for reading only' : undefined;
}

/** Refuses what the credential somebody asks with is no good for; asks another about the rest. */
export class ScopedAuthorizer implements Authorizer {
  constructor(private readonly person: Authorizer) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const { scope } = attributes.user;
    const reason = scope && refusal(scope, attributes);
    return reason === undefined ? this.person.authorize(ctx, attributes) : { allowed: false, reason };
  }
}
