import type { Namespace, Service, ServicePort } from '@binnacle/apis-kubernetes/core/v1';
import type { Endpoint, EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { SharedInformer } from '@binnacle/client-informers';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { RecordSources } from '../cluster/cluster-records.js';

let revision = 0;
const metadata = (name: string, namespace?: string) => {
  revision += 1;
  return { name, ...(namespace && { namespace }), uid: `${namespace}/${name}`, resourceVersion: String(revision) };
};

export const http: ServicePort = { name: 'http', port: 80, protocol: 'TCP' };

export const serviceIn = (namespace: string, name: string, spec: Service['spec']): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: metadata(name, namespace),
  spec,
});

export const endpoint = (address: string, more: Partial<Endpoint> = {}): Endpoint => ({
  addresses: [address],
  ...more,
});

export const sliceOf = (service: string, name: string, endpoints: Endpoint[], more: object = {}): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { ...metadata(name, 'shop'), labels: { 'kubernetes.io/service-name': service } },
  addressType: 'IPv4',
  endpoints,
  ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
  ...more,
});

export const namespaceNamed = (name: string): Namespace => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: metadata(name),
});

/** An informer that a test tells what there is, in place of a server. */
export function told<T extends KubeObject>(objects: readonly T[] = []): SharedInformer<T> {
  const informer = new SharedInformer<T>({} as ConstructorParameters<typeof SharedInformer<T>>[0]);
  informer.replace(objects, '1');
  return informer;
}

export const sources = (
  services: readonly Service[],
  headless: readonly EndpointSlice[] = [],
  others: readonly EndpointSlice[] = [],
) =>
  ({
    services: told(services),
    headless: told(headless),
    others: told(others),
    namespaces: told(['default', 'shop', 'kube-system'].map(namespaceNamed)),
  }) satisfies RecordSources;
