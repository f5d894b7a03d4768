import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Clusters } from '@binnacle/client-clusters';
import { LeaderElector } from '@binnacle/client-leader-election';
import { createKubeClient, DelegatedAccess, loadKubeconfigFile } from '@binnacle/client-rest';
import type { MachineCloud } from '@binnacle/control-cloud';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { type Options, selectControllers } from '@binnacle/process-config';
import { startHealthServer } from '@binnacle/process-lifecycle';
import { startProgram } from '@binnacle/process-program';
import {
  type ControllerMetrics,
  createControllerMetrics,
  type QueueNames,
  reportClusters,
} from '@binnacle/process-telemetry';
import { CONTROLLERS, type CloudSettings, controllersOf } from './cloud-controllers.js';
import { hostMachine } from './host-machine.js';
import { readLoadBalancerRanges } from './load-balancer-ranges.js';
import { cloudMetrics, reportAddresses } from './metrics.js';
import { optionSpecs, PROGRAM } from './options.js';
import { SimulatedMachines } from './simulated-machines.js';
import { type MachineSettings, type Made, thisMachine } from './this-machine.js';

type Flags = Options<typeof optionSpecs>;

/** Upstream's names of queues, where they are others than those of our loops. */
const QUEUE_NAMES: QueueNames = { 'cloud-node': 'Nodes', route: 'Routes' };

const settingsOf = (flags: Flags): Omit<CloudSettings, 'instruments'> => ({
  enabled: selectControllers(flags.controllers, CONTROLLERS),
  statusUpdateFrequency: flags['node-status-update-frequency'] * 1000,
  monitorPeriod: flags['node-monitor-period'] * 1000,
  routeReconciliationPeriod: flags['route-reconciliation-period'] * 1000,
});

const machineOf = (flags: Flags): Omit<MachineSettings, 'machines'> => ({
  loadBalancers: readLoadBalancerRanges(flags['load-balancer-cidr']),
  agent: flags['agent-name'],
  host: flags['hostname-override'] ? hostMachine(flags['hostname-override']) : undefined,
  region: flags.region,
  clusterCidr: flags['cluster-cidr'],
});

/** Works in every logical cluster until the context aborts. */
type Lead = (ctx: Context) => Promise<void>;

function leadOf(flags: Flags, clusters: Clusters, { registry, observer }: ControllerMetrics): Lead {
  const settings = { ...settingsOf(flags), instruments: cloudMetrics(registry) };
  const machine = machineOf(flags);
  let ofMain: MachineCloud | undefined;
  reportAddresses(registry, () => ofMain?.loadBalancers.addresses ?? { held: 0, all: 0 });
  const made: Made = (cluster, cloud) => {
    if (cluster === DEFAULT_CLUSTER) ofMain = cloud;
  };
  return async (ctx) => {
    const directory = flags['simulated-nodes-dir'];
    const machines = directory ? await SimulatedMachines.start(ctx, directory) : undefined;
    const cloudOf = thisMachine({ ...machine, machines }, made);
    await clusters.run(ctx, (_, cluster) => controllersOf(cluster, cloudOf, settings, observer));
  };
}

async function main(ctx: Context, flags: Flags): Promise<void> {
  const client = createKubeClient({ ...loadKubeconfigFile(flags.kubeconfig), userAgent: PROGRAM });
  const identity = `${hostname()}_${randomUUID()}`;
  const elector = flags['leader-elect'] ? new LeaderElector(client, { name: PROGRAM, identity }) : undefined;
  const metrics = createControllerMetrics(PROGRAM, QUEUE_NAMES, () => elector?.isLeader ?? true);
  const clusters = new Clusters(client, { idleAfter: flags['cluster-idle-after'] * 1000 });
  reportClusters(metrics.registry, clusters);
  const lead = leadOf(flags, clusters, metrics);
  const access = new DelegatedAccess(client);
  await startHealthServer(ctx, {
    port: flags['health-port'],
    checks: {},
    metrics: () => metrics.registry.metrics(),
    refusal: (request, authorization, act) => access.refusal(request, authorization, act),
  });
  await (elector ? elector.campaign(ctx, lead) : lead(ctx)).finally(() => client.close());
}

await startProgram({ name: PROGRAM, options: optionSpecs, run: main });
