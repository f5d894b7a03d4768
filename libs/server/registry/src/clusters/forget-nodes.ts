import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';

const LEASES = 'kube-node-lease';

/** Removes the Nodes of a cluster that was just forked, and what they last said: its Pods will find others. */
export async function forgetNodes(ctx: RequestContext, registry: Registry): Promise<void> {
  await registry.get('coordination.k8s.io', 'v1', 'leases').deleteCollection(ctx, { namespace: LEASES });
  await registry.get('', 'v1', 'nodes').deleteCollection(ctx, {});
}
