import type { Clock } from '@binnacle/machinery-context';
import { backendKey } from '../plan/endpoints.js';
import type { Place } from '../plan/nodes.js';
import type { CarriedBackend, CarriedBalancer } from './carried.js';

interface Affinity {
  backend: string;
  lastUsed: number;
}

/** Of one port. Who may choose its own address could be very many clients. */
export const MOST_AFFINITIES = 16_384;

/** Gives each new connection its endpoint: in turn, or the client's earlier one while its affinity lasts. */
export class Balancer {
  private readonly affinities = new Map<string, Affinity>();
  private turn = 0;

  constructor(
    private spec: CarriedBalancer,
    private readonly clock: Clock,
    private readonly placeOf: (client: string) => Place,
  ) {}

  update(spec: CarriedBalancer): void {
    this.spec = spec;
    if (spec.affinitySeconds === undefined) this.affinities.clear();
  }

  /** Nothing is reachable any more. */
  clear(): void {
    this.update({ ...this.spec, backends: [], draining: [] });
  }

  /** Whether sessions with `backend` may go on. */
  has(backend: CarriedBackend): boolean {
    return this.takes(backend) || this.spec.draining?.includes(backendKey(backend)) === true;
  }

  /** Whether new ones come to it. */
  takes(backend: CarriedBackend): boolean {
    const key = backendKey(backend);
    return this.spec.backends.some((one) => backendKey(one) === key);
  }

  /** The endpoint for a client, leaving out those that could not be reached; undefined when none is left. */
  pick(client: string, failed: ReadonlySet<string> = new Set()): CarriedBackend | undefined {
    const reachable = this.reachableFrom(client);
    const backend = this.remembered(client, reachable, failed) ?? this.next(reachable, failed);
    if (backend) this.remember(client, backend);
    return backend;
  }

  /** Turns go round all endpoints, so that the neighbour of a dead one is not given its share as well. */
  private next(reachable: readonly CarriedBackend[], failed: ReadonlySet<string>): CarriedBackend | undefined {
    for (let tried = 0; tried < reachable.length; tried += 1) {
      const backend = reachable[this.turn++ % reachable.length] as CarriedBackend;
      if (!failed.has(backendKey(backend))) return backend;
    }
    return undefined;
  }

  private reachableFrom(client: string): readonly CarriedBackend[] {
    const { backends, clientNodeOnly } = this.spec;
    if (!clientNodeOnly) return this.nearTo(client);
    const { node } = this.placeOf(client);
    return node === undefined ? backends : backends.filter((backend) => backend.node === node);
  }

  /**
   * Hints count only where every endpoint has some and one is for the client: else all serve all. Behaves as kubernetes
   * pkg/proxy/topology.go topologyModeFromHints.
   */
  private nearTo(client: string): readonly CarriedBackend[] {
    const { backends } = this.spec;
    const kinds = (['forNodes', 'forZones'] as const).filter((kind) => backends.every((backend) => backend[kind]));
    if (kinds.length === 0) return backends;
    const { node, zone } = this.placeOf(client);
    const own = { forNodes: node, forZones: zone };
    for (const kind of kinds) {
      const near = backends.filter((backend) => backend[kind]?.some((name) => name === own[kind]));
      if (near.length > 0) return near;
    }
    return backends;
  }

  private remembered(
    client: string,
    reachable: readonly CarriedBackend[],
    failed: ReadonlySet<string>,
  ): CarriedBackend | undefined {
    const affinity = this.affinities.get(client);
    if (!affinity || this.isStale(affinity) || failed.has(affinity.backend)) return undefined;
    return reachable.find((backend) => backendKey(backend) === affinity.backend);
  }

  private remember(client: string, backend: CarriedBackend): void {
    if (this.spec.affinitySeconds === undefined) return;
    // The last used comes last.
    this.affinities.delete(client);
    this.affinities.set(client, { backend: backendKey(backend), lastUsed: this.clock.now() });
    this.forgetOldest();
  }

  private isStale(affinity: Affinity): boolean {
    return this.clock.now() - affinity.lastUsed >= (this.spec.affinitySeconds ?? 0) * 1000;
  }

  private forgetOldest(): void {
    for (const [client, affinity] of this.affinities) {
      if (this.affinities.size <= MOST_AFFINITIES && !this.isStale(affinity)) return;
      this.affinities.delete(client);
    }
  }
}
