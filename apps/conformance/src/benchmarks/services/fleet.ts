import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Made } from '../turns/requests.js';

/** How much there is to carry. */
export interface Size {
  readonly services: number;
  /** Of each Service. */
  readonly endpoints: number;
  /** Services of one endpoint besides, which is changed. */
  readonly changed: number;
}

export const NAMESPACE = 'fleet';
const PORT = 8080;
/** Pods a node has at most. */
const PODS = 200;
const NODES = 250;

/** Where a Pod is: the nodes' ranges are filled one after the other, and begun anew when all are full. */
export const podAddress = (at: number): string => `10.128.${Math.floor(at / PODS) % NODES}.${(at % PODS) + 2}`;

/** Addresses that no Service is given by itself. */
export const serviceAddress = (at: number): string => `10.96.${100 + Math.floor(at / PODS)}.${(at % PODS) + 1}`;

export const serviceName = (at: number): string => `service-${at}`;

const nodeOf = (at: number): Node => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `node-${at}`, annotations: { 'binnacle.dev/wire': 'loopback' } },
  spec: { podCIDR: `10.128.${at}.0/24`, podCIDRs: [`10.128.${at}.0/24`] },
  status: { addresses: [{ type: 'InternalIP', address: `10.128.${at}.1` }] },
});

const serviceOf = (at: number): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: serviceName(at), namespace: NAMESPACE },
  spec: { clusterIP: serviceAddress(at), clusterIPs: [serviceAddress(at)], ports: [{ port: PORT, protocol: 'TCP' }] },
});

const endpointAt = (address: string): Endpoint => ({ addresses: [address], conditions: { ready: true } });

export const sliceOf = (at: number, addresses: readonly string[]): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: serviceName(at),
    namespace: NAMESPACE,
    labels: { 'kubernetes.io/service-name': serviceName(at) },
  },
  addressType: 'IPv4',
  endpoints: addresses.map(endpointAt),
  ports: [{ name: '', port: PORT, protocol: 'TCP' }],
});

/** All there is: nodes, Services, and where they lead. The changed ones come last, and lead to `first`. */
export function* fleet({ services, endpoints, changed }: Size, first: string): Generator<Made> {
  const at = (path: string) => `${path}/namespaces/${NAMESPACE}`;
  for (let node = 0; node < NODES; node += 1) yield { path: '/api/v1/nodes', body: nodeOf(node) };
  for (let one = 0; one < services + changed; one += 1) {
    const isChanged = one >= services;
    const pods = Array.from({ length: endpoints }, (_, pod) => podAddress(one * endpoints + pod));
    yield { path: `${at('/api/v1')}/services`, body: serviceOf(one) };
    yield {
      path: `${at('/apis/discovery.k8s.io/v1')}/endpointslices`,
      body: sliceOf(one, isChanged ? [first] : pods),
    };
  }
}
