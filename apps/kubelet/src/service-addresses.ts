import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import { carriedAddress } from '@binnacle/machinery-wire';

/** What addresses are, to the nodes of one cluster. */
export interface ServiceAddresses {
  /** The simulated node whose own address it is. */
  readonly nodeAt: (ip: string) => string | undefined;
  /** Whether a Service's own address is one of the cluster's. */
  readonly isOwn: (ip: string) => boolean;
  /** Whether a Service of the cluster may be given an address beside its own. */
  readonly isExternal: (ip: string) => boolean;
}

/** A Service, and the port of it that is meant. */
export interface ServiceAt {
  readonly service: Service;
  readonly port: ServicePort;
}

const carries = ({ protocol = 'TCP' }: ServicePort, transport: string): boolean => protocol.toLowerCase() === transport;

const ownOf = ({ spec }: Service): readonly string[] => [spec?.clusterIP ?? '', ...(spec?.clusterIPs ?? [])];

/** What somebody has given to a Service: by hand, or as its load balancer. */
function givenTo({ spec, status }: Service): string[] {
  const balanced = (status?.loadBalancer?.ingress ?? []).map(({ ip = '' }) => ip);
  return [...(spec?.externalIPs ?? []), ...balanced].map(carriedAddress);
}

/** Finds Services by where they answer: on their ports at their own addresses and at those they were given, on node ports at a node's. */
export class ServiceFinder {
  constructor(
    private readonly services: Pick<Lister<Service>, 'list'>,
    readonly addresses: ServiceAddresses,
  ) {}

  find(ip: string, number: number, transport: 'tcp' | 'udp'): ServiceAt | undefined {
    const isNode = this.addresses.nodeAt(ip) !== undefined;
    const isIts = this.having(ip);
    for (const service of this.services.list()) {
      const its = isIts(service);
      if (!its && !isNode) continue;
      const at = ({ port, nodePort }: ServicePort) => (its ? port : nodePort);
      const port = service.spec?.ports?.find((one) => at(one) === number && carries(one, transport));
      if (port) return { service, port };
    }
    return undefined;
  }

  /** Those that an address is their own or given. */
  at(ip: string): readonly Service[] {
    return this.services.list().filter(this.having(ip));
  }

  private having(ip: string): (service: Service) => boolean {
    const [isOwn, isExternal] = [this.addresses.isOwn(ip), this.addresses.isExternal(ip)];
    return (service) =>
      (isOwn && ownOf(service).includes(ip)) || (isExternal && givenTo(service).includes(carriedAddress(ip)));
  }
}
