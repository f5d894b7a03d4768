import type { Context, Soon } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { PRIVILEGED_GROUP } from './user-info.js';

/** What tells of the whole server, by whatever cluster it is asked. */
const OF_SERVER = /^\/(?:metrics|debug|logs|flagz|statusz|clusters)(?:\/|$)/;
const READS: ReadonlySet<string> = new Set(['get', 'head', 'options']);

/** The cluster itself is at its root: whether it is there at all, and how much is kept of it, is the server's affair. */
const isOfServer = (path: string, verb: string): boolean => OF_SERVER.test(path) || (path === '/' && !READS.has(verb));

const NO: Decision = { allowed: false, reason: `the server itself is asked in the cluster ${DEFAULT_CLUSTER}` };

/**
 * Keeps those who may do everything in one logical cluster, and so give themselves every right and every name there, from what is
 * not the cluster's: of other clusters than the first only administrators ask it, who are that by their own proof.
 */
export class ServerPathAuthorizer implements Authorizer {
  constructor(private readonly inner: Authorizer) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const { user, cluster, verb, resource, path = '' } = attributes;
    const isAsked = !resource && cluster !== DEFAULT_CLUSTER && isOfServer(path, verb);
    if (!isAsked) return this.inner.authorize(ctx, attributes);
    const isAdministrator = user.groups.includes(PRIVILEGED_GROUP) && !user.impersonator;
    return isAdministrator ? this.inner.authorize(ctx, attributes) : NO;
  }
}
