import type { ConfigMap, Namespace, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LABEL_HEADLESS_SERVICE, LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { createInformer, type SharedInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { KubeObject } from '@binnacle/machinery-meta';

export const SYSTEM_NAMESPACE = 'kube-system';
/** The name of the DNS' Service, and of the ConfigMap that says whom it asks. */
export const DNS_NAME = 'kube-dns';

/** What the DNS of a cluster follows. */
export interface DnsSources {
  readonly services: SharedInformer<Service>;
  /** Of headless Services. */
  readonly headless: SharedInformer<EndpointSlice>;
  /** Those that somebody else than the controller of slices keeps, which say nothing of their Service. */
  readonly others: SharedInformer<EndpointSlice>;
  readonly namespaces: SharedInformer<Namespace>;
  readonly config: SharedInformer<ConfigMap>;
}

/** The slices of Services with an address, which are by far the most, are not followed: no name leads to what is in them. */
const OTHERS = 'endpointslice.kubernetes.io/managed-by notin (endpointslice-controller.k8s.io)';

/** Who an object is, which is all of its metadata that is kept. */
const identity = ({ metadata: { name, namespace, uid, resourceVersion } }: KubeObject) => ({
  ...(name !== undefined && { name }),
  ...(namespace !== undefined && { namespace }),
  ...(uid !== undefined && { uid }),
  ...(resourceVersion !== undefined && { resourceVersion }),
});

function slimService(service: Service): Service {
  const { labels } = service.metadata;
  const { type, externalName, clusterIP, clusterIPs, ports } = service.spec ?? {};
  return {
    apiVersion: service.apiVersion,
    kind: service.kind,
    metadata: { ...identity(service), ...(service.metadata.name === DNS_NAME && labels && { labels }) },
    spec: { type, externalName, clusterIP, clusterIPs, ports },
  } as Service;
}

function slimSlice(slice: EndpointSlice): EndpointSlice {
  const service = slice.metadata.labels?.[LABEL_SERVICE_NAME];
  return {
    ...slice,
    metadata: { ...identity(slice), ...(service && { labels: { [LABEL_SERVICE_NAME]: service } }) },
    endpoints: slice.endpoints?.map(({ addresses, hostname, conditions }) => ({
      addresses,
      ...(hostname !== undefined && { hostname }),
      conditions: { ready: conditions?.ready },
    })),
  } as EndpointSlice;
}

const onlyIdentity = <T extends KubeObject>({ apiVersion, kind, ...object }: T): T =>
  ({ apiVersion, kind, metadata: identity({ apiVersion, kind, ...object }) }) as T;

/** Tells that there are nodes, without which nobody could ask. */
export const nodesOf = (client: KubeClient): SharedInformer<Node> =>
  createInformer(client.resource<Node>(refs.nodes), { transform: onlyIdentity });

export function dnsSources(client: KubeClient): DnsSources {
  const slices = (labelSelector: string) =>
    createInformer(client.resource<EndpointSlice>(refs.endpointslices), {
      selection: { labelSelector },
      transform: slimSlice,
    });
  return {
    services: createInformer(client.resource<Service>(refs.services), { transform: slimService }),
    headless: slices(LABEL_HEADLESS_SERVICE),
    others: slices(OTHERS),
    namespaces: createInformer(client.resource<Namespace>(refs.namespaces), { transform: onlyIdentity }),
    config: createInformer(client.resource<ConfigMap>(refs.configmaps), {
      selection: { namespace: SYSTEM_NAMESPACE, fieldSelector: `metadata.name=${DNS_NAME}` },
    }),
  };
}
