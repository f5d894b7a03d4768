import type { LogicalCluster, Settle } from '@binnacle/client-clusters';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { ClusterDns, type SharedDns } from '@binnacle/network-dns';

/** By which the Pods of the DNS are found in `main`, whose control plane runs it. */
const POD_LABELS = { 'k8s-app': 'kube-dns' };

export interface ServersOptions {
  readonly shared: SharedDns;
  /** The networks of `main`; other clusters have their own. */
  readonly main: { readonly podCidr: string; readonly serviceCidr: string };
}

/** The DNS of all logical clusters. That of one that rests answers as it did. */
export class ClusterServers {
  private readonly servers = new Set<ClusterDns>();
  private main: ClusterDns | undefined;

  constructor(private readonly options: ServersOptions) {}

  /** How many answer now. */
  get listening(): number {
    return [...this.servers].filter(({ isListening }) => isListening).length;
  }

  /** `main` is answered, or somebody else is to answer it. */
  get isReady(): boolean {
    return this.main?.isServed ?? false;
  }

  readonly settle: Settle = (whole, cluster) => {
    const server = this.serverIn(whole, cluster);
    return {
      /** Without nodes nobody is there who could ask. */
      get stays() {
        return server?.hasNodes ?? false;
      },
      live: async (ctx) => await server?.follow(ctx),
      pending: () => ({ busy: server?.isSettled === false }),
    };
  };

  /** Undefined for a cluster without addresses. */
  private serverIn(ctx: Context, { name, uid, network, client }: LogicalCluster): ClusterDns | undefined {
    const { shared, main } = this.options;
    const isMain = name === DEFAULT_CLUSTER;
    const { podCIDR: podCidr, serviceCIDR: serviceCidr } = network;
    const networks = isMain ? main : { podCidr, serviceCidr };
    if (networks.podCidr === undefined || networks.serviceCidr === undefined) return undefined;
    const service = { serviceCidr: networks.serviceCidr, ...(isMain && { selector: POD_LABELS }) };
    const server = new ClusterDns(ctx, { client, uid, podCidr: networks.podCidr, service }, shared);
    this.servers.add(server);
    if (isMain) this.main = server;
    ctx.signal.addEventListener('abort', () => this.servers.delete(server), { once: true });
    return server;
  }
}
