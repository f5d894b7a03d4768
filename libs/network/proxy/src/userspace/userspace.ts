import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import { carriedAddress, LOOPBACK_WIRE, SourcePorts, WIRE_ANNOTATION } from '@binnacle/machinery-wire';
import { type ConnectionLimits, connectionLimits, ConnectionRoom } from '@binnacle/process-connections';
import { ExactListeners } from '@binnacle/process-lifecycle';
import { ConnectionTable } from '../connections/connection-table.js';
import type { DataPlane, PlaneHooks, ProxyMode } from '../data-plane.js';
import type { NodeMap } from '../plan/nodes.js';
import type { ServicePlan } from '../plan/service-plan.js';
import { type HeldPort, tryService } from './trial.js';
import type { TrialReport, TrialRequest } from '../trial-report.js';
import { Balancer } from './balancer.js';
import { Carriage, type CarriedBalancer } from './carried.js';
import { Gate } from './gate.js';
import { ListenerSet, type WantedListener } from './listener-set.js';

/** Sockets of this process on the loopback wire. Keeps each Service's balancers between plans, so turns and affinity go on. */
class UserspaceDataPlane implements DataPlane {
  private readonly balancers = new Map<string, Map<string, Balancer>>();
  private readonly listeners: ListenerSet;
  readonly connections: ConnectionTable;

  constructor(
    private readonly ctx: Context,
    private readonly nodes: NodeMap,
    private readonly carriage: Carriage,
    { onFailure, isHealthy, room }: PlaneHooks & { readonly room: ConnectionRoom },
  ) {
    const { clock } = ctx;
    this.connections = new ConnectionTable(clock);
    const surroundings = { clock, sockets: new ExactListeners(clock), sourcePorts: new SourcePorts(), room, isHealthy };
    this.listeners = new ListenerSet(ctx, surroundings, onFailure);
  }

  get openPorts(): number {
    return this.listeners.size;
  }

  apply(service: string, plan: ServicePlan): void {
    const old = this.balancers.get(service);
    const next = new Map<string, Balancer>();
    for (const spec of plan.balancers.map((one) => this.carriage.balancer(one))) {
      const balancer = old?.get(spec.id) ?? this.newBalancer(spec);
      balancer.update(spec);
      next.set(spec.id, balancer);
    }
    // Sessions of the old plan ask their balancer whether their endpoint is still wanted: now none is.
    for (const [id, balancer] of old ?? []) if (!next.has(id)) balancer.clear();
    if (next.size > 0) this.balancers.set(service, next);
    else this.balancers.delete(service);
    this.connections.follow(service, plan);
    this.listeners.apply(service, this.wanted(service, plan, next));
  }

  tryOut(ctx: Context, request: TrialRequest): Promise<TrialReport> {
    const isPort = (one: WantedListener): one is WantedListener & HeldPort => one.gate !== undefined;
    const held = this.listeners.wantedBy(request.service).filter(isPort);
    return tryService(ctx, request, { held, table: this.connections });
  }

  shutdown(): void {
    this.listeners.shutdown();
  }

  private newBalancer(spec: CarriedBalancer): Balancer {
    return new Balancer(spec, this.ctx.clock, (client) => this.nodes.placeOf(client));
  }

  private wanted(service: string, plan: ServicePlan, balancers: ReadonlyMap<string, Balancer>): WantedListener[] {
    const { nodes, connections: table } = this;
    return [
      ...plan.listeners.map((spec) => {
        const gate = new Gate(spec, balancers, nodes, { table, ledger: table.ledger(service, spec) });
        return { spec, place: this.carriage.listened(spec), gate };
      }),
      ...plan.healthChecks.map((spec) => ({ spec, place: this.carriage.listened(spec) })),
    ];
  }
}

/** Of the client and of the endpoint. */
const FILES_OF_A_CONNECTION = 2;

export interface UserspaceOptions {
  /** Whether ports below 1024 may be opened. */
  readonly privileged: boolean;
  /** Connections that are carried at a time, for all clusters; as many as there are files for unless it is said. */
  readonly limits?: ConnectionLimits;
}

/** Proxies with sockets of this process. */
export function userspaceMode({ privileged, limits }: UserspaceOptions): ProxyMode {
  const room = new ConnectionRoom(limits ?? connectionLimits(undefined, FILES_OF_A_CONNECTION));
  return {
    carries: ({ metadata }: Node) => metadata.annotations?.[WIRE_ANNOTATION] === LOOPBACK_WIRE,
    clusterAddress: carriedAddress,
    open: (ctx, nodes, hooks) => new UserspaceDataPlane(ctx, nodes, new Carriage(privileged), { ...hooks, room }),
  };
}
