import type { Context } from '@binnacle/machinery-context';
import type { ConnectionDoor } from '@binnacle/process-connections';
import { Forwarder } from '../exchange/forward.js';
import { type Report, RequestHandler } from '../exchange/request-handler.js';
import { Entrance, type EntranceSpec } from '../front/entrance.js';
import type { BackendSpec } from '../upstream/backend.js';
import { Connections } from '../upstream/connections.js';
import type { Held } from '../upstream/dial.js';
import { type PoolFacts, Pools } from '../upstream/pools.js';

/** What all logical clusters of a program share. */
export interface EngineOptions {
  /** Whether ports below 1024 may be opened. */
  readonly privileged: boolean;
  readonly door: ConnectionDoor;
  readonly held: Held;
  readonly makeId: () => string;
  readonly report: (report: Report) => void;
  /** Requests of a cluster at a time. */
  readonly mostRequests: number;
}

export type PortFailed = (address: string, port: number, error: Error) => void;
type BackendMap = ReadonlyMap<string, BackendSpec>;

/** Carries the requests of one logical cluster: entrances, where routes are found, and pools, which they lead to. */
export class ClusterEngine {
  private readonly pools: Pools;
  private readonly connections: Connections;
  private readonly handler: RequestHandler;
  /** By who plans them, and by name. */
  private readonly entrances = new Map<string, Map<string, Entrance>>();
  private readonly wanted = new Map<string, BackendMap>();

  constructor(
    private readonly ctx: Context,
    private readonly options: EngineOptions,
    private readonly onFailure: PortFailed,
  ) {
    const { privileged, held, mostRequests, makeId, report } = options;
    this.pools = new Pools(privileged);
    this.connections = new Connections(held);
    const forwarder = new Forwarder(ctx, { connections: this.connections, pool: (id) => this.pools.get(id) });
    this.handler = new RequestHandler(ctx, forwarder, { makeId, report, most: mostRequests });
  }

  /** Requests under way. */
  get requests(): number {
    return this.handler.count;
  }

  get connectionCount(): number {
    return this.all().reduce((sum, { connections }) => sum + connections, 0);
  }

  get isServing(): boolean {
    return this.all().length > 0;
  }

  get openPorts(): number {
    return this.all().reduce((sum, { openPorts }) => sum + openPorts, 0);
  }

  /** Makes these all backends that one who plans leads to. */
  want(planner: string, backends: BackendMap): void {
    this.wanted.set(planner, backends);
    this.pools.want(new Map([...this.wanted.values()].flatMap((map) => [...map])));
    this.forgetConnections();
  }

  /** Makes these all that is served for one who plans, by name. */
  serve(planner: string, wanted: ReadonlyMap<string, EntranceSpec>): void {
    const known = this.entrances.get(planner) ?? new Map<string, Entrance>();
    this.entrances.set(planner, known);
    for (const [name, entrance] of known) {
      if (wanted.has(name)) continue;
      entrance.close();
      known.delete(name);
    }
    for (const [name, spec] of wanted) {
      const entrance = known.get(name) ?? this.enter();
      known.set(name, entrance);
      entrance.apply(spec);
    }
  }

  /** Endpoints are looked up there from now on. */
  look(facts: PoolFacts): void {
    this.pools.look(facts);
    this.forgetConnections();
  }

  /** The endpoints of a Service have changed, by `namespace/name`. */
  endpointsChanged(service: string): void {
    this.pools.refresh(service);
    this.forgetConnections();
  }

  nodesChanged(): void {
    this.pools.refreshAll();
    this.forgetConnections();
  }

  /** Takes no more requests; those under way go on. */
  close(): void {
    for (const entrance of this.all()) entrance.close();
  }

  destroy(): void {
    for (const entrance of this.all()) entrance.destroy();
    this.entrances.clear();
    this.connections.destroy();
  }

  private all(): Entrance[] {
    return [...this.entrances.values()].flatMap((entrances) => [...entrances.values()]);
  }

  private enter(): Entrance {
    const { handler, options, onFailure } = this;
    const { door, privileged } = options;
    return new Entrance(this.ctx, { handler, door, privileged, onFailure });
  }

  private forgetConnections(): void {
    this.connections.keepOnly((endpoint) => this.pools.has(endpoint));
  }
}
