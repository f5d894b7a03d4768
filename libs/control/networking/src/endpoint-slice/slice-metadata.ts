import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_HEADLESS_SERVICE, LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import { controllerReferenceTo, isControlledBy } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';

export const MANAGED_BY_LABEL = 'endpointslice.kubernetes.io/managed-by';
export const MANAGER = 'endpointslice-controller.k8s.io';
const SERVICE = { apiVersion: 'v1', kind: 'Service' };
/** Names are cut by the server to 63; leave room for the dash and what it appends. */
export const LONGEST_PREFIX = 57;

/** The Service's labels, and whose slice it is and who keeps it. */
export function sliceLabels(service: Service): Record<string, string> {
  const { [LABEL_HEADLESS_SERVICE]: _, ...labels } = service.metadata.labels ?? {};
  return {
    ...labels,
    ...(service.spec?.clusterIP === 'None' && { [LABEL_HEADLESS_SERVICE]: '' }),
    [LABEL_SERVICE_NAME]: service.metadata.name ?? '',
    [MANAGED_BY_LABEL]: MANAGER,
  };
}

export function hasRightMetadata(service: Service, slice: EndpointSlice): boolean {
  return semanticEqual(sliceLabels(service), slice.metadata.labels) && isControlledBy(slice, service);
}

export function withRightMetadata(service: Service, slice: EndpointSlice): EndpointSlice {
  const ownerReferences = [controllerReferenceTo(service, SERVICE)];
  return { ...slice, metadata: { ...slice.metadata, labels: sliceLabels(service), ownerReferences } };
}

export function emptySlice(service: Service, addressType: string): EndpointSlice {
  return withRightMetadata(service, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${(service.metadata.name ?? '').slice(0, LONGEST_PREFIX)}-`,
      namespace: service.metadata.namespace,
    },
    addressType,
    endpoints: [],
    ports: [],
  });
}
