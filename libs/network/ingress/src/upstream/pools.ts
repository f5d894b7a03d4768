import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { wireAddress } from '@binnacle/machinery-wire';
import { type Backend, backendKey, backendsOf, type NodeMap } from '@binnacle/network-proxy';
import type { BackendSpec } from './backend.js';
import type { Endpoint } from './dial.js';
import { EndpointPool } from './endpoint-pool.js';

/** What is known of a logical cluster. */
export interface PoolFacts {
  readonly nodes: NodeMap;
  /** The slices of a Service, by `namespace/name`. */
  readonly slices: (service: string) => readonly EndpointSlice[];
}

const serviceOf = ({ namespace, service }: BackendSpec): string => `${namespace}/${service}`;

/** The endpoints of all backends of a logical cluster, bounded as kube-proxy's. */
export class Pools {
  private readonly pools = new Map<string, EndpointPool>();
  private readonly byService = new Map<string, EndpointPool[]>();
  /** How many pools an endpoint is in. */
  private readonly uses = new Map<string, number>();

  private facts: PoolFacts | undefined;

  /** `privileged` says whether ports below 1024 may be opened on this machine. */
  constructor(private readonly privileged: boolean) {}

  get(id: string): EndpointPool | undefined {
    return this.pools.get(id);
  }

  /** Whether any pool has an endpoint, by its key. */
  has(endpoint: string): boolean {
    return this.uses.has(endpoint);
  }

  /** Makes these all backends there are. */
  want(backends: ReadonlyMap<string, BackendSpec>): void {
    for (const [id, pool] of this.pools) if (!backends.has(id)) this.remove(id, pool);
    for (const [id, spec] of backends) if (!this.pools.has(id)) this.add(id, spec);
  }

  /** Everything is looked up there from now on. */
  look(facts: PoolFacts): void {
    this.facts = facts;
    this.refreshAll();
  }

  /** The endpoints of a Service have changed. */
  refresh(service: string): void {
    for (const pool of this.byService.get(service) ?? []) this.fill(pool);
  }

  refreshAll(): void {
    for (const pool of this.pools.values()) this.fill(pool);
  }

  private add(id: string, spec: BackendSpec): void {
    const pool = new EndpointPool(spec);
    this.pools.set(id, pool);
    const service = serviceOf(spec);
    this.byService.set(service, [...(this.byService.get(service) ?? []), pool]);
    this.fill(pool);
  }

  private remove(id: string, pool: EndpointPool): void {
    this.pools.delete(id);
    this.replace(pool, []);
    const service = serviceOf(pool.spec);
    const left = (this.byService.get(service) ?? []).filter((other) => other !== pool);
    if (left.length > 0) this.byService.set(service, left);
    else this.byService.delete(service);
  }

  private fill(pool: EndpointPool): void {
    if (!this.facts) return;
    const { nodes, slices } = this.facts;
    const backends = backendsOf(slices(serviceOf(pool.spec)), pool.spec.port, nodes);
    this.replace(
      pool,
      backends.map((backend) => this.carried(backend)),
    );
  }

  private replace(pool: EndpointPool, endpoints: readonly Endpoint[]): void {
    for (const endpoint of pool.all) this.count(backendKey(endpoint), -1);
    for (const endpoint of endpoints) this.count(backendKey(endpoint), 1);
    pool.update(endpoints);
  }

  private count(key: string, more: number): void {
    const now = (this.uses.get(key) ?? 0) + more;
    if (now > 0) this.uses.set(key, now);
    else this.uses.delete(key);
  }

  private carried(backend: Backend): Endpoint {
    const { address, port, local } = backend;
    const place = local ? wireAddress(address, port, this.privileged) : { host: address, port };
    return { ...backend, place };
  }
}
