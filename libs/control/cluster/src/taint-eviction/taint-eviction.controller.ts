import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  createEventRecorder,
  done,
  type EventRecorder,
  fromChanges,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { semanticEqual } from '@binnacle/machinery-validation';
import { nodeNameKeys, PODS_OF_NODE } from '../node-lifecycle/indexes.js';
import { markDisrupted } from '../pods/disruption-target.js';
import { evictionTime, noExecuteTaints } from './plan.js';
import { TaintSightings } from './tainted-since.js';

export interface TaintEvictionOptions {
  readonly nodes: SharedInformer<Node>;
  readonly pods: SharedInformer<Pod>;
  readonly client: ResourceClient<Pod>;
  readonly recorder: EventRecorder;
}

/** Behaves as kubernetes pkg/controller/tainteviction. */
export class TaintEvictionReconciler implements Reconciler {
  private readonly sightings = new TaintSightings();
  /** Pods that are to leave later, as things are. */
  private readonly leaving = new Set<string>();

  constructor(private readonly options: TaintEvictionOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const pod = this.options.pods.get(key);
    const node = pod?.spec?.nodeName ? this.options.nodes.get(pod.spec.nodeName) : undefined;
    this.sightings.look(key, pod, node, ctx.clock.now());
    const time = pod && evictionTime(pod, node, (taint) => this.sightings.since(key, pod, taint));
    if (time !== undefined && time > ctx.clock.now()) {
      this.leaving.add(key);
      return againAt(time);
    }
    const wasLeaving = this.leaving.delete(key);
    if (pod && time !== undefined) await this.evict(ctx, pod);
    else if (pod && wasLeaving) this.stay(pod);
    return done;
  }

  private stay(pod: Pod): void {
    if (!pod.metadata.deletionTimestamp) this.tell(pod, 'Cancelling deletion of');
  }

  private tell(pod: Pod, what: string): void {
    const { name, namespace } = pod.metadata;
    this.options.recorder.event(pod, 'Normal', 'TaintManagerEviction', `${what} Pod ${namespace}/${name}`);
  }

  private async evict(ctx: Context, pod: Pod): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    this.tell(pod, 'Marking for deletion');
    const why = { reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint' };
    await markDisrupted(ctx, this.options.client, pod, why);
    await this.options.client.delete(ctx, { name, namespace }, { preconditions: { uid } });
  }
}

/** All Pods of a node whose NoExecute taints changed. */
function fromNodes(nodes: SharedInformer<Node>, pods: SharedInformer<Pod>): Source {
  return fromChanges(nodes, (node, old, enqueue) => {
    if (semanticEqual(noExecuteTaints(node), noExecuteTaints(old))) return;
    for (const pod of pods.byIndex(PODS_OF_NODE, node.metadata.name ?? '')) enqueue(keyOf(pod));
  });
}

function sameStay(pod: Pod, old: Pod | undefined): boolean {
  if (old === undefined || old.spec?.nodeName !== pod.spec?.nodeName) return false;
  return semanticEqual(old.spec?.tolerations, pod.spec?.tolerations);
}

/** Pods that came to a node or changed what they tolerate, where the node has such taints. */
function fromPods(nodes: SharedInformer<Node>, pods: SharedInformer<Pod>): Source {
  return fromChanges(pods, (pod, old, enqueue, deleted) => {
    const node = pod.spec?.nodeName ? nodes.get(pod.spec.nodeName) : undefined;
    if (deleted || !node || sameStay(pod, old)) return;
    if (noExecuteTaints(node).length > 0) enqueue(keyOf(pod));
  });
}

export function taintEvictionController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const nodes = informers.for<Node>(refs.nodes);
  const pods = informers.for<Pod>(refs.pods);
  pods.addIndex(PODS_OF_NODE, nodeNameKeys);
  const recorder = createEventRecorder(ctx, client, { component: 'taint-eviction-controller' });
  const podClient = client.resource<Pod>(refs.pods);
  return createController({
    name: 'taint-eviction',
    reconciler: new TaintEvictionReconciler({ nodes, pods, client: podClient, recorder }),
    sources: [fromNodes(nodes, pods), fromPods(nodes, pods)],
    workers: 8,
  });
}
