import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromObjects,
  type Outcome,
  type Reconciler,
} from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound, StatusError } from '@binnacle/machinery-meta';
import { CidrPool } from './cidr-pool.js';
import { NodeBlocks } from './node-blocks.js';

const NODE_BLOCK_BITS = 24;

interface NodeIpamOptions {
  readonly nodes: SharedInformer<Node>;
  readonly client: ResourceClient<Node>;
  readonly blocks: NodeBlocks;
  readonly recorder: EventRecorder;
}

/** Gives every node a block of Pod addresses. Behaves as kubernetes pkg/controller/nodeipam range allocator. */
class NodeIpamReconciler implements Reconciler {
  constructor(private readonly options: NodeIpamOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const { nodes, client, blocks, recorder } = this.options;
    const node = nodes.get(key);
    if (!node || node.spec?.podCIDR) return done;
    const podCIDR = blocks.offer(key);
    if (!podCIDR) {
      recorder.event(node, 'Normal', 'CIDRNotAvailable', `Node ${key} status is now: CIDRNotAvailable`);
      throw new Error(`no Pod addresses are left for node ${key}`);
    }
    try {
      const { uid } = node.metadata;
      const patch = { metadata: { uid }, spec: { podCIDR, podCIDRs: [podCIDR] } };
      const written = await client.patch(ctx, { name: key }, 'strategic', patch);
      await nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    } catch (error) {
      if (isRefusal(error)) blocks.refused(key);
      if (!isNotFound(error)) throw error;
    }
    return done;
  }
}

/** Of anything else, such as an answer that never came, nobody knows whether it was done. */
function isRefusal(error: unknown): boolean {
  return error instanceof StatusError && error.code >= 400 && error.code < 500;
}

function trackBlocks(nodes: SharedInformer<Node>, blocks: NodeBlocks): void {
  const see = ({ metadata, spec }: Node) => blocks.seen(metadata.name ?? '', spec?.podCIDR);
  nodes.addHandler({
    added: see,
    updated: see,
    deleted: ({ metadata, spec }) => blocks.gone(metadata.name ?? '', spec?.podCIDR),
  });
}

export function nodeIpamController(ctx: Context, deps: ControllerDeps, clusterCidr: string): Controller {
  const nodes = deps.informers.for<Node>(refs.nodes);
  const blocks = new NodeBlocks(new CidrPool(clusterCidr, NODE_BLOCK_BITS));
  trackBlocks(nodes, blocks);
  const recorder = createEventRecorder(ctx, deps.client, { component: 'cidrAllocator' });
  const client = deps.client.resource<Node>(refs.nodes);
  return createController({
    name: 'nodeipam',
    reconciler: new NodeIpamReconciler({ nodes, client, blocks, recorder }),
    sources: [fromObjects(nodes)],
    workers: 1,
  });
}
