import {
  type HostMachine,
  type MachineCloud,
  type MachineInstancesOptions,
  machineCloud,
  type Machines,
} from '@binnacle/control-cloud';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import type { CloudOf } from './cloud-controllers.js';
import { type LoadBalancerRanges, poolsIn } from './load-balancer-ranges.js';

export interface MachineSettings {
  readonly loadBalancers: LoadBalancerRanges;
  /** Of the cluster `main`; where they are not known, its nodes are let be. */
  readonly machines: Machines | undefined;
  readonly agent: string;
  readonly host: HostMachine | undefined;
  readonly region: string;
  readonly clusterCidr: string;
}

/** The machines that are files, and the host, are nodes of `main`. */
function instancesIn(cluster: string, { machines, agent, host, region }: MachineSettings): MachineInstancesOptions {
  if (cluster !== DEFAULT_CLUSTER) return { agent, region };
  return { agent, region, ...(machines && { machines }), ...(host && { host }) };
}

/** Is told of each cloud, and whose it is. */
export type Made = (cluster: string, cloud: MachineCloud) => void;

/** This machine is the cloud of every logical cluster. */
export function thisMachine(settings: MachineSettings, made: Made = () => undefined): CloudOf {
  return (ctx, deps, cluster) => {
    const pools = poolsIn(cluster, settings.loadBalancers);
    const { podCIDR = settings.clusterCidr } = cluster.network;
    const provider = machineCloud(ctx, deps, { pools, instances: instancesIn(cluster.name, settings) });
    made(cluster.name, provider);
    return { provider, handles: (name) => pools.has(name), clusterCidrs: [podCIDR] };
  };
}
