import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { newForbidden, newNotFound } from '@binnacle/machinery-meta';
import { asServer, type Registry, type RequestContext } from '@binnacle/server-registry';
import type { MayAsk } from '../clusters/cluster-networks.js';
import { type KubeletAddress, kubeletAddress } from './kubelet-connection.js';

const NODES = { group: '', resource: 'nodes' };

/** Where the kubelets of a request's logical cluster are asked. */
export class NodeAddresses {
  constructor(
    private readonly registry: Registry,
    private readonly mayAsk: MayAsk,
  ) {}

  /** Rejects with NotFound, or Forbidden for an address outside of the cluster. */
  async of(ctx: RequestContext, nodeName: string): Promise<KubeletAddress> {
    const nodes = this.registry.get('', 'v1', 'nodes');
    const stored = await nodes.get(asServer(ctx), { namespace: '', name: nodeName }, { at: 'any' });
    const address = kubeletAddress(nodes.decode(stored) as unknown as Node);
    if (!address) throw newNotFound(NODES, nodeName);
    if (await this.mayAsk(ctx, ctx.cluster, address.host)) return address;
    throw newForbidden(NODES, nodeName, 'its address is none of its cluster');
  }
}
