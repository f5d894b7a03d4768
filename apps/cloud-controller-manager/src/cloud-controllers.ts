import { type LogicalCluster, type MakeControllers, ResidentControllers } from '@binnacle/client-clusters';
import type { Controller, LoopObserver } from '@binnacle/client-controller';
import {
  type CloudInstruments,
  type CloudProvider,
  cloudNodeController,
  cloudNodeLifecycleController,
  type HandlesClass,
  routeController,
  serviceController,
} from '@binnacle/control-cloud';
import type { Context } from '@binnacle/machinery-context';
import type { ControllerNames } from '@binnacle/process-config';

export type Deps = Parameters<MakeControllers>[1];

/** What holds in every logical cluster. */
export interface CloudSettings {
  /** Names of the controllers that run. */
  readonly enabled: ReadonlySet<string>;
  /** Milliseconds between two looks at a node's addresses, at the machine of one that is not ready, and at routes. */
  readonly statusUpdateFrequency: number;
  readonly monitorPeriod: number;
  readonly routeReconciliationPeriod: number;
  readonly instruments: CloudInstruments;
}

/** The cloud of one logical cluster. */
export interface Cloud {
  readonly provider: CloudProvider;
  /** The classes of load balancers it has. */
  readonly handles: HandlesClass;
  /** Ranges of Pods, whose routes it may remove. */
  readonly clusterCidrs: readonly string[];
}

/** Makes the cloud of a logical cluster, for as long as that is awake. */
export type CloudOf = (ctx: Context, deps: Deps, cluster: LogicalCluster) => Cloud;

interface Named extends ControllerNames {
  /** None where the cloud does not have what it is for. */
  make(ctx: Context, deps: Deps, cloud: Cloud, settings: CloudSettings): readonly Controller[];
}

/** Every controller there is: the bill of materials of this program. */
export const CONTROLLERS: readonly Named[] = [
  {
    name: 'cloud-node-controller',
    aliases: ['cloud-node'],
    make: (ctx, deps, { provider: { instances } }, { statusUpdateFrequency, instruments }) =>
      instances ? [cloudNodeController(ctx, deps, { instances, statusUpdateFrequency, instruments })] : [],
  },
  {
    name: 'cloud-node-lifecycle-controller',
    aliases: ['cloud-node-lifecycle'],
    make: (ctx, deps, { provider: { instances } }, { monitorPeriod }) =>
      instances ? [cloudNodeLifecycleController(ctx, deps, { instances, monitorPeriod })] : [],
  },
  {
    name: 'service-lb-controller',
    aliases: ['service'],
    make: (ctx, deps, { provider: { loadBalancers: balancers }, handles }, { instruments }) =>
      balancers ? [serviceController(ctx, deps, { balancers, handles, instruments })] : [],
  },
  {
    name: 'node-route-controller',
    aliases: ['route'],
    make: (ctx, deps, { provider: { routes }, clusterCidrs }, { routeReconciliationPeriod, instruments }) => {
      const options = { clusterCidrs, reconciliationPeriod: routeReconciliationPeriod, instruments };
      return routes ? [routeController(ctx, deps, { routes, ...options })] : [];
    },
  },
];

/** The controllers of one logical cluster, in the cloud that it has. */
export function controllersOf(
  cluster: LogicalCluster,
  cloudOf: CloudOf,
  settings: CloudSettings,
  observer?: LoopObserver,
): ResidentControllers {
  const make: MakeControllers = (ctx, deps) => {
    const cloud = cloudOf(ctx, deps, cluster);
    const enabled = CONTROLLERS.filter(({ name }) => settings.enabled.has(name));
    return enabled.flatMap((each) => each.make(ctx, deps, cloud, settings));
  };
  return new ResidentControllers(cluster.client, make, observer);
}
