import { LABEL_SERVICE_NAME, LABEL_SKIP_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import { ignoreNotFound, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson } from '@binnacle/machinery-patch';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import type { ObjectPlace } from '../resource-core.js';
import type { ResourceStore } from '../resource-store.js';
import { selectionOf } from '../selection.js';
import type { Endpoint } from './api-server-leases.js';
import { keepDefaultServiceCidr } from './default-service-cidr.js';

/** Where the API server is reached. */
export interface ApiServerAddress extends Endpoint {
  /** The cluster address of the Service `default/kubernetes`. */
  readonly clusterIp: string;
  /** The network that Services get addresses of. */
  readonly serviceNetwork: string;
}

const PLACE = { namespace: 'default', name: 'kubernetes' };
const SERVICE_PORT = 443;
const SLICE_LABELS = { [LABEL_SERVICE_NAME]: PLACE.name };

function serviceObject({ clusterIp, port }: ApiServerAddress): UnstructuredObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: PLACE.name, labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: clusterIp,
      clusterIPs: [clusterIp],
      ports: [{ name: 'https', port: SERVICE_PORT, targetPort: port, protocol: 'TCP' }],
    },
  };
}

/** Servers that share what one subset of Endpoints, and one slice, can say. */
interface Group {
  readonly addressType: 'IPv4' | 'IPv6';
  readonly port: number;
  readonly hosts: string[];
}

function groupsOf(endpoints: readonly Endpoint[]): Group[] {
  const groups = new Map<string, Group>();
  for (const { host, port } of endpoints) {
    const addressType = host.includes(':') ? 'IPv6' : 'IPv4';
    const key = `${addressType.toLowerCase()}-${port}`;
    const group = groups.get(key) ?? { addressType, port, hosts: [] };
    group.hosts.push(host);
    groups.set(key, group);
  }
  return [...groups.values()];
}

const portsOf = ({ port }: Group) => [{ name: 'https', port, protocol: 'TCP' }];

function endpointsObject(groups: readonly Group[]): UnstructuredObject {
  const subsets = groups.map((group) => ({
    addresses: group.hosts.map((ip) => ({ ip })),
    ports: portsOf(group),
  }));
  const labels = { [LABEL_SKIP_MIRROR]: 'true' };
  return { apiVersion: 'v1', kind: 'Endpoints', metadata: { name: PLACE.name, labels }, subsets };
}

/** The first has upstream's name; there are others only where servers listen on different ports. */
function sliceObject(group: Group, index: number): UnstructuredObject {
  const name = index === 0 ? PLACE.name : `${PLACE.name}-${group.addressType.toLowerCase()}-${group.port}`;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name, labels: SLICE_LABELS },
    addressType: group.addressType,
    endpoints: group.hosts.map((host) => ({ addresses: [host], conditions: { ready: true } })),
    ports: portsOf(group),
  };
}

const placeOf = ({ metadata }: UnstructuredObject): ObjectPlace => ({ ...PLACE, name: metadata.name ?? '' });

/** What of an object is the server's to say; the rest is kept as it is found. */
const OWNED: Readonly<Record<string, readonly string[]>> = {
  endpoints: ['subsets'],
  endpointslices: ['endpoints', 'ports'],
};

function withTargetPort(current: UnstructuredObject, wanted: UnstructuredObject): UnstructuredObject {
  const spec = current.spec as { ports?: unknown };
  return { ...current, spec: { ...spec, ports: (wanted.spec as { ports: unknown }).ports } };
}

async function correct(ctx: RequestContext, store: ResourceStore, wanted: UnstructuredObject): Promise<void> {
  const { plural } = store.definition.names;
  await store.update(ctx, placeOf(wanted), (current) => {
    if (plural === 'services') return withTargetPort(current, wanted);
    const fields = (OWNED[plural] ?? []).map((field) => [field, wanted[field]] as const);
    return { ...current, ...Object.fromEntries(fields) };
  });
}

/**
 * Corrects what is there before it creates what is not: a Service of the same address that is there already would be
 * refused for its address, not for its name.
 */
async function ensure(ctx: RequestContext, store: ResourceStore, wanted: UnstructuredObject): Promise<void> {
  try {
    return await correct(ctx, store, wanted);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  try {
    await store.create(ctx, { namespace: PLACE.namespace }, cloneJson(wanted));
  } catch (error) {
    // Another replica that starts at the same time was faster.
    await correct(ctx, store, wanted).catch(() => Promise.reject(error));
  }
}

async function removeOthers(ctx: RequestContext, store: ResourceStore, wanted: readonly string[]): Promise<void> {
  const labelSelector = Object.entries(SLICE_LABELS)
    .map(([label, value]) => `${label}=${value}`)
    .join();
  const selection = selectionOf(store.definition, { namespace: PLACE.namespace, labelSelector });
  const { items } = await store.list(ctx, selection, { revision: { at: 'any' } });
  const left = items.map(({ key }) => key.name).filter((name) => !wanted.includes(name));
  for (const name of left) await ignoreNotFound(store.delete(ctx, { ...PLACE, name }));
}

/** Says behind the Service `default/kubernetes` where the API servers are reached. Writes only what is not so yet. */
export async function publishEndpoints(
  ctx: RequestContext,
  registry: Pick<Registry, 'get'>,
  endpoints: readonly Endpoint[],
): Promise<void> {
  const groups = groupsOf(endpoints);
  await ensure(ctx, registry.get('', 'v1', 'endpoints'), endpointsObject(groups));
  const store = registry.get('discovery.k8s.io', 'v1', 'endpointslices');
  const slices = groups.map(sliceObject);
  for (const slice of slices) await ensure(ctx, store, slice);
  await removeOthers(
    ctx,
    store,
    slices.map(({ metadata }) => metadata.name ?? ''),
  );
}

/** Makes or corrects the Service through which Pods find the API server. */
export async function publishKubernetesService(
  ctx: RequestContext,
  registry: Pick<Registry, 'get'>,
  address: ApiServerAddress,
): Promise<void> {
  await keepDefaultServiceCidr(ctx, registry, address.serviceNetwork);
  await ensure(ctx, registry.get('', 'v1', 'services'), serviceObject(address));
}

/** Makes the Service again if it is gone. What is there is left alone: servers may differ in their ports. */
export async function restoreKubernetesService(
  ctx: RequestContext,
  registry: Pick<Registry, 'get'>,
  address: ApiServerAddress,
): Promise<void> {
  await keepDefaultServiceCidr(ctx, registry, address.serviceNetwork);
  const services = registry.get('', 'v1', 'services');
  if (!(await ignoreNotFound(services.get(ctx, PLACE, { at: 'any' }))))
    await ensure(ctx, services, serviceObject(address));
}
