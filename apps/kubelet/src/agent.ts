import { join } from 'node:path';
import type { Service } from '@binnacle/apis-kubernetes/core/v1';
import type { Lister } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import { apiClaims, apiSources, type KubeletEndpoints, PodTokens } from '@binnacle/node-kubelet';
import { type Inhabitants, type ShellPool, Wire } from '@binnacle/node-runtime-sim';
import type { ExactListeners } from '@binnacle/process-lifecycle';
import { clusterRoot } from './cluster-files.js';
import { ClusterLinks } from './links/cluster-links.js';
import { CarriedPods } from './policies/carried-pods.js';
import type { ClusterPolicies } from './policies/cluster-policies.js';
import { PolicyRules } from './policies/policy-rules.js';
import type { SharedByNodes } from './running-nodes.js';
import { type ServiceAddresses, ServiceFinder } from './service-addresses.js';

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
  /** The Pods of all clusters. */
  readonly inhabitants: Inhabitants;
}

/** Where the nodes of one cluster are, and what their Pods may reach. */
export interface Surroundings {
  readonly client: KubeClient;
  readonly services: Lister<Service>;
  readonly policies: ClusterPolicies;
  /** Which addresses are those of running nodes of the cluster, and of its Services. */
  readonly addresses: ServiceAddresses;
  readonly opened: readonly string[];
}

/** The network of one cluster's Pods. It leads to nothing of another cluster. */
function networkOf(agent: Agent, surroundings: Surroundings): Pick<SharedByNodes, 'wire' | 'pods' | 'links'> {
  const { policies, addresses, opened } = surroundings;
  const { privileged, listeners, inhabitants } = agent;
  const services = new ServiceFinder(surroundings.services, addresses);
  const pods = new CarriedPods(policies.changed);
  const links = new ClusterLinks(addresses.nodeAt);
  const inhabitant = (ip: string) => wire.inhabitant(ip);
  const wire: Wire = new Wire({
    privileged,
    isService: (ip, port, transport) => services.find(ip, port, transport) !== undefined,
    listeners,
    opened,
    rules: new PolicyRules(policies, { services, pods, inhabitant }),
    inhabitants,
    paths: links,
  });
  return { wire, pods, links };
}

/** What the nodes of one cluster share. */
export function sharedByNodes(agent: Agent, surroundings: Surroundings): SharedByNodes {
  const { client, services } = surroundings;
  return {
    client,
    shell: agent.shell,
    ...networkOf(agent, surroundings),
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
