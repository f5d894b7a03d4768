import type { Container, ContainerExtendedResourceRequest, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { CLASS_RESOURCE_PREFIX, EXTENDED_CLAIM_ANNOTATION } from '@binnacle/apis-kubernetes/devices';
import type { DeviceClass, DeviceRequest, ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import { toUnits } from '@binnacle/machinery-quantity';

/** The claim for what a Pod asks for as extended resources, and which of its requests is which container's. */
export interface ExtendedDemand {
  readonly claim: ResourceClaim;
  readonly mappings: readonly ContainerExtendedResourceRequest[];
}

/** The class whose devices an extended resource is, if it is of devices. */
export type ClassOfResource = (resource: string) => DeviceClass | undefined;

const createdAt = ({ metadata }: DeviceClass): string => metadata.creationTimestamp ?? '';

/** Of several the youngest, and of those the first by name. */
function younger(a: DeviceClass, b: DeviceClass): number {
  if (createdAt(a) !== createdAt(b)) return createdAt(a) < createdAt(b) ? 1 : -1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/**
 * Extended resources by the classes of devices that stand behind them.
 * Behaves as kubernetes dynamic-resource-allocation/deviceclass/extendedresourcecache.
 */
export function classOfResource(
  classNamed: (name: string) => DeviceClass | undefined,
  classesOf: (resource: string) => readonly DeviceClass[],
): ClassOfResource {
  return (resource) =>
    resource.startsWith(CLASS_RESOURCE_PREFIX)
      ? classNamed(resource.slice(CLASS_RESOURCE_PREFIX.length))
      : [...classesOf(resource)].sort(younger)[0];
}

interface Place {
  readonly container: Container;
  /** Among all containers of the Pod, those that run first before the others. */
  readonly index: number;
  /** It ends before the others begin, so that what it had is theirs. */
  readonly passing: boolean;
}

function placesOf({ spec }: Pod): Place[] {
  const first = spec?.initContainers ?? [];
  return [...first, ...(spec?.containers ?? [])].map((container, index) => ({
    container,
    index,
    passing: index < first.length && container.restartPolicy !== 'Always',
  }));
}

const amountIn = ({ resources }: Container, resource: string): number => {
  const amount = resources?.requests?.[resource];
  return amount === undefined ? 0 : toUnits(amount);
};

function requestOf({ container, index }: Place, resource: string, className: string, count: number): DeviceRequest {
  const names = Object.keys(container.resources?.requests ?? {}).sort();
  return {
    name: `container-${index}-request-${Math.max(0, names.indexOf(resource))}`,
    exactly: { deviceClassName: className, allocationMode: 'ExactCount', count },
  };
}

interface Part {
  readonly requests: readonly DeviceRequest[];
  readonly mappings: readonly ContainerExtendedResourceRequest[];
}

const countOf = ({ exactly }: DeviceRequest): number => exactly?.count ?? 0;

/** A container that ends before the others uses what those after it will have, and asks for the rest. */
function passingPart(place: Place, resource: string, className: string, later: readonly DeviceRequest[]): Part {
  const { container } = place;
  const wanted = amountIn(container, resource);
  const mapped = (requestName: string) => ({ containerName: container.name, resourceName: resource, requestName });
  const mappings: ContainerExtendedResourceRequest[] = [];
  let sum = 0;
  for (const request of wanted > 0 ? later : []) {
    mappings.push(mapped(request.name));
    sum += countOf(request);
    if (sum >= wanted) return { requests: [], mappings };
  }
  if (wanted === 0) return { requests: [], mappings };
  const own = requestOf(place, resource, className, wanted - sum);
  return { requests: [own], mappings: [...mappings, mapped(own.name)] };
}

function lastingPart(
  places: readonly Place[],
  resource: string,
  className: string,
): ReadonlyMap<number, DeviceRequest> {
  const requests = places
    .filter(({ container, passing }) => !passing && amountIn(container, resource) > 0)
    .map((place) => [place.index, requestOf(place, resource, className, amountIn(place.container, resource))] as const);
  return new Map(requests);
}

/** Containers that end before others run one after another: the most that one of them asks for does for all. */
function sharedByPassing(parts: readonly Part[]): Part {
  const own = parts.flatMap(({ requests }) => requests);
  const mappings = parts.flatMap((part) => part.mappings);
  const most = own.reduce<DeviceRequest | undefined>(
    (best, one) => (best && countOf(best) >= countOf(one) ? best : one),
    undefined,
  );
  if (!most) return { requests: [], mappings };
  const names = new Set(own.map(({ name }) => name));
  const renamed = mappings.map((one) => (names.has(one.requestName) ? { ...one, requestName: most.name } : one));
  return { requests: [most], mappings: renamed };
}

function partOf(places: readonly Place[], resource: string, className: string): Part {
  const lasting = lastingPart(places, resource, className);
  const mappings = places.flatMap(({ container, index }) => {
    const request = lasting.get(index);
    return request ? [{ containerName: container.name, resourceName: resource, requestName: request.name }] : [];
  });
  const passing = places.filter((place) => place.passing);
  const shared = sharedByPassing(
    passing.map((place) => {
      const later = [...lasting].flatMap(([index, request]) => (index > place.index ? [request] : []));
      return passingPart(place, resource, className, later);
    }),
  );
  return {
    requests: [...shared.requests, ...lasting.values()],
    mappings: [...mappings, ...shared.mappings],
  };
}

/** What a Pod asks for as extended resources that are devices of classes. */
export class ExtendedResources {
  constructor(
    private readonly pod: Pod,
    /** By resource, the classes of those that the Pod asks for. */
    private readonly classes: ReadonlyMap<string, DeviceClass>,
  ) {}

  /** What of it has to come from claims on a node: a node's own plugins for devices go before. Undefined where nothing has. */
  on({ status }: Node): ExtendedDemand | undefined {
    const wanted = [...this.classes]
      .filter(([resource]) => toUnits(status?.allocatable?.[resource] ?? '0') === 0)
      .sort();
    if (wanted.length === 0) return undefined;
    const places = placesOf(this.pod);
    const parts = wanted.map(([resource, { metadata }]) => partOf(places, resource, metadata.name ?? ''));
    const requests = parts.flatMap((part) => part.requests).sort((a, b) => (a.name < b.name ? -1 : 1));
    return { claim: this.claimWith(requests), mappings: parts.flatMap((part) => part.mappings) };
  }

  private claimWith(requests: DeviceRequest[]): ResourceClaim {
    const { name = '', namespace, uid = '' } = this.pod.metadata;
    return {
      apiVersion: 'resource.k8s.io/v1',
      kind: 'ResourceClaim',
      metadata: {
        generateName: `${name}-extended-resources-`,
        namespace,
        annotations: { [EXTENDED_CLAIM_ANNOTATION]: 'true' },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name, uid, controller: true }],
      },
      spec: { devices: { requests } },
    };
  }
}
