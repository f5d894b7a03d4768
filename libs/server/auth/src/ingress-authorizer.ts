import type { Context, Soon } from '@binnacle/machinery-context';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import type { ServedSecrets } from './served-secrets.js';

/** Whoever is in it serves Ingresses, and needs their certificates. */
export const INGRESS_CONTROLLERS_GROUP = 'binnacle:ingress-controllers';

const READS = ['get', 'list', 'watch'];
const NO: Decision = { allowed: false, reason: '' };
const no = (reason: string): Decision => ({ allowed: false, reason });

/**
 * Lets ingress controllers read the Secrets that what they serve names, one by one, as kubelets may read those of their Pods. Roles
 * could only give them all Secrets of all namespaces.
 */
export class IngressAuthorizer implements Authorizer {
  constructor(private readonly served: ServedSecrets) {}

  authorize(ctx: Context, { user, cluster, verb, resource }: AuthorizationAttributes): Soon<Decision> {
    if (!user.groups.includes(INGRESS_CONTROLLERS_GROUP)) return NO;
    if (!resource || resource.group !== '' || resource.resource !== 'secrets') return NO;
    const { namespace, name, subresource } = resource;
    if (!READS.includes(verb) || subresource) return no('can only read resources of this type');
    if (!namespace || !name) return no('can only read one Secret at a time, by its name');
    return this.named(ctx, { cluster, namespace, name });
  }

  private async named(ctx: Context, wanted: Parameters<ServedSecrets['isNamed']>[1]): Promise<Decision> {
    if (await this.served.isNamed(ctx, wanted)) return { allowed: true, reason: '' };
    return no('nothing that is served names this Secret');
  }
}
