import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { ConnectionTable } from './connections/connection-table.js';
import type { NodeMap } from './plan/nodes.js';
import type { TrialReport, TrialRequest } from './trial-report.js';
import type { HealthSpec, ListenerSpec, ServicePlan } from './plan/service-plan.js';

/** What carries the traffic of Services: sockets of this process, or rules of the kernel. */
export interface DataPlane {
  /** Makes `plan` all that a Service has; `service` is `namespace/name`. Connections that stand may go on. */
  apply(service: string, plan: ServicePlan): void;
  /** How many ports are open, or are about to be. */
  readonly openPorts: number;
  /** What stands at the moment, and what was carried; undefined where the data plane does not know. */
  readonly connections?: Pick<ConnectionTable, 'size' | 'list' | 'traffic'>;
  /** Asks a Service itself, as a client would, where the data plane can. */
  tryOut?(ctx: Context, request: TrialRequest): Promise<TrialReport>;
  /** Takes everything back, connections too. */
  shutdown(): void;
}

/** A port of a plan that could not be opened. The data plane goes on trying. */
export interface PortFailure {
  /** Whose port it is, as `namespace/name`. */
  readonly service: string;
  readonly spec: ListenerSpec | HealthSpec;
  readonly error: Error;
}

/** What a data plane tells, and asks. */
export interface PlaneHooks {
  onFailure(failure: PortFailure): void;
  /** Whether plans are carried out in time, as load balancers are told. */
  isHealthy(): boolean;
}

/** A kind of data plane: where it finds the addresses that plans are made of, and how one is opened. */
export interface ProxyMode {
  /** Whether the Pods of a node are on this machine, at addresses that `clusterAddress` knows. */
  carries(node: Node): boolean;
  /** The address in the cluster that is seen as `host` on this machine; `host` itself where it is none that is carried. */
  clusterAddress(host: string): string;
  open(ctx: Context, nodes: NodeMap, hooks: PlaneHooks): DataPlane;
}
