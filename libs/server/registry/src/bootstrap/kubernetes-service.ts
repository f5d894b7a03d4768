import { ignoreNotFound, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson } from '@binnacle/machinery-patch';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import type { ResourceStore } from '../resource-store.js';

/** Where the API server is reached. */
export interface ApiServerAddress {
  /** The cluster address of the Service `default/kubernetes`. */
  readonly clusterIp: string;
  readonly host: string;
  readonly port: number;
}

const PLACE = { namespace: 'default', name: 'kubernetes' };
const SERVICE_PORT = 443;

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

function endpointsObject({ host, port }: ApiServerAddress): UnstructuredObject {
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: PLACE.name, labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip: host }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  };
}

function sliceObject({ host, port }: ApiServerAddress): UnstructuredObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: PLACE.name, labels: { 'kubernetes.io/service-name': PLACE.name } },
    addressType: host.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: [{ addresses: [host], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
}

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
  await store.update(ctx, PLACE, (current) => {
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

type Wanted = readonly [ResourceStore, UnstructuredObject];

function wantedObjects(registry: Registry, address: ApiServerAddress): readonly Wanted[] {
  return [
    [registry.get('', 'v1', 'services'), serviceObject(address)],
    [registry.get('', 'v1', 'endpoints'), endpointsObject(address)],
    [registry.get('discovery.k8s.io', 'v1', 'endpointslices'), sliceObject(address)],
  ];
}

/** Makes or corrects the Service through which Pods find the API server, and its endpoints. */
export async function publishKubernetesService(
  ctx: RequestContext,
  registry: Registry,
  address: ApiServerAddress,
): Promise<void> {
  for (const [store, wanted] of wantedObjects(registry, address)) await ensure(ctx, store, wanted);
}

/** Makes again what of these is gone. */
export async function restoreKubernetesService(
  ctx: RequestContext,
  registry: Registry,
  address: ApiServerAddress,
): Promise<void> {
  for (const [store, wanted] of wantedObjects(registry, address)) {
    if (!(await ignoreNotFound(store.get(ctx, PLACE, { at: 'any' })))) await ensure(ctx, store, wanted);
  }
}
