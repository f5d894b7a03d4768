import { type LogicalCluster, type MakeControllers, ResidentControllers } from '@binnacle/client-clusters';
import type { Controller, LoopObserver } from '@binnacle/client-controller';
import { type CloudProvider, type HandlesClass, machineCloud, serviceController } from '@binnacle/control-cloud';
import type { Context } from '@binnacle/machinery-context';
import type { ControllerNames } from '@binnacle/process-config';
import { type LoadBalancerRanges, poolsIn } from './load-balancer-ranges.js';

type Deps = Parameters<MakeControllers>[1];

export interface CloudSettings {
  /** Names of the controllers that run. */
  readonly enabled: ReadonlySet<string>;
  readonly loadBalancers: LoadBalancerRanges;
}

/** The cloud of one logical cluster, and the classes of load balancers it has. */
export interface Cloud {
  readonly provider: CloudProvider;
  readonly handles: HandlesClass;
}

interface Named extends ControllerNames {
  /** None where the cloud does not have what it is for. */
  make(ctx: Context, deps: Deps, cloud: Cloud): readonly Controller[];
}

/** Every controller there is: the bill of materials of this program. */
export const CONTROLLERS: readonly Named[] = [
  {
    name: 'service-lb-controller',
    aliases: ['service'],
    make: (ctx, deps, { provider: { loadBalancers: balancers }, handles }) =>
      balancers ? [serviceController(ctx, deps, { balancers, handles })] : [],
  },
];

/** The loops of all controllers that run. */
export function cloudControllers(ctx: Context, deps: Deps, cloud: Cloud, enabled: ReadonlySet<string>): Controller[] {
  return CONTROLLERS.filter(({ name }) => enabled.has(name)).flatMap(({ make }) => make(ctx, deps, cloud));
}

function thisMachine(ctx: Context, deps: Deps, cluster: LogicalCluster, { loadBalancers }: CloudSettings): Cloud {
  const pools = poolsIn(cluster, loadBalancers);
  return { provider: machineCloud(ctx, deps, { pools }), handles: (name) => pools.has(name) };
}

/** The controllers of one logical cluster, in the cloud that this machine is. */
export function controllersOf(
  cluster: LogicalCluster,
  settings: CloudSettings,
  observer?: LoopObserver,
): ResidentControllers {
  const make: MakeControllers = (ctx, deps) =>
    cloudControllers(ctx, deps, thisMachine(ctx, deps, cluster, settings), settings.enabled);
  return new ResidentControllers(cluster.client, make, observer);
}
