import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import { carriedAddress } from '@binnacle/machinery-wire';

type IsService = (ip: string, port: number, transport: 'tcp' | 'udp') => boolean;

/** What addresses are, to the nodes of one cluster. */
export interface ServiceAddresses {
  /** Whether an address is a simulated node's. */
  readonly isNode: (ip: string) => boolean;
  /** Whether a Service's own address is one of the cluster's. */
  readonly isOwn: (ip: string) => boolean;
  /** Whether a Service of the cluster may be given an address beside its own. */
  readonly isExternal: (ip: string) => boolean;
}

const carries = ({ protocol = 'TCP' }: ServicePort, transport: string): boolean => protocol.toLowerCase() === transport;

const ownOf = ({ spec }: Service): readonly string[] => [spec?.clusterIP ?? '', ...(spec?.clusterIPs ?? [])];

/** What somebody has given to a Service: by hand, or as its load balancer. */
function givenTo({ spec, status }: Service): string[] {
  const balanced = (status?.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip);
  return [...(spec?.externalIPs ?? []), ...balanced].map(carriedAddress);
}

/**
 * Whether some Service answers at an address: on its ports at its own and at those it was given, on its node ports at a simulated
 * node's.
 */
export function serviceAddresses(services: Pick<Lister<Service>, 'list'>, addresses: ServiceAddresses): IsService {
  return (ip, number, transport) => {
    const [isNode, isOwn, isExternal] = [addresses.isNode(ip), addresses.isOwn(ip), addresses.isExternal(ip)];
    const has = (service: Service): boolean => {
      const isIts =
        (isOwn && ownOf(service).includes(ip)) || (isExternal && givenTo(service).includes(carriedAddress(ip)));
      if (!isIts && !isNode) return false;
      const at = ({ port, nodePort }: ServicePort) => (isIts ? port : nodePort);
      return (service.spec?.ports ?? []).some((port) => at(port) === number && carries(port, transport));
    };
    return services.list().some(has);
  };
}
