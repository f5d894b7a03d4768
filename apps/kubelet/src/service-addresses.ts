import type { Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';

type IsService = (ip: string, port: number, transport: 'tcp' | 'udp') => boolean;

const carries = ({ protocol = 'TCP' }: ServicePort, transport: string): boolean => protocol.toLowerCase() === transport;

function isAt({ spec }: Service, ip: string, isNode: boolean, has: (port: ServicePort, own: boolean) => boolean) {
  const { clusterIP, clusterIPs = [], ports = [] } = spec ?? {};
  const own = clusterIP === ip || clusterIPs.includes(ip);
  return (own || isNode) && ports.some((port) => has(port, own));
}

/** Whether some Service answers at an address: at its own on its ports, at a simulated node's on its node ports. */
export function serviceAddresses(services: Pick<Lister<Service>, 'list'>, isNode: (ip: string) => boolean): IsService {
  return (ip, number, transport) => {
    const node = isNode(ip);
    return services
      .list()
      .some((service) =>
        isAt(
          service,
          ip,
          node,
          (port, own) => (own ? port.port : port.nodePort) === number && carries(port, transport),
        ),
      );
  };
}
