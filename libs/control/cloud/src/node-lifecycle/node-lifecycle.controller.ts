import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromObjects,
  type Outcome,
  type Reconciler,
} from '@binnacle/client-controller';
import type { ObjectKey, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { Instances } from '../provider/cloud-provider.js';
import { fromCloud } from '../provider/from-cloud.js';
import { isReady, planTaints } from './plan.js';

export interface CloudNodeLifecycleOptions {
  readonly instances: Instances;
  /** Milliseconds between two looks at the machine of a node that is not well. */
  readonly monitorPeriod: number;
}

interface ReconcilerOptions extends CloudNodeLifecycleOptions {
  readonly nodes: SharedInformer<Node>;
  readonly client: ResourceClient<Node>;
  readonly recorder: EventRecorder;
}

/** Deletes Nodes whose machines have gone, and marks those whose machines are shut down. Behaves as MonitorNodes. */
class CloudNodeLifecycleReconciler implements Reconciler {
  constructor(private readonly options: ReconcilerOptions) {}

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const node = this.options.nodes.get(key);
    if (!node || node.metadata.deletionTimestamp) return done;
    if (isReady(node)) {
      await this.taint(ctx, node, false);
      return done;
    }
    await this.monitor(ctx, key, node);
    return againAt(ctx.clock.now() + this.options.monitorPeriod);
  }

  /** What a cloud cannot say now is asked the next time: a node is never deleted on a guess. */
  private async monitor(ctx: Context, key: ObjectKey, node: Node): Promise<void> {
    const { instances } = this.options;
    try {
      if (!(await instances.exists(ctx, node))) return await this.delete(ctx, node);
      if (await instances.isShutdown(ctx, node)) await this.taint(ctx, node, true);
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      ctx.logger.warn('the machine of a node could not be looked at', { node: key, error });
    }
  }

  private async delete(ctx: Context, node: Node): Promise<void> {
    const { client, recorder } = this.options;
    const { name = '', uid } = node.metadata;
    ctx.logger.info('a node goes, as its machine has', { node: name });
    const message = `Deleting node ${name} because it does not exist in the cloud provider`;
    recorder.event(node, 'Normal', 'DeletingNode', message);
    try {
      await ignoreNotFound(client.delete(ctx, { name }, { preconditions: { uid } }));
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      const text = error instanceof Error ? error.message : String(error);
      recorder.event(node, 'Warning', 'DeletingNodeFailed', `Failed deleting node ${name}: ${text}`);
    }
  }

  private async taint(ctx: Context, node: Node, isShutdown: boolean): Promise<void> {
    const { client, nodes } = this.options;
    const taints = planTaints(node, isShutdown);
    if (!taints) return;
    const { name = '', resourceVersion } = node.metadata;
    const patch = { metadata: { resourceVersion }, spec: { taints } };
    const written = await ignoreNotFound(client.patch(ctx, { name }, 'merge', patch));
    if (written) await nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

/** Models k8s.io/cloud-provider controllers/nodelifecycle NewCloudNodeLifecycleController. */
export function cloudNodeLifecycleController(
  ctx: Context,
  { client, informers }: ControllerDeps,
  options: CloudNodeLifecycleOptions,
): Controller {
  const nodes = informers.for<Node>(refs.nodes);
  const recorder = createEventRecorder(ctx, client, { component: 'cloud-node-lifecycle-controller' });
  return createController({
    name: 'cloud-node-lifecycle',
    reconciler: new CloudNodeLifecycleReconciler({
      ...options,
      nodes,
      client: client.resource<Node>(refs.nodes),
      recorder,
    }),
    sources: [fromObjects(nodes), fromCloud(options.instances)],
    // Nodes rest with their cluster.
    wakes: false,
  });
}
