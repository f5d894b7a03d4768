import type { Clock } from '@binnacle/machinery-context';
import { type Backend, backendKey } from './endpoints.js';
import type { BalancerSpec } from './service-plan.js';

interface Affinity {
  backend: string;
  lastUsed: number;
}

const AFFINITIES_BEFORE_SWEEP = 4096;

/** Gives each new connection its endpoint: in turn, or the client's earlier one while its affinity lasts. */
export class Balancer {
  private readonly affinities = new Map<string, Affinity>();
  private turn = 0;

  constructor(
    private spec: BalancerSpec,
    private readonly clock: Clock,
    private readonly nodeOf: (client: string) => string | undefined,
  ) {}

  update(spec: BalancerSpec): void {
    this.spec = spec;
    if (spec.affinitySeconds === undefined) this.affinities.clear();
  }

  /** Nothing is reachable any more. */
  clear(): void {
    this.update({ ...this.spec, backends: [] });
  }

  /** Whether connections to `backend` are still wanted. */
  has(backend: Backend): boolean {
    return this.spec.backends.some((one) => backendKey(one) === backendKey(backend));
  }

  /** The endpoint for a client, leaving out those that could not be reached; undefined when none is left. */
  pick(client: string, failed: ReadonlySet<string> = new Set()): Backend | undefined {
    const reachable = this.reachableFrom(client);
    const backend = this.remembered(client, reachable, failed) ?? this.next(reachable, failed);
    if (backend) this.remember(client, backend);
    return backend;
  }

  /** Turns go round all endpoints, so that the neighbour of a dead one is not given its share as well. */
  private next(reachable: readonly Backend[], failed: ReadonlySet<string>): Backend | undefined {
    for (let tried = 0; tried < reachable.length; tried += 1) {
      const backend = reachable[this.turn++ % reachable.length] as Backend;
      if (!failed.has(backendKey(backend))) return backend;
    }
    return undefined;
  }

  private reachableFrom(client: string): readonly Backend[] {
    const { backends, clientNodeOnly } = this.spec;
    const node = clientNodeOnly ? this.nodeOf(client) : undefined;
    return node === undefined ? backends : backends.filter((backend) => backend.node === node);
  }

  private remembered(client: string, reachable: readonly Backend[], failed: ReadonlySet<string>): Backend | undefined {
    const affinity = this.affinities.get(client);
    if (!affinity || this.isStale(affinity) || failed.has(affinity.backend)) return undefined;
    return reachable.find((backend) => backendKey(backend) === affinity.backend);
  }

  private remember(client: string, backend: Backend): void {
    if (this.spec.affinitySeconds === undefined) return;
    this.affinities.set(client, { backend: backendKey(backend), lastUsed: this.clock.now() });
    if (this.affinities.size > AFFINITIES_BEFORE_SWEEP) this.sweep();
  }

  private isStale(affinity: Affinity): boolean {
    return this.clock.now() - affinity.lastUsed >= (this.spec.affinitySeconds ?? 0) * 1000;
  }

  private sweep(): void {
    for (const [client, affinity] of this.affinities) {
      if (this.isStale(affinity)) this.affinities.delete(client);
    }
  }
}
