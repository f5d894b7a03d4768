import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import type { NameResolver } from '@binnacle/node-runtime-sim';

const DOMAIN = 'cluster.local';

/** Finds Services as a Pod's DNS search path does: `web`, `web.shop`, `web.shop.svc`, `web.shop.svc.cluster.local`. */
export function serviceNames(services: Lister<Service>): NameResolver {
  return (name, ownNamespace) => {
    const short = name
      .replace(/\.$/, '')
      .replace(new RegExp(String.raw`\.svc(\.${DOMAIN.replace('.', String.raw`\.`)})?$`), '');
    const [service = '', namespace = ownNamespace, ...rest] = short.split('.');
    if (rest.length > 0) return undefined;
    const ip = services.get(`${namespace}/${service}`)?.spec?.clusterIP;
    return ip && ip !== 'None' ? ip : undefined;
  };
}
