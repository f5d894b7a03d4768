import type { Backend } from '../plan/endpoints.js';
import type { ListenerSpec, Protocol } from '../plan/service-plan.js';

/** An address and port as the cluster names them, and the node there where it tells. */
export interface Peer {
  readonly address: string;
  readonly port: number;
  readonly node?: string;
}

/** What went from the client to its endpoint, and what came back, in bytes. */
export interface Counts {
  readonly sent: number;
  readonly received: number;
}

/** A connection, or over UDP a session, as whoever carries it knows it. */
export interface Flow {
  readonly client: Peer;
  readonly backend: Backend;
  /** The port of the Service that was asked. */
  readonly asked: Pick<ListenerSpec, 'host' | 'port' | 'purpose'>;
  /** So far. */
  counts(): Counts;
  /** Whether its endpoint takes new ones too. */
  isWanted(): boolean;
}

/** A connection that stands. */
export interface ConnectionView extends Counts {
  /** Unlike that of any other, of this process or another. */
  readonly id: string;
  /** As `namespace/name`. */
  readonly service: string;
  readonly servicePort: string;
  readonly protocol: Protocol;
  readonly purpose: ListenerSpec['purpose'];
  /** Where it asked. */
  readonly asked: Peer;
  readonly client: Peer;
  readonly endpoint: Peer;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Its endpoint gets no new ones. */
  readonly draining: boolean;
}

/** What was carried since the proxy is there, what stands included. */
export interface Tally extends Counts {
  readonly total: number;
  /** How often an endpoint could not be reached. */
  readonly failed: number;
}

export interface EndpointTraffic extends Tally, Peer {
  readonly active: number;
}

/** What one port of a Service carries. */
export interface PortTraffic {
  readonly service: string;
  readonly servicePort: string;
  readonly protocol: Protocol;
  /** How many clients were not let in, and how many found nobody. */
  readonly notAdmitted: number;
  readonly unanswered: number;
  readonly endpoints: readonly EndpointTraffic[];
  /** To endpoints that are no more. */
  readonly gone: Tally;
}
