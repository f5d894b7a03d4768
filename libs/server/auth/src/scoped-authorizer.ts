import type { Context, Soon } from '@binnacle/machinery-context';
import { presentCluster } from '@binnacle/server-storage';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import type { CredentialScope } from './user-info.js';

const READS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const PATH_READS: ReadonlySet<string> = new Set(['get', 'head', 'options', 'watch']);
/** What runs is run by reading it, as far as HTTP can tell. */
const RUNNING: ReadonlySet<string> = new Set(['attach', 'exec', 'portforward', 'proxy']);
/** Groups whose kinds are only asked. */
const QUESTIONS: ReadonlySet<string> = new Set(['authentication.k8s.io', 'authorization.k8s.io']);
/** Where one signs in and out, each of which looks at the session itself. */
const SELF_SERVICE = /^\/auth\//;
const CLUSTERS = '/clusters';

function isRead({ verb, resource }: AuthorizationAttributes): boolean {
  if (!resource) return PATH_READS.has(verb);
  if (verb === 'create' && QUESTIONS.has(resource.group)) return true;
  return READS.has(verb) && !RUNNING.has(resource.subresource);
}

/** Why a credential is no good for something, whatever whose it is may do. */
function refusal(scope: CredentialScope, attributes: AuthorizationAttributes): string | undefined {
  const { cluster, path } = attributes;
  if (path !== undefined && SELF_SERVICE.test(path)) return undefined;
  if (scope.passwordOnly) return 'the password must be changed first';
  const isOutside = scope.clusters.length > 0 && !scope.clusters.includes(presentCluster(cluster));
  if (isOutside || (scope.clusters.length > 0 && path === CLUSTERS)) return 'the token is for other logical clusters';
  return scope.readOnly && !isRead(attributes) ? 'the token is for reading only' : undefined;
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
