import type { ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { NodeMap } from './nodes.js';

/** One place a connection may be carried to, as the cluster names it. */
export interface Backend {
  readonly address: string;
  readonly port: number;
  readonly node?: string;
  /** It is of a node whose Pods are on this machine. */
  readonly local?: boolean;
  /** Nodes and zones it is near to, where its slice says so. */
  readonly forNodes?: readonly string[];
  readonly forZones?: readonly string[];
}

export const backendKey = (backend: Backend): string => `${backend.address}:${backend.port}`;

interface Candidate extends Backend {
  readonly ready: boolean;
  readonly servingTerminating: boolean;
}

function portOf(slice: EndpointSlice, wanted: ServicePort): number | undefined {
  const match = slice.ports?.find(
    (port) => (port.name ?? '') === (wanted.name ?? '') && (port.protocol ?? 'TCP') === (wanted.protocol ?? 'TCP'),
  );
  return match?.port ?? undefined;
}

const names = (list: readonly { name: string }[] | undefined) => list?.map(({ name }) => name);

function nearness({ hints }: Endpoint): Pick<Backend, 'forNodes' | 'forZones'> {
  const [forNodes, forZones] = [names(hints?.forNodes), names(hints?.forZones)];
  return { ...(forNodes?.length && { forNodes }), ...(forZones?.length && { forZones }) };
}

function candidate(service: string, endpoint: Endpoint, port: number, nodes: NodeMap): Candidate | undefined {
  const address = endpoint.addresses[0];
  if (address === undefined || !nodes.permits(service, address, port)) return undefined;
  const { ready, serving, terminating } = endpoint.conditions ?? {};
  // Where an address is follows from the address: the node's name is whatever the writer of the slice put there.
  const owner = nodes.owner(address);
  const node = endpoint.nodeName ?? owner;
  return {
    address: nodes.nameOf(address, owner),
    port,
    ...(node !== undefined && { node }),
    ...(nodes.isLocal(owner) && { local: true }),
    ...nearness(endpoint),
    ready: ready ?? true,
    servingTerminating: (serving ?? true) && (terminating ?? false),
  };
}

const serviceOfSlice = ({ metadata: { namespace, labels } }: EndpointSlice): string =>
  `${namespace ?? ''}/${labels?.[LABEL_SERVICE_NAME] ?? ''}`;

function candidates(slices: readonly EndpointSlice[], port: ServicePort, nodes: NodeMap): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const slice of slices) {
    const number = portOf(slice, port);
    if (slice.addressType !== 'IPv4' || number === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const one = candidate(serviceOfSlice(slice), endpoint, number, nodes);
      // The same address may stand in two slices for a moment; the one that is ready wins.
      if (one && !found.get(backendKey(one))?.ready) found.set(backendKey(one), one);
    }
  }
  return [...found.values()];
}

const plain = ({ ready: _, servingTerminating: __, ...backend }: Candidate): Backend => backend;
const byAddress = (a: Backend, b: Backend) => (backendKey(a) < backendKey(b) ? -1 : 1);

/**
 * The endpoints that take traffic: the ready ones, or while there are none those that are terminating but still serve.
 * With `onNode`, that rule is applied among the endpoints of these nodes only.
 * Behaves as kubernetes pkg/proxy/topology.go CategorizeEndpoints.
 */
export function backendsOf(
  slices: readonly EndpointSlice[],
  port: ServicePort,
  nodes: NodeMap,
  onNode: (node: string | undefined) => boolean = () => true,
): Backend[] {
  const all = candidates(slices, port, nodes).filter(({ node }) => onNode(node));
  const ready = all.filter((one) => one.ready);
  const usable = ready.length > 0 ? ready : all.filter((one) => one.servingTerminating);
  return usable.map(plain).sort(byAddress);
}
