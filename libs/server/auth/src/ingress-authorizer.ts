import { LABEL_SERVICE_PROXY_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { Context, Soon } from '@binnacle/machinery-context';
import type { StorageReader } from '@binnacle/server-storage';
import type { AuthorizationAttributes, Authorizer, Decision } from './authorizer.js';
import { ServedSecrets } from './served-secrets.js';

/** Whoever is in it serves Ingresses and Gateways, and needs their certificates. */
export const INGRESS_CONTROLLERS_GROUP = 'binnacle:ingress-controllers';
/** On a Service: an ingress controller listens at its addresses. */
const INGRESS_PROXY = 'binnacle-ingress';

const READS = ['get', 'list', 'watch'];
const CHANGES = ['patch', 'update'];
const YES: Decision = { allowed: true, reason: '' };
const NO: Decision = { allowed: false, reason: '' };
const no = (reason: string): Decision => ({ allowed: false, reason });

type Place = { readonly cluster: string; readonly namespace: string; readonly name: string };

/**
 * Lets ingress controllers read the Secrets that what they serve names, one by one, as kubelets may read those of their Pods, and
 * change the Services at whose addresses they listen. Roles could only give them all of all namespaces.
 */
export class IngressAuthorizer implements Authorizer {
  private readonly served: ServedSecrets;

  constructor(private readonly storage: StorageReader) {
    this.served = new ServedSecrets(storage);
  }

  authorize(ctx: Context, { user, cluster, verb, resource }: AuthorizationAttributes): Soon<Decision> {
    if (!user.groups.includes(INGRESS_CONTROLLERS_GROUP) || !resource || resource.group !== '') return NO;
    const { namespace, name, subresource } = resource;
    const place = { cluster, namespace, name };
    if (resource.resource === 'services' && CHANGES.includes(verb) && !subresource) return this.ownService(ctx, place);
    if (resource.resource !== 'secrets') return NO;
    if (!READS.includes(verb) || subresource) return no('can only read resources of this type');
    return this.secret(ctx, place);
  }

  private secret(ctx: Context, place: Place): Soon<Decision> {
    if (!place.namespace || !place.name) return no('can only read one Secret at a time, by its name');
    return this.named(ctx, place);
  }

  private async named(ctx: Context, wanted: Place): Promise<Decision> {
    return (await this.served.isNamed(ctx, wanted)) ? YES : no('nothing that is served names this Secret');
  }

  private async ownService(ctx: Context, place: Place): Promise<Decision> {
    const key = { ...place, resource: 'services' };
    const stored = this.storage.peek(key) ?? (await this.storage.get(ctx, key, { at: 'latest' }));
    const isOwn = stored?.attributes.labels[LABEL_SERVICE_PROXY_NAME] === INGRESS_PROXY;
    return isOwn ? YES : no('can only change Services at whose addresses it listens');
  }
}
