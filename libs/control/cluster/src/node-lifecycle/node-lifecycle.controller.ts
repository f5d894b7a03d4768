import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  fromChanges,
  fromObjects,
  type Source,
} from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { Heartbeats } from './heartbeats.js';
import { NODE_LEASES, nodeNameKeys, PODS_OF_NODE } from './indexes.js';
import { NodeLifecycleReconciler } from './node-lifecycle.reconciler.js';

/** A heartbeat only moves the clock of its node: a look is scheduled for when silence would begin. */
function fromHeartbeats(
  ctx: Context,
  leases: SharedInformer<Lease>,
  nodes: SharedInformer<Node>,
  heartbeats: Heartbeats,
): Source {
  return fromChanges(leases, (lease, _, __, deleted) => {
    const node = deleted ? undefined : nodes.get(lease.metadata.name ?? '');
    if (node) heartbeats.observe(node, lease, ctx.clock.now());
  });
}

/** `grace`: milliseconds without a heartbeat after which a node counts as unreachable. */
export function nodeLifecycleController(
  ctx: Context,
  { client, informers }: ControllerDeps,
  grace: number,
): Controller {
  const nodes = informers.for<Node>(refs.nodes);
  const leases = informers.for<Lease>(refs.leases, { selection: { namespace: NODE_LEASES } });
  const pods = informers.for<Pod>(refs.pods);
  pods.addIndex(PODS_OF_NODE, nodeNameKeys);
  const heartbeats = new Heartbeats();
  const reconciler = new NodeLifecycleReconciler({
    nodes,
    leases,
    pods,
    nodeClient: client.resource<Node>(refs.nodes),
    podClient: client.resource<Pod>(refs.pods),
    recorder: createEventRecorder(ctx, client, { component: 'node-controller' }),
    heartbeats,
    grace,
  });
  const sources = [fromObjects(nodes), fromHeartbeats(ctx, leases, nodes, heartbeats)];
  // Where a cluster rests, so do its nodes: their silence proves nothing, and they have the whole grace when it wakes.
  return createController({ name: 'node-lifecycle', reconciler, sources, synced: [pods], wakes: false });
}
