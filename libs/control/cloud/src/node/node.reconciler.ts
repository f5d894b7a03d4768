import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type EventRecorder, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { ObjectKey, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { Instances } from '../provider/cloud-provider.js';
import type { CloudInstruments } from '../provider/instruments.js';
import { isUninitialized, planInitial } from './initial-plan.js';
import { planAddresses } from './node-addresses.js';
import { planLabels } from './node-labels.js';

export interface NodeOptions {
  readonly nodes: SharedInformer<Node>;
  readonly client: ResourceClient<Node>;
  readonly instances: Instances;
  readonly recorder: EventRecorder;
  /** Milliseconds between two looks at what a node's addresses are. */
  readonly statusUpdateFrequency: number;
  readonly instruments: CloudInstruments;
}

/** In seconds. */
const ageOf = (ctx: Context, { metadata }: Node): number =>
  Math.max(0, ctx.clock.now() - Date.parse(metadata.creationTimestamp ?? '')) / 1000;

/** Tells Nodes what their cloud knows of them. Behaves as k8s.io/cloud-provider controllers/node. */
export class CloudNodeReconciler implements Reconciler {
  /** By node: when its addresses are looked at next. */
  private readonly dueAt = new Map<ObjectKey, number>();

  constructor(private readonly options: NodeOptions) {}

  /** There may be other addresses. */
  doubt(key: ObjectKey): void {
    this.dueAt.delete(key);
  }

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const node = this.options.nodes.get(key);
    if (!node) {
      this.dueAt.delete(key);
      return done;
    }
    if (isUninitialized(node)) return this.initialize(ctx, key, node);
    const labels = planLabels(node);
    const current = labels ? await this.patch(ctx, node, { metadata: { labels } }) : node;
    return current ? this.lookAtAddresses(ctx, key, current) : done;
  }

  private async initialize(ctx: Context, key: ObjectKey, node: Node): Promise<Outcome> {
    const { instances, recorder, instruments } = this.options;
    const instance = await instances.metadata(ctx, node);
    // It is not for this cloud to say.
    if (!instance) return done;
    const written = await this.patch(ctx, node, planInitial(node, instance));
    if (!written) return done;
    instruments.taintRemoved(ageOf(ctx, node));
    await this.writeAddresses(ctx, written, instance.nodeAddresses);
    instruments.nodeInitialized(ageOf(ctx, node));
    ctx.logger.info('node initialized', { node: key });
    recorder.event(node, 'Normal', 'Synced', 'Node synced successfully');
    return this.lookAgain(ctx, key);
  }

  /** A cloud that cannot say now is asked the next time. */
  private async lookAtAddresses(ctx: Context, key: ObjectKey, node: Node): Promise<Outcome> {
    const dueAt = this.dueAt.get(key) ?? 0;
    if (dueAt > ctx.clock.now()) return againAt(dueAt);
    try {
      const instance = await this.options.instances.metadata(ctx, node);
      await this.writeAddresses(ctx, node, instance?.nodeAddresses);
    } catch (error) {
      if (ctx.signal.aborted) throw error;
      ctx.logger.warn('the addresses of a node are not known', { node: key, error });
    }
    return this.lookAgain(ctx, key);
  }

  private lookAgain(ctx: Context, key: ObjectKey): Outcome {
    const dueAt = ctx.clock.now() + this.options.statusUpdateFrequency;
    this.dueAt.set(key, dueAt);
    return againAt(dueAt);
  }

  private async writeAddresses(ctx: Context, node: Node, told: Parameters<typeof planAddresses>[1]): Promise<void> {
    const addresses = planAddresses(node, told);
    if (addresses) await this.patch(ctx, node, { status: { addresses } }, 'status');
  }

  /** Undefined where the node has gone meanwhile. */
  private async patch(ctx: Context, node: Node, patch: object, subresource?: string): Promise<Node | undefined> {
    const { client, nodes } = this.options;
    const { name = '', uid } = node.metadata;
    const body = { ...patch, metadata: { ...('metadata' in patch ? (patch.metadata as object) : {}), uid } };
    const written = await ignoreNotFound(client.patch(ctx, { name }, 'merge', body, subresource));
    if (written) await nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }
}
