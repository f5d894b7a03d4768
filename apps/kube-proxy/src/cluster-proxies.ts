import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { LogicalCluster, Settle } from '@binnacle/client-clusters';
import { createEventRecorder, type EventSource } from '@binnacle/client-controller';
import { createInformer, type Lister } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { Proxier, type ProxyOptions, type TrialReport, type TrialRequest } from '@binnacle/network-proxy';
import { externalInCluster } from './external-addresses.js';

/** A range without addresses: what has no network carries nothing. */
const NOWHERE = '255.255.255.255/32';

/** What of the machine belongs to one cluster: no Service of it is carried to another's Pods, nor stands at another's address. */
function optionsIn({ name, network }: LogicalCluster, main: ProxyOptions): ProxyOptions {
  if (name === DEFAULT_CLUSTER) return main;
  const { podCIDR = NOWHERE, serviceCIDR = NOWHERE, nodeCIDR = NOWHERE } = network;
  const { limits: { isApiServer } = {}, telemetry } = main;
  return {
    mode: main.mode,
    nodePortAddresses: main.nodePortAddresses,
    serviceCidr: serviceCIDR,
    ownsMachine: false,
    ...(telemetry && { telemetry }),
    mayBeExternal: externalInCluster(serviceCIDR, [podCIDR, serviceCIDR, nodeCIDR]),
    limits: { clusterCidr: podCIDR, nodeCidr: nodeCIDR, ...(isApiServer && { isApiServer }) },
  };
}

interface Inhabited {
  readonly proxier: Proxier;
  readonly nodes: Lister<Node>;
}

/** The proxies of all logical clusters. The ports of one that rests stay open, and lead where they led. */
export class ClusterProxies {
  private readonly proxiers = new Map<string, Inhabited>();

  constructor(
    private readonly options: ProxyOptions,
    private readonly source: EventSource,
  ) {}

  get openPorts(): number {
    return this.sum(({ openPorts }) => openPorts);
  }

  get standing(): number {
    return this.sum(({ connections }) => connections?.size ?? 0);
  }

  /** What is carried in a cluster; undefined where nothing is. */
  connectionsIn(cluster: string): Proxier['connections'] {
    return this.proxiers.get(cluster)?.proxier.connections;
  }

  /** Asks a Service of a cluster itself. */
  async tryOut(ctx: Context, cluster: string, request: TrialRequest): Promise<TrialReport> {
    return (await this.proxiers.get(cluster)?.proxier.tryOut(ctx, request)) ?? { failure: 'NoAddress' };
  }

  /** A Node of `main`, as it was when that was awake. */
  node(name: string): Node | undefined {
    return this.proxiers.get(DEFAULT_CLUSTER)?.nodes.get(name);
  }

  private sum(of: (proxier: Proxier) => number): number {
    return [...this.proxiers.values()].reduce((sum, { proxier }) => sum + of(proxier), 0);
  }

  readonly settle: Settle = (whole, cluster) => {
    const { proxier, nodes } = this.proxierIn(whole, cluster);
    return {
      /** Without nodes nobody is there whom the ports could lead to, or who could ask for them. */
      get stays() {
        return nodes.list().length > 0;
      },
      live: (ctx) => proxier.follow(ctx, whole),
      pending: () => ({ busy: !proxier.synced }),
    };
  };

  private proxierIn(ctx: Context, cluster: LogicalCluster): Inhabited {
    const { client } = cluster;
    const sources = {
      services: createInformer(client.resource<Service>(refs.services)),
      slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices)),
      nodes: createInformer(client.resource<Node>(refs.nodes)),
    };
    const recorder = createEventRecorder(ctx, client, this.source);
    const proxier = new Proxier(sources, recorder, optionsIn(cluster, this.options));
    const inhabited = { proxier, nodes: sources.nodes };
    this.proxiers.set(cluster.name, inhabited);
    const end = () => {
      proxier.shutdown();
      // Another may have come by the same name.
      if (this.proxiers.get(cluster.name) === inhabited) this.proxiers.delete(cluster.name);
    };
    ctx.signal.addEventListener('abort', end, { once: true });
    return inhabited;
  }
}
