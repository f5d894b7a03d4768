import type { Context, Soon } from '@binnacle/machinery-context';
import { isPast, presentCluster } from '@binnacle/server-storage';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { nodeIdentity } from './node-identity.js';
import { isReading, PAST_READING } from './reading.js';

const READ_ONLY = 'the past is read only';

/** Why nobody may do something to the past; undefined for what could be done by who may do it now. */
function refusal({ user, verb, resource }: AuthorizationAttributes): string | undefined {
  // What its Pods refer to now says nothing of what went by the same names then.
  if (nodeIdentity(user)) return 'nodes have no business in the past';
  if (isReading(PAST_READING, { verb, resource })) return undefined;
  if (!resource || PAST_READING.reads(resource.subresource)) return READ_ONLY;
  return `nothing runs in the past: it has no ${resource.subresource}`;
}

/** Of a cluster's past, whoever may read something now may read what it was; nobody may do anything else. */
export class PastAuthorizer implements Authorizer {
  constructor(private readonly present: Authorizer) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const { cluster } = attributes;
    if (!isPast(cluster)) return this.present.authorize(ctx, attributes);
    const reason = refusal(attributes);
    if (reason !== undefined) return { allowed: false, reason };
    return this.present.authorize(ctx, { ...attributes, cluster: presentCluster(cluster) });
  }
}
