import { mkdirSync } from 'node:fs';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { Clusters, type Resident } from '@binnacle/client-clusters';
import { createInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { carriedAddress, mayBeExternal } from '@binnacle/machinery-wire';
import { KubeletEndpoints } from '@binnacle/node-kubelet';
import { Inhabitants, ShellPool } from '@binnacle/node-runtime-sim';
import { SimulatedNodesDirectory } from '@binnacle/node-simulated';
import { ConfigError } from '@binnacle/process-config';
import { ExactListeners } from '@binnacle/process-lifecycle';
import { type Agent, sharedByNodes } from './agent.js';
import { keepFilesOf } from './cluster-files.js';
import { followVolumes } from './follow-volumes.js';
import { isWithin } from './node-objects.js';
import { cloudProviderOf, type KubeletFlags, podLogsOf, tlsOf } from './run-machine.js';
import { ClusterPolicies } from './policies/cluster-policies.js';
import { RunningNodes } from './running-nodes.js';
import type { ServiceAddresses } from './service-addresses.js';
import { SimulatedCluster } from './simulated-cluster.js';

function agentOf(ctx: Context, flags: KubeletFlags): Agent {
  return {
    name: flags['agent-name'],
    shell: new ShellPool(ctx.clock),
    listeners: new ExactListeners(ctx.clock),
    endpoints: new KubeletEndpoints(tlsOf(flags)),
    port: flags.port,
    root: flags['root-dir'],
    podLogs: podLogsOf(flags),
    privileged: process.getuid?.() === 0,
    inhabitants: new Inhabitants(),
  };
}

/** Of the ranges that are given, what is of the wire, and neither the machine's nor another cluster's. */
function externalOf(cidrs: string): (address: string) => boolean {
  const ranges = cidrs.split(',').filter(Boolean);
  return (address) => mayBeExternal(address) && ranges.some((range) => isWithin(range, carriedAddress(address)));
}

/** The cluster `main`: its simulated nodes are the files of a directory. */
function mainCluster(client: KubeClient, agent: Agent, flags: KubeletFlags): Resident {
  const live = async (ctx: Context): Promise<void> => {
    const services = createInformer(client.resource<Service>(refs.services));
    const policies = new ClusterPolicies(client);
    const following = Promise.all([
      ...[services, policies].map((source) => source.run(ctx)),
      followVolumes(ctx, client, agent.root),
    ]);
    const opened = flags['open-addresses'].split(',').filter(Boolean);
    const addresses: ServiceAddresses = {
      nodeAt: (address) => nodes.at(address),
      isOwn: () => true,
      isExternal: externalOf(flags['external-cidr']),
    };
    const shared = sharedByNodes(agent, { client, services, policies, addresses, opened });
    const nodes: RunningNodes = new RunningNodes(ctx, { ...shared, ...cloudProviderOf(flags) });
    nodes.follow(ctx);
    // Containers are told of the Services there are, and held by policies: none may start before those are known.
    await Promise.race([Promise.all([services.synced(), policies.synced()]), following]);
    if (ctx.signal.aborted) return;
    await new SimulatedNodesDirectory(flags['simulated-nodes-dir'], (all) => nodes.apply(all)).start(ctx);
    await following;
  };
  return { live, pending: () => ({ busy: true }) };
}

/** Carries the simulated nodes of a directory, and those made in other logical clusters, until the context aborts. */
export async function runSimulated(ctx: Context, client: KubeClient, flags: KubeletFlags): Promise<void> {
  if (!flags['simulated-nodes-dir']) throw new ConfigError('--simulated-nodes-dir is required with --runtime=sim');
  for (const path of [flags['root-dir'], podLogsOf(flags)]) mkdirSync(path, { recursive: true, mode: 0o700 });
  mkdirSync(flags['simulated-nodes-dir'], { recursive: true });
  const agent = agentOf(ctx, flags);
  const clusters = new Clusters(client, {
    idleAfter: flags['cluster-idle-after'] * 1000,
    onlyThese: (uids) => void keepFilesOf(ctx, agent.root, uids),
  });
  await clusters.run(ctx, (whole, cluster) =>
    cluster.name === DEFAULT_CLUSTER ? mainCluster(client, agent, flags) : new SimulatedCluster(whole, cluster, agent),
  );
}
