import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { Context } from '@binnacle/machinery-context';
import { Balancer } from './balancer.js';
import { ListenerSet, type PortFailure, type WantedListener } from './listener-set.js';
import { type PlanFacts, planService } from './service-plan.js';

/** What turns a plan into sockets: keeps each Service's balancers between plans, so turns and affinity go on. */
export class ServiceTable {
  private readonly balancers = new Map<string, Map<string, Balancer>>();
  private readonly listeners: ListenerSet;

  constructor(
    private readonly ctx: Context,
    private readonly facts: PlanFacts,
    onFailure: (failure: PortFailure) => void,
  ) {
    this.listeners = new ListenerSet(ctx, onFailure);
  }

  get openPorts(): number {
    return this.listeners.size;
  }

  /** `key` is `namespace/name`; without a Service, all that it had is closed. */
  sync(key: string, service: Service | undefined, slices: readonly EndpointSlice[]): void {
    const plan = service ? planService(service, slices, this.facts) : { balancers: [], listeners: [] };
    const old = this.balancers.get(key);
    const next = new Map<string, Balancer>();
    for (const spec of plan.balancers) {
      const balancer = old?.get(spec.id) ?? this.newBalancer(spec);
      balancer.update(spec);
      next.set(spec.id, balancer);
    }
    // Sessions of the old plan ask their balancer whether their endpoint is still wanted: now none is.
    for (const [id, balancer] of old ?? []) if (!next.has(id)) balancer.clear();
    if (next.size > 0) this.balancers.set(key, next);
    else this.balancers.delete(key);
    this.listeners.apply(key, this.wanted(plan.listeners, next));
  }

  shutdown(): void {
    this.listeners.shutdown();
  }

  private newBalancer(spec: ConstructorParameters<typeof Balancer>[0]): Balancer {
    return new Balancer(spec, this.ctx.clock, (client) => this.facts.nodes.owner(client));
  }

  private wanted(
    specs: ReturnType<typeof planService>['listeners'],
    balancers: ReadonlyMap<string, Balancer>,
  ): WantedListener[] {
    return specs.flatMap((spec) => {
      const balancer = balancers.get(spec.balancer);
      return balancer ? [{ spec, balancer }] : [];
    });
  }
}
