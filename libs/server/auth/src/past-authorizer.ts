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

/** Whether a namespace was, at the moment that a cluster's name says, the one that has its name now. */
export type WasSame = (ctx: Context, cluster: string, namespace: string) => Promise<boolean>;

/**
 * Of a cluster's past, whoever may read something now may read what it was; nobody may do anything else. Rights in a namespace are none
 * in another that had its name before: that takes a right in all namespaces.
 */
export class PastAuthorizer implements Authorizer {
  constructor(
    private readonly present: Authorizer,
    private readonly wasSame: WasSame,
  ) {}

  authorize(ctx: Context, attributes: AuthorizationAttributes): Soon<Decision> {
    const { cluster } = attributes;
    if (!isPast(cluster)) return this.present.authorize(ctx, attributes);
    const reason = refusal(attributes);
    if (reason !== undefined) return { allowed: false, reason };
    return this.then(ctx, attributes);
  }

  private async then(ctx: Context, attributes: AuthorizationAttributes): Promise<Decision> {
    const { cluster, resource } = attributes;
    const now = { ...attributes, cluster: presentCluster(cluster) };
    const decision = await this.present.authorize(ctx, now);
    if (decision.namespaces) return this.ofSame(ctx, cluster, { ...decision, namespaces: decision.namespaces });
    if (!decision.allowed || !resource?.namespace || (await this.wasSame(ctx, cluster, resource.namespace)))
      return decision;
    const everywhere = await this.present.authorize(ctx, { ...now, resource: { ...resource, namespace: '' } });
    return everywhere.allowed
      ? everywhere
      : { allowed: false, reason: `the namespace ${resource.namespace} was another then` };
  }

  private async ofSame(
    ctx: Context,
    cluster: string,
    decision: Decision & { readonly namespaces: ReadonlySet<string> },
  ): Promise<Decision> {
    const same = new Set<string>();
    for (const name of decision.namespaces) if (await this.wasSame(ctx, cluster, name)) same.add(name);
    return { ...decision, namespaces: same };
  }
}
