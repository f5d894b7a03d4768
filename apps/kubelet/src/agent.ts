import { join } from 'node:path';
import type { KubeClient } from '@binnacle/client-rest';
import { apiClaims, apiSources, type KubeletEndpoints, PodTokens } from '@binnacle/node-kubelet';
import { type ShellPool, Wire } from '@binnacle/node-runtime-sim';
import type { ExactListeners } from '@binnacle/process-lifecycle';
import { clusterRoot } from './cluster-files.js';
import { ServiceRecords } from './dns-records.js';
import type { SharedByNodes } from './running-nodes.js';
import { serviceAddresses } from './service-addresses.js';
import type { ServiceInformers } from './service-informers.js';
import { serviceNames } from './service-names.js';

/** What this process has once, for the nodes of all logical clusters. */
export interface Agent {
  /** As its credentials say. */
  readonly name: string;
  readonly shell: ShellPool;
  readonly listeners: ExactListeners;
  readonly endpoints: KubeletEndpoints;
  readonly port: number;
  readonly root: string;
  readonly podLogs: string;
  readonly privileged: boolean;
}

/** Where the nodes of one cluster are, and what their Pods may reach. */
export interface Surroundings {
  readonly client: KubeClient;
  readonly informers: ServiceInformers;
  /** Whether an address is that of a running node of the cluster. */
  readonly isNode: (address: string) => boolean;
  /** Whether a Service's address is one of the cluster's; all are unless it is said. */
  readonly isServiceAddress?: (address: string) => boolean;
  readonly opened: readonly string[];
}

/** What the nodes of one cluster share. Their wire leads to nothing of another cluster. */
export function sharedByNodes(agent: Agent, surroundings: Surroundings): SharedByNodes {
  const { client, informers, isNode, isServiceAddress = () => true, opened } = surroundings;
  const { services, slices } = informers;
  const isService = serviceAddresses(services, isNode);
  const { privileged, listeners } = agent;
  return {
    client,
    shell: agent.shell,
    resolver: serviceNames(services, slices),
    records: new ServiceRecords(services, slices).resolve,
    wire: new Wire({
      privileged,
      isService: (ip, port, transport) => (isNode(ip) || isServiceAddress(ip)) && isService(ip, port, transport),
      listeners,
      opened,
    }),
    environment: apiSources(client, () => services.list()),
    tokens: new PodTokens(client),
    claims: apiClaims(client),
    endpoints: agent.endpoints,
    podLogs: agent.podLogs,
    root: agent.root,
    port: agent.port,
    agent: agent.name,
  };
}

/** The same process in another cluster: two may have Pods of one uid, where one is a fork of the other. */
export function agentIn(agent: Agent, uid: string): Agent {
  const root = clusterRoot(agent.root, uid);
  return { ...agent, root, podLogs: join(root, 'logs', 'pods') };
}
