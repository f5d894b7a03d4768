import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { Lister } from '@binnacle/client-informers';
import type { NameResolver } from '@binnacle/node-runtime-sim';

const SUFFIX = /\.svc(\.cluster\.local)?$/;
/** An ExternalName may point at another, and that at the first. */
const MOST_ALIASES = 8;

interface Place {
  readonly service: string;
  readonly namespace: string;
  /** Of one Pod of a headless Service. */
  readonly hostname?: string;
}

/** What a name may mean along a Pod's DNS search path, the nearest first. */
function places(name: string, ownNamespace: string): Place[] {
  const full = name.replace(/\.$/, '');
  const parts = full.replace(SUFFIX, '').split('.');
  const [first = '', second = '', third = ''] = parts;
  if (parts.length === 1) return [{ service: first, namespace: ownNamespace }];
  if (parts.length === 3) return [{ hostname: first, service: second, namespace: third }];
  if (parts.length !== 2) return [];
  const inNamespace = { service: first, namespace: second };
  return SUFFIX.test(full)
    ? [inNamespace]
    : [{ hostname: first, service: second, namespace: ownNamespace }, inNamespace];
}

/** Answers names of Services, and of the Pods of headless ones, as the cluster's DNS would. Only `slices` of headless Services are looked at. */
export function serviceNames(services: Lister<Service>, slices: Lister<EndpointSlice>): NameResolver {
  let turn = 0;

  const endpointsOf = ({ service, namespace, hostname }: Place): Endpoint[] =>
    slices
      .list(namespace)
      .filter(({ metadata }) => metadata.labels?.[LABEL_SERVICE_NAME] === service)
      .flatMap(({ endpoints }) => endpoints ?? [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .filter((endpoint) => hostname === undefined || endpoint.hostname === hostname);

  const addressAt = (place: Place, aliases: number): string | undefined => {
    const { clusterIP, externalName, type } = services.get(`${place.namespace}/${place.service}`)?.spec ?? {};
    const isHeadless = clusterIP === 'None';
    if (place.hostname !== undefined && !isHeadless) return undefined;
    if (type === 'ExternalName') return externalName && resolve(externalName, place.namespace, aliases + 1);
    if (!isHeadless) return clusterIP || undefined;
    const endpoints = endpointsOf(place);
    turn += 1;
    return endpoints[turn % endpoints.length]?.addresses[0];
  };

  const resolve = (name: string, ownNamespace: string, aliases = 0): string | undefined => {
    if (aliases > MOST_ALIASES) return undefined;
    for (const place of places(name, ownNamespace)) {
      const address = addressAt(place, aliases);
      if (address) return address;
    }
    return undefined;
  };

  return (name, ownNamespace) => resolve(name, ownNamespace);
}
