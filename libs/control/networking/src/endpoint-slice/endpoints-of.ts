import type { Node, Pod, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointPort } from '@binnacle/apis-kubernetes/discovery/v1';
import { isPodReady } from '@binnacle/control-workloads';
import { endpointHostname, hasEndpoint, podReference, targetPort } from '../services/pod-endpoint.js';

const ZONE_LABEL = 'topology.kubernetes.io/zone';

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

function endpointFor(service: Service, pod: Pod, address: string, nodes: Nodes): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const ready = service.spec?.publishNotReadyAddresses === true || (serving && !terminating);
  const nodeName = pod.spec?.nodeName;
  const zone = nodeName ? nodes(nodeName)?.metadata.labels?.[ZONE_LABEL] : undefined;
  const hostname = endpointHostname(pod, service);
  return {
    addresses: [address],
    conditions: { ready, serving, terminating },
    targetRef: podReference(pod),
    ...(nodeName && { nodeName }),
    ...(zone && { zone }),
    ...(hostname && { hostname }),
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
