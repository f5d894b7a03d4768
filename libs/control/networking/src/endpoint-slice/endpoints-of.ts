import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import { targetPort } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { Endpoint, EndpointHints, EndpointPort } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_TOPOLOGY_ZONE } from '@binnacle/apis-kubernetes/well-known';
import { isPodReady } from '@binnacle/control-workloads';
import { wantsTopologyHints } from './zone-shares.js';
import { endpointHostname, hasEndpoint, podReference } from '../services/pod-endpoint.js';

const NEAR: readonly (string | undefined)[] = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

/** Endpoints that share one list of ports, and so may share slices. */
export interface PortGroup {
  readonly ports: readonly EndpointPort[];
  readonly endpoints: readonly Endpoint[];
}

export type AddressType = 'IPv4' | 'IPv6';
export type Nodes = (name: string) => Node | undefined;

export function addressTypes(service: Service): AddressType[] {
  if (service.spec?.type === 'ExternalName') return [];
  const families = service.spec?.ipFamilies ?? ['IPv4'];
  return families.map((family) => (family === 'IPv6' ? 'IPv6' : 'IPv4'));
}

function addressOf(pod: Pod, type: AddressType): string | undefined {
  const all = [pod.status?.podIP, ...(pod.status?.podIPs ?? []).map(({ ip }) => ip)];
  return all.find((ip) => ip && ip.includes(':') === (type === 'IPv6'));
}

function portsFor(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec?.ports ?? []).flatMap((port) => {
    const number = targetPort(pod, port);
    if (number === undefined) return [];
    const { appProtocol } = port;
    return [
      { name: port.name ?? '', protocol: port.protocol ?? 'TCP', port: number, ...(appProtocol && { appProtocol }) },
    ];
  });
}

/** For whom an endpoint is near. Behaves as kubernetes endpointslice/trafficdist ReconcileHints. */
function hintsFor(service: Service, nodeName: string | undefined, zone: string | undefined): Pick<Endpoint, 'hints'> {
  const near = service.spec?.trafficDistribution;
  if (!NEAR.includes(near) || wantsTopologyHints(service)) return {};
  const hints: EndpointHints = {
    ...(zone && { forZones: [{ name: zone }] }),
    ...(nodeName && near === 'PreferSameNode' && { forNodes: [{ name: nodeName }] }),
  };
  return Object.keys(hints).length > 0 ? { hints } : {};
}

function conditionsOf({ spec }: Service, pod: Pod): NonNullable<Endpoint['conditions']> {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  return { ready: spec?.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating };
}

function endpointFor(service: Service, pod: Pod, address: string, nodes: Nodes): Endpoint {
  const conditions = conditionsOf(service, pod);
  const nodeName = pod.spec?.nodeName;
  const zone = nodeName ? nodes(nodeName)?.metadata.labels?.[LABEL_TOPOLOGY_ZONE] : undefined;
  const hostname = endpointHostname(pod, service);
  return {
    addresses: [address],
    conditions,
    targetRef: podReference(pod),
    ...(nodeName && { nodeName }),
    ...(zone && { zone }),
    ...(hostname && { hostname }),
    ...(conditions.ready && hintsFor(service, nodeName, zone)),
  };
}

/** The endpoints a Service has, grouped by the ports they serve on. */
export function endpointsOf(service: Service, type: AddressType, pods: readonly Pod[], nodes: Nodes): PortGroup[] {
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    const address = hasEndpoint(pod) ? addressOf(pod, type) : undefined;
    if (!address) continue;
    const ports = portsFor(service, pod);
    const key = JSON.stringify(ports);
    const group = groups.get(key) ?? { ports, endpoints: [] };
    groups.set(key, group);
    group.endpoints.push(endpointFor(service, pod, address, nodes));
  }
  return [...groups.values()];
}
