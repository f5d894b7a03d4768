import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { LABEL_SERVICE_NAME } from '@binnacle/apis-kubernetes/well-known';
import type { EndpointCount, ObjectStatus, Surroundings } from '../view/kind-view.js';

function count(slices: readonly EndpointSlice[]): EndpointCount {
  // What is on its way out is not missed, and on a dead node it stays on its way for ever.
  const endpoints = slices
    .flatMap((slice) => slice.endpoints ?? [])
    .filter(({ conditions }) => !conditions?.terminating);
  // Absent means ready, as the API says.
  return { total: endpoints.length, ready: endpoints.filter(({ conditions }) => conditions?.ready !== false).length };
}

/** By `namespace/name` of the Service. Where it has addresses of two families, the larger of the two counts. */
export function endpointCounts(slices: readonly EndpointSlice[]): ReadonlyMap<string, EndpointCount> {
  const families = new Map<string, Map<string, EndpointSlice[]>>();
  for (const slice of slices) {
    const name = slice.metadata.labels?.[LABEL_SERVICE_NAME];
    if (!name) continue;
    const key = `${slice.metadata.namespace ?? ''}/${name}`;
    const ofService = families.get(key) ?? new Map<string, EndpointSlice[]>();
    families.set(key, ofService.set(slice.addressType, [...(ofService.get(slice.addressType) ?? []), slice]));
  }
  const larger = (a: EndpointCount, b: EndpointCount) => (b.total > a.total ? b : a);
  return new Map([...families].map(([key, ofService]) => [key, [...ofService.values()].map(count).reduce(larger)]));
}

const hasSelector = ({ spec }: Service): boolean => Object.keys(spec?.selector ?? {}).length > 0;

/** Undefined while the endpoints are not known. */
export function endpointsOf({ metadata }: Service, { endpoints }: Surroundings): EndpointCount | undefined {
  if (!endpoints) return undefined;
  return endpoints.get(`${metadata.namespace ?? ''}/${metadata.name ?? ''}`) ?? { ready: 0, total: 0 };
}

/** A Service is as good as what stands behind it; undefined while that is not known. */
export function serviceStatus(service: Service, around: Surroundings): ObjectStatus | undefined {
  if (service.spec?.type === 'ExternalName') return { tone: 'idle', label: 'ExternalName' };
  const found = endpointsOf(service, around);
  if (!found) return undefined;
  const { ready, total } = found;
  const detail = `${ready} of ${total} endpoints are ready.`;
  if (total === 0)
    return hasSelector(service) ? { tone: 'warn', label: 'NoEndpoints' } : { tone: 'idle', label: 'NoSelector' };
  if (ready === 0) return { tone: 'error', label: 'NoReadyEndpoints', detail };
  return { tone: ready < total ? 'warn' : 'ok', label: 'Ready', detail };
}
