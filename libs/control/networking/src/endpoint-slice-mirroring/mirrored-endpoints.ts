import type { EndpointAddress, Endpoints, EndpointSubset } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointPort } from '@binnacle/apis-kubernetes/discovery/v1';

/** Of one subset; upstream's limit, above which Endpoints are not carried in full. */
export const MOST_MIRRORED = 1000;

/** What one mirroring slice holds: addresses of one family that serve on the same ports. */
export interface MirrorGroup {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly ports: readonly EndpointPort[];
  readonly endpoints: Endpoint[];
}

function endpointAt({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint {
  return {
    addresses: [ip],
    conditions: { ready },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(targetRef && { targetRef }),
  };
}

function endpointsOf({ addresses = [], notReadyAddresses = [] }: EndpointSubset): Endpoint[] {
  const ready = addresses.map((address) => endpointAt(address, true));
  return [...ready, ...notReadyAddresses.map((address) => endpointAt(address, false))];
}

function portsOf({ ports = [] }: EndpointSubset): EndpointPort[] {
  return ports.map(({ name = '', protocol = 'TCP', port, appProtocol }) => ({
    name,
    protocol,
    port,
    ...(appProtocol && { appProtocol }),
  }));
}

/** How many addresses are too many to be mirrored. */
export function countLeftOut({ subsets = [] }: Endpoints): number {
  return subsets.reduce((sum, subset) => sum + Math.max(0, endpointsOf(subset).length - MOST_MIRRORED), 0);
}

export function mirrorGroups({ subsets = [] }: Endpoints): MirrorGroup[] {
  const groups = new Map<string, MirrorGroup>();
  for (const subset of subsets) {
    const ports = portsOf(subset);
    for (const endpoint of endpointsOf(subset).slice(0, MOST_MIRRORED)) {
      const addressType = endpoint.addresses[0]?.includes(':') ? 'IPv6' : 'IPv4';
      const key = JSON.stringify([addressType, ports]);
      const group = groups.get(key) ?? { addressType, ports, endpoints: [] };
      groups.set(key, group);
      group.endpoints.push(endpoint);
    }
  }
  return [...groups.values()];
}
