import type { Node, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { nodeFacts } from '../plan/node-facts.js';
import { type EndpointLimits, NodeMap } from '../plan/nodes.js';
import { userspaceMode } from '../userspace/userspace.js';

/** The second octet of every address in a test: odd ones, so that clusters on one machine do not meet. */
export function testOctet(): number {
  return 201 + 2 * Math.floor(Math.random() * 27);
}

export function wireNode(name: string, address: string, podCIDR: string, ready = 'True'): Node {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, annotations: { 'binnacle.dev/wire': 'loopback' } },
    spec: { podCIDR },
    status: { addresses: [{ type: 'InternalIP', address }], conditions: [{ type: 'Ready', status: ready }] },
  };
}

const mode = userspaceMode({ privileged: true });

export function nodeMap(nodes: readonly Node[], limits?: EndpointLimits): NodeMap {
  const map = new NodeMap(mode.clusterAddress, limits);
  for (const node of nodes) map.set(nodeFacts(node, mode.carries(node)));
  return map;
}

export function service(
  clusterIP: string,
  ports: ServicePort[],
  spec: Partial<Service['spec'] & object> = {},
): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { clusterIP, clusterIPs: [clusterIP], ports, type: 'ClusterIP', ...spec },
  };
}

export function slice(endpoints: Endpoint[], ports: EndpointSlice['ports'], name = 'web-abc'): EndpointSlice {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, namespace: 'default', labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    endpoints,
    ports: ports ?? [],
  };
}
