import type { ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { NodeMap } from './nodes.js';

/** One place a connection may be carried to. */
export interface Backend {
  readonly host: string;
  readonly port: number;
  readonly node?: string;
}

export const backendKey = (backend: Backend): string => `${backend.host}:${backend.port}`;

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

function candidate(endpoint: Endpoint, port: number, nodes: NodeMap): Candidate | undefined {
  const address = endpoint.addresses[0];
  if (address === undefined) return undefined;
  const { ready, serving, terminating } = endpoint.conditions ?? {};
  const node = endpoint.nodeName ?? nodes.owner(address);
  return {
    ...nodes.dialAddress(address, port, node),
    ...(node !== undefined && { node }),
    ready: ready ?? true,
    servingTerminating: (serving ?? true) && (terminating ?? false),
  };
}

function candidates(slices: readonly EndpointSlice[], port: ServicePort, nodes: NodeMap): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const slice of slices) {
    const number = portOf(slice, port);
    if (slice.addressType !== 'IPv4' || number === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const one = candidate(endpoint, number, nodes);
      // The same address may stand in two slices for a moment; the one that is ready wins.
      if (one && !found.get(backendKey(one))?.ready) found.set(backendKey(one), one);
    }
  }
  return [...found.values()];
}

const plain = ({ host, port, node }: Candidate): Backend => ({ host, port, ...(node !== undefined && { node }) });
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
