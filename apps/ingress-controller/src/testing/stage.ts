import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { userspaceMode } from '@binnacle/network-proxy';
import { ConnectionDoor } from '@binnacle/process-connections';
import { ExactListeners, systemClock } from '@binnacle/process-lifecycle';
import { ClusterIngresses } from '../cluster-ingresses.js';
import { fallbackCertificate } from '../fallback-certificate.js';

/** As the program makes it, without reports. */
export async function testIngresses(): Promise<ClusterIngresses> {
  return new ClusterIngresses({
    engine: {
      privileged: process.getuid?.() === 0,
      door: new ConnectionDoor({ inAll: 1_000, each: 1_000 }, systemClock),
      held: new ExactListeners(systemClock),
      makeId: () => 'id',
      report: () => undefined,
      mostRequests: 1_000,
    },
    mode: userspaceMode({ privileged: true }),
    ours: { name: 'binnacle', controller: 'binnacle.dev/ingress-controller' },
    service: { namespace: 'kube-system', name: 'ingress-controller' },
    source: { component: 'ingress-controller' },
    fallback: await fallbackCertificate(systemClock.now()),
  });
}

/** Where an address of a cluster really is. */
export const carried = (address: string): string => address.replace(/^10\./, '127.');

/** Networks of a logical cluster, without the last byte. */
export interface Networks {
  readonly pods: string;
  readonly nodes: string;
}

const base = (cidr: string): string => cidr.split('.').slice(0, 3).join('.');

export const networksOf = (spec: { readonly podCIDR: string; readonly nodeCIDR: string }): Networks => ({
  pods: base(spec.podCIDR),
  nodes: base(spec.nodeCIDR),
});

export async function addNode(ctx: Context, client: KubeClient, { pods, nodes }: Networks): Promise<void> {
  await client.resource<Node>(refs.nodes).create(ctx, {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'worker-1', annotations: { 'binnacle.dev/wire': 'loopback' } },
    spec: { podCIDR: `${pods}.0/24` },
    status: { addresses: [{ type: 'InternalIP', address: carried(`${nodes}.11`) }] },
  });
}

/** A Service of one endpoint. */
export async function expose(ctx: Context, client: KubeClient, name: string, address: string): Promise<void> {
  const metadata = { name, namespace: 'default' };
  const service: Service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ port: 80 }] } };
  await client.resource<Service>(refs.services).create(ctx, service);
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
    ports: [{ port: 8080, protocol: 'TCP', name: '' }],
  };
  await client.resource<EndpointSlice>(refs.endpointslices).create(ctx, slice);
}
