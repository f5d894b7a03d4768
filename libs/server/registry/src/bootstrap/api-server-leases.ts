import { createHash } from 'node:crypto';
import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import { formatMicroTime } from '@binnacle/machinery-context';
import { isConflict, isNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import type { ResourceStore } from '../resource-store.js';
import { selectionOf } from '../selection.js';

/** Where an API server is reached. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const NAMESPACE = 'kube-system';
const IDENTITY_LABEL = 'apiserver.kubernetes.io/identity';
const IDENTITY = 'kube-apiserver';
const HOST_ANNOTATION = 'binnacle.dev/advertise-address';
const PORT_ANNOTATION = 'binnacle.dev/advertise-port';
/** A server that could not renew for so long is taken for dead. */
export const LEASE_SECONDS = 30;
const NAME_LENGTH = 26;

const asLease = (object: UnstructuredObject): Lease => object as Lease;

function endpointOf({ metadata }: Lease): Endpoint | undefined {
  const host = metadata.annotations?.[HOST_ANNOTATION];
  const port = Number(metadata.annotations?.[PORT_ANNOTATION]);
  return host && port > 0 ? { host, port } : undefined;
}

function hasExpired({ spec = {} }: Lease, now: number): boolean {
  const { renewTime = '', leaseDurationSeconds = LEASE_SECONDS } = spec;
  return !(Date.parse(renewTime) + leaseDurationSeconds * 1000 > now);
}

function inOrder(endpoints: readonly Endpoint[]): Endpoint[] {
  const byText = new Map(endpoints.map((endpoint) => [`${endpoint.host} ${endpoint.port}`, endpoint]));
  return [...byText].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

/**
 * By a Lease each, the API servers of one store know of one another. Behaves as kubernetes pkg/controlplane apiserver
 * identity, and pkg/controlplane/reconcilers lease for when a server is taken for dead.
 */
export class ApiServerLeases {
  private readonly store: ResourceStore;
  private readonly name: string;

  /** `id` tells this server from all others, and is the same after a restart. */
  constructor(
    registry: Pick<Registry, 'get'>,
    private readonly id: string,
    private readonly own: Endpoint,
  ) {
    this.store = leaseStore(registry);
    this.name = `apiserver-${createHash('sha256').update(id).digest('hex').slice(0, NAME_LENGTH)}`;
  }

  async renew(ctx: RequestContext): Promise<void> {
    try {
      await this.store.update(ctx, this.place, (current) => this.renewed(ctx, asLease(current)));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.store.create(ctx, { namespace: NAMESPACE }, this.renewed(ctx));
    }
  }

  async release(ctx: RequestContext): Promise<void> {
    await remove(ctx, this.store, this.name);
  }

  /** Where the living servers are reached, see `livingServers`. */
  living(ctx: RequestContext): Promise<Endpoint[]> {
    return livingServers(ctx, this.store);
  }

  private get place() {
    return { namespace: NAMESPACE, name: this.name };
  }

  private renewed(ctx: RequestContext, current?: Lease): UnstructuredObject {
    const { annotations, labels, ...metadata } = current?.metadata ?? { name: this.name };
    const own = { [HOST_ANNOTATION]: this.own.host, [PORT_ANNOTATION]: String(this.own.port) };
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: {
        ...metadata,
        labels: { ...labels, [IDENTITY_LABEL]: IDENTITY },
        annotations: { ...annotations, ...own },
      },
      spec: {
        holderIdentity: this.id,
        leaseDurationSeconds: LEASE_SECONDS,
        renewTime: formatMicroTime(ctx.clock.now()),
      },
    };
  }
}

/** The store of the Leases by which API servers know of one another. */
export function leaseStore(registry: Pick<Registry, 'get'>): ResourceStore {
  return registry.get('coordination.k8s.io', 'v1', 'leases');
}

/** Where the living servers are reached, each once, in an order all servers agree on. Removes what the dead have left. */
export async function livingServers(ctx: RequestContext, store: ResourceStore): Promise<Endpoint[]> {
  const labelSelector = `${IDENTITY_LABEL}=${IDENTITY}`;
  const selection = selectionOf(store.definition, { namespace: NAMESPACE, labelSelector });
  const { items } = await store.list(ctx, selection, { revision: { at: 'latest' } });
  const leases = items.map((item) => asLease(store.decode(item)));
  const now = ctx.clock.now();
  for (const { metadata } of leases.filter((lease) => hasExpired(lease, now)))
    await remove(ctx, store, metadata.name ?? '', metadata.resourceVersion);
  return inOrder(leases.filter((lease) => !hasExpired(lease, now)).flatMap((lease) => endpointOf(lease) ?? []));
}

/** Only as it was seen, where that is said: who was taken for dead may have come back. */
async function remove(
  ctx: RequestContext,
  store: ResourceStore,
  name: string,
  resourceVersion?: string,
): Promise<void> {
  const options = resourceVersion ? { preconditions: { resourceVersion } } : {};
  try {
    await store.delete(ctx, { namespace: NAMESPACE, name }, options);
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
