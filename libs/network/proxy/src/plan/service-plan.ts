import type { AddressPurpose } from './claims.js';
import type { Backend } from './endpoints.js';

export type Protocol = 'TCP' | 'UDP';

/** How connections of one Service port are spread. Listeners of the same scope share turns and affinity. */
export interface BalancerSpec {
  readonly id: string;
  readonly backends: readonly Backend[];
  /** Keys of endpoints that keep the sessions they have, and get no new ones. */
  readonly draining?: readonly string[];
  /** Seconds a client stays with its endpoint, or undefined for no affinity. */
  readonly affinitySeconds: number | undefined;
  /** Only endpoints on the client's own node, where the client's address tells which node that is. */
  readonly clientNodeOnly: boolean;
}

/** One port to hold open. */
export interface ListenerSpec {
  readonly protocol: Protocol;
  /** A Service's address in the cluster, or for a node port one of this machine. */
  readonly host: string;
  readonly port: number;
  readonly purpose: AddressPurpose | 'NodePort';
  /** Of the Service, whichever port is open for it. */
  readonly servicePort: string;
  /** Id of the balancer that its connections go to. */
  readonly balancer: string;
  /** The same for clients in the cluster, where that is another: what comes from inside is subject to no external policy. */
  readonly insideBalancer?: string;
  /** Who endpoints see in place of clients that are no Pods; those themselves without it. */
  readonly masquerade?: string;
  /** Ranges of the clients that are let in; all are without it. */
  readonly sourceRanges?: readonly string[];
}

/** A port that tells load balancers how many endpoints are behind it. */
export interface HealthSpec {
  readonly protocol: 'TCP';
  readonly purpose: 'HealthCheck';
  readonly host: string;
  readonly port: number;
  readonly localEndpoints: number;
}

/** An address that a Service says it has, and does not get. */
export interface RefusedAddress {
  readonly address: string;
  readonly purpose: AddressPurpose;
  readonly why: string;
}

export interface ServicePlan {
  readonly balancers: readonly BalancerSpec[];
  readonly listeners: readonly ListenerSpec[];
  readonly healthChecks: readonly HealthSpec[];
  readonly refused: readonly RefusedAddress[];
  /** How many ports have a traffic policy Local and no endpoint on this machine, though they have some elsewhere. */
  readonly withoutLocal: Readonly<Record<'internal' | 'external', number>>;
}

const NONE = { internal: 0, external: 0 };
export const nothing: ServicePlan = { balancers: [], listeners: [], healthChecks: [], refused: [], withoutLocal: NONE };
