import type { ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { canonicalAddress, type Family } from './addresses.js';
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

export const backendKey = ({ address, port }: Pick<Backend, 'address' | 'port'>): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;

/** An endpoint as its slice has it, whether or not it takes traffic. */
export interface Candidate extends Backend {
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
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
  const address = canonicalAddress(endpoint.addresses[0] ?? '');
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
    serving: serving ?? true,
    terminating: terminating ?? false,
  };
}

const serviceOfSlice = ({ metadata: { namespace, labels } }: EndpointSlice): string =>
  `${namespace ?? ''}/${labels?.[LABEL_SERVICE_NAME] ?? ''}`;

const byAddress = (a: Backend, b: Backend) => (backendKey(a) < backendKey(b) ? -1 : 1);

/** All endpoints of one port of a Service, as far as they may be carried to, in the order of their addresses. */
export function candidatesOf(
  slices: readonly EndpointSlice[],
  port: ServicePort,
  nodes: NodeMap,
  family: Family = 'IPv4',
): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const slice of slices) {
    const number = portOf(slice, port);
    if (slice.addressType !== family || number === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const one = candidate(serviceOfSlice(slice), endpoint, number, nodes);
      // The same address may stand in two slices for a moment; the one that is ready wins.
      if (one && !found.get(backendKey(one))?.ready) found.set(backendKey(one), one);
    }
  }
  return [...found.values()].sort(byAddress);
}

const plain = ({ ready: _, serving: __, terminating: ___, ...backend }: Candidate): Backend => backend;
/** Hints are of ready endpoints: while there are none, all serve all. */
const unhinted = (one: Candidate): Backend => {
  const { forNodes: _, forZones: __, ...backend } = plain(one);
  return backend;
};

/**
 * The endpoints that take traffic: the ready ones, or while there are none those that are terminating but still serve.
 * With `onNode`, that rule is applied among the endpoints of these nodes only.
 * Behaves as kubernetes pkg/proxy/topology.go CategorizeEndpoints.
 */
export function usableOf(
  candidates: readonly Candidate[],
  onNode: (node: string | undefined) => boolean = () => true,
): Backend[] {
  const all = candidates.filter(({ node }) => onNode(node));
  const ready = all.filter((one) => one.ready);
  if (ready.length > 0) return ready.map(plain);
  return all.filter(({ serving, terminating }) => serving && terminating).map(unhinted);
}

/** Keys of endpoints that keep what they have though nothing new comes to them. As kubernetes pkg/proxy/conntrack. */
export function drainingOf(candidates: readonly Candidate[], backends: readonly Backend[]): string[] {
  const taken = new Set(backends.map(backendKey));
  return candidates
    .filter(({ serving }) => serving)
    .map(backendKey)
    .filter((key) => !taken.has(key));
}

/** The endpoints of one port that take traffic. */
export function backendsOf(
  slices: readonly EndpointSlice[],
  port: ServicePort,
  nodes: NodeMap,
  onNode?: (node: string | undefined) => boolean,
): Backend[] {
  return usableOf(candidatesOf(slices, port, nodes), onNode);
}
