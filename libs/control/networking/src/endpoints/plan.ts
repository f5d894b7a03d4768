import type {
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSubset,
  Pod,
  Service,
} from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_HEADLESS_SERVICE } from '@binnacle/apis-kubernetes/well-known';
import { isPodReady } from '@binnacle/control-workloads';
import { semanticEqual } from '@binnacle/machinery-validation';
import { endpointHostname, hasEndpoint, podReference, targetPort } from '../services/pod-endpoint.js';

const MANAGED_BY_LABEL = 'endpoints.kubernetes.io/managed-by';
const MANAGER = 'endpoint-controller';
const OVER_CAPACITY = 'endpoints.kubernetes.io/over-capacity';
export const MOST_ADDRESSES = 1000;

/** Whether this controller keeps them. */
export function isManaged({ metadata }: Endpoints): boolean {
  return metadata.labels?.[MANAGED_BY_LABEL] === MANAGER;
}

interface Placed {
  readonly ports: EndpointPort[];
  readonly address: EndpointAddress;
  readonly ready: boolean;
}

function portsFor(service: Service, pod: Pod): EndpointPort[] | undefined {
  const ports = service.spec?.ports ?? [];
  const found = ports.flatMap(({ name, protocol = 'TCP', appProtocol, ...port }) => {
    const number = targetPort(pod, { ...port, protocol });
    if (number === undefined) return [];
    return [{ ...(name && { name }), port: number, protocol, ...(appProtocol && { appProtocol }) }];
  });
  return found.length > 0 || ports.length === 0 ? found : undefined;
}

function addressOf(service: Service, pod: Pod, ip: string): EndpointAddress {
  const nodeName = pod.spec?.nodeName;
  const hostname = endpointHostname(pod, service);
  return { ip, ...(nodeName && { nodeName }), ...(hostname && { hostname }), targetRef: podReference(pod) };
}

function place(service: Service, pod: Pod): Placed[] {
  const publish = service.spec?.publishNotReadyAddresses === true;
  const ip = pod.status?.podIP;
  if (!ip || !hasEndpoint(pod) || (pod.metadata.deletionTimestamp && !publish)) return [];
  const ports = portsFor(service, pod);
  return ports ? [{ ports, address: addressOf(service, pod, ip), ready: publish || isPodReady(pod) }] : [];
}

const byAddress = (a: EndpointAddress, b: EndpointAddress): number => (a.ip < b.ip ? -1 : Number(a.ip > b.ip));

/** Ready addresses come first when there are too many. */
function truncate(placed: readonly Placed[]): Placed[] {
  return [...placed].sort((a, b) => Number(b.ready) - Number(a.ready)).slice(0, MOST_ADDRESSES);
}

function subsets(placed: readonly Placed[]): EndpointSubset[] {
  const groups = new Map<string, Placed[]>();
  for (const one of placed) {
    const key = JSON.stringify(one.ports);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => {
      const addresses = group.filter(({ ready }) => ready).map(({ address }) => address);
      const notReadyAddresses = group.filter(({ ready }) => !ready).map(({ address }) => address);
      return {
        ...(addresses.length > 0 && { addresses: addresses.sort(byAddress) }),
        ...(notReadyAddresses.length > 0 && { notReadyAddresses: notReadyAddresses.sort(byAddress) }),
        ...(group[0]?.ports.length && { ports: group[0].ports }),
      };
    });
}

function metadataFor(service: Service, existing: Endpoints | undefined, over: boolean): Endpoints['metadata'] {
  const { [LABEL_HEADLESS_SERVICE]: _, ...labels } = service.metadata.labels ?? {};
  const { [OVER_CAPACITY]: __, ...annotations } = existing?.metadata.annotations ?? {};
  const { name, namespace } = service.metadata;
  return {
    ...existing?.metadata,
    name,
    namespace,
    labels: {
      ...labels,
      [MANAGED_BY_LABEL]: MANAGER,
      ...(service.spec?.clusterIP === 'None' && { [LABEL_HEADLESS_SERVICE]: '' }),
    },
    annotations: { ...annotations, ...(over && { [OVER_CAPACITY]: 'truncated' }) },
  };
}

/** The Endpoints the Service should have; undefined when it has them. Behaves as kubernetes pkg/controller/endpoint. */
export function planEndpoints(
  service: Service,
  pods: readonly Pod[],
  existing: Endpoints | undefined,
): Endpoints | undefined {
  const placed = pods.flatMap((pod) => place(service, pod));
  const metadata = metadataFor(service, existing, placed.length > MOST_ADDRESSES);
  const next: Endpoints = { apiVersion: 'v1', kind: 'Endpoints', metadata, subsets: subsets(truncate(placed)) };
  const same =
    existing !== undefined &&
    semanticEqual(existing.subsets, next.subsets) &&
    semanticEqual(existing.metadata.labels, metadata.labels) &&
    semanticEqual(existing.metadata.annotations, metadata.annotations);
  return same ? undefined : next;
}
