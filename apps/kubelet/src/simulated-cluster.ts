import { mkdirSync } from 'node:fs';
import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_NODE_AGENT } from '@binnacle/apis-kubernetes/well-known';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { LogicalCluster, Resident } from '@binnacle/client-clusters';
import type { Pending } from '@binnacle/client-controller';
import { createInformer, type SharedInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { mayBeExternal } from '@binnacle/machinery-wire';
import { type Agent, agentIn, sharedByNodes } from './agent.js';
import { followVolumes } from './follow-volumes.js';
import { isWithin, NodeObjects } from './node-objects.js';
import { ClusterPolicies } from './policies/cluster-policies.js';
import { RunningNodes } from './running-nodes.js';

/** Matches nothing: a cluster without addresses of its own has no simulated nodes. */
const NOWHERE = '255.255.255.255/32';

/**
 * The simulated nodes of one logical cluster besides `main`: those whose objects were made for this process. While the cluster
 * rests its containers run on, and nothing is asked of the API server.
 */
export class SimulatedCluster implements Resident {
  private readonly services: SharedInformer<Service>;
  private readonly policies: ClusterPolicies;
  private readonly objects: SharedInformer<Node>;
  private readonly machines: NodeObjects;
  private readonly nodes: RunningNodes;
  private readonly client: KubeClient;
  private readonly root: string;
  private isReady = false;

  constructor(ctx: Context, { client, uid, network }: LogicalCluster, agent: Agent) {
    const { podCIDR = NOWHERE, serviceCIDR = NOWHERE, nodeCIDR = NOWHERE } = network;
    const own = agentIn(agent, uid);
    this.client = client;
    this.root = own.root;
    mkdirSync(own.podLogs, { recursive: true, mode: 0o700 });
    this.services = createInformer(client.resource<Service>(refs.services));
    this.policies = new ClusterPolicies(client);
    const selection = { labelSelector: `${LABEL_NODE_AGENT}=${agent.name}` };
    this.objects = createInformer(client.resource<Node>(refs.nodes), { selection });
    this.machines = new NodeObjects(agent.name, nodeCIDR);
    const shared = sharedByNodes(own, {
      client,
      services: this.services,
      policies: this.policies,
      addresses: {
        nodeAt: (address) => this.nodes.at(address),
        isOwn: (address) => isWithin(serviceCIDR, address),
        isExternal: (address) => mayBeExternal(address, serviceCIDR),
      },
      opened: [],
    });
    this.nodes = new RunningNodes(ctx, { ...shared, acceptsPodCidr: (cidr) => isWithin(podCIDR, cidr) });
    const apply = () => this.apply();
    this.objects.addHandler({ added: apply, deleted: apply });
  }

  /** Nothing is kept of a cluster without nodes. */
  get stays(): boolean {
    return this.nodes.count > 0;
  }

  async live(ctx: Context): Promise<void> {
    const { services, objects, policies } = this;
    const following = Promise.all([
      ...[services, objects, policies].map((source) => source.run(ctx)),
      followVolumes(ctx, this.client, this.root),
    ]);
    // Containers are told of the Services there are, and held by policies: none may start before those are known.
    const known = [services, objects, policies].map((source) => source.synced());
    await Promise.race([Promise.all(known), following]);
    this.nodes.follow(ctx);
    this.isReady = true;
    this.apply();
    await following;
  }

  pending(): Pending {
    return { busy: !this.objects.hasSynced };
  }

  private apply(): void {
    if (this.isReady) this.nodes.apply(this.machines.simulated(this.objects.list()));
  }
}
