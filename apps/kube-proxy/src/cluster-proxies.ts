import type { Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { LogicalCluster, Settle } from '@binnacle/client-clusters';
import { createEventRecorder, type EventSource } from '@binnacle/client-controller';
import { createInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { Proxier, type ProxyOptions } from '@binnacle/network-proxy';
import { externalInCluster } from './external-addresses.js';

/** A range without addresses: what has no network carries nothing. */
const NOWHERE = '255.255.255.255/32';

/** What of the machine belongs to one cluster: no Service of it is carried to another's Pods, nor stands at another's address. */
function optionsIn({ name, network }: LogicalCluster, main: ProxyOptions): ProxyOptions {
  if (name === DEFAULT_CLUSTER) return main;
  const { podCIDR = NOWHERE, serviceCIDR = NOWHERE, nodeCIDR = NOWHERE } = network;
  const { isApiServer } = main.limits ?? {};
  return {
    mode: main.mode,
    nodePortAddresses: main.nodePortAddresses,
    serviceCidr: serviceCIDR,
    ownsMachine: false,
    mayBeExternal: externalInCluster(serviceCIDR, [podCIDR, serviceCIDR, nodeCIDR]),
    limits: { clusterCidr: podCIDR, nodeCidr: nodeCIDR, ...(isApiServer && { isApiServer }) },
  };
}

/** The proxies of all logical clusters. The ports of one that rests stay open, and lead where they led. */
export class ClusterProxies {
  private readonly proxiers = new Set<Proxier>();

  constructor(
    private readonly options: ProxyOptions,
    private readonly source: EventSource,
  ) {}

  get openPorts(): number {
    return [...this.proxiers].reduce((sum, proxier) => sum + proxier.openPorts, 0);
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

  private proxierIn(ctx: Context, cluster: LogicalCluster) {
    const { client } = cluster;
    const sources = {
      services: createInformer(client.resource<Service>(refs.services)),
      slices: createInformer(client.resource<EndpointSlice>(refs.endpointslices)),
      nodes: createInformer(client.resource<Node>(refs.nodes)),
    };
    const recorder = createEventRecorder(ctx, client, this.source);
    const proxier = new Proxier(sources, recorder, optionsIn(cluster, this.options));
    this.proxiers.add(proxier);
    const end = () => {
      proxier.shutdown();
      this.proxiers.delete(proxier);
    };
    ctx.signal.addEventListener('abort', end, { once: true });
    return { proxier, nodes: sources.nodes };
  }
}
