import type {
  EndpointAddress,
  EndpointPort,
  Endpoints,
  EndpointSubset,
  Pod,
  Service,
} from '@binnacle/apis-kubernetes/core/v1';
import { targetPort } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { LABEL_HEADLESS_SERVICE } from '@binnacle/apis-kubernetes/well-known';
import { isPodReady } from '@binnacle/control-workloads';
import { semanticEqual } from '@binnacle/machinery-validation';
import { endpointHostname, hasEndpoint, podReference } from '../services/pod-endpoint.js';

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

interface Group {
  readonly ports: EndpointPort[];
  readonly members: Placed[];
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

/** Each port with everybody who has it, and then together those of which the same have all: kubernetes pkg/api/v1/endpoints. */
function groupsOf(placed: readonly Placed[]): Group[] {
  const single = placed.flatMap((one) => {
    const ports = one.ports.length > 0 ? one.ports : [undefined];
    return ports.map((port) => ({ port, one }));
  });
  const byPort = grouped(single, ({ port }) => JSON.stringify(port ?? null)).map((all) => ({
    ports: all.slice(0, 1).flatMap(({ port }) => port ?? []),
    members: all.map(({ one }) => one),
  }));
  const whose = ({ members }: Group) =>
    JSON.stringify(members.map(({ address, ready }) => `${address.ip} ${address.targetRef?.uid} ${ready}`).sort());
  return grouped(byPort, whose).map((same) => ({
    ports: same.flatMap(({ ports }) => ports),
    members: same[0]?.members ?? [],
  }));
}

const portsText = ({ ports }: Group): string => JSON.stringify(ports);

function subsets(placed: readonly Placed[]): EndpointSubset[] {
  return groupsOf(placed)
    .sort((a, b) => (portsText(a) < portsText(b) ? -1 : 1))
    .map(({ ports, members }) => {
      const addresses = members.filter(({ ready }) => ready).map(({ address }) => address);
      const notReadyAddresses = members.filter(({ ready }) => !ready).map(({ address }) => address);
      return {
        ...(addresses.length > 0 && { addresses: addresses.sort(byAddress) }),
        ...(notReadyAddresses.length > 0 && { notReadyAddresses: notReadyAddresses.sort(byAddress) }),
        ...(ports.length > 0 && { ports }),
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
