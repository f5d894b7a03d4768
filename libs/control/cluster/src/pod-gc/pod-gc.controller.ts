import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  done,
  forEachBounded,
  fromChanges,
  type Outcome,
  type Reconciler,
  type Source,
} from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import { type ControllerDeps, isPodTerminal } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isNotFound } from '@binnacle/machinery-meta';
import { markDisrupted } from '../pods/disruption-target.js';
import { type Garbage, planPodGc } from './plan.js';

/** There is one thing to do: sweep. */
const SWEEP = 'sweep';
/** A node that vanished may be coming back under the same name. */
const QUARANTINE_MILLISECONDS = 40_000;
const GATHER_MILLISECONDS = 1_000;
const PARALLEL = 16;

interface PodGcOptions {
  readonly pods: SharedInformer<Pod>;
  readonly nodes: SharedInformer<Node>;
  readonly podClient: ResourceClient<Pod>;
  readonly nodeClient: ResourceClient<Node>;
  readonly threshold: number;
}

class PodGcReconciler implements Reconciler {
  /** Since when each node that Pods speak of has been away. */
  private readonly absent = new Map<string, number>();

  constructor(private readonly options: PodGcOptions) {}

  async reconcile(ctx: Context): Promise<Outcome> {
    const { pods, nodes, threshold } = this.options;
    const known = new Map(nodes.list().map((node) => [node.metadata.name ?? '', node]));
    const gone = await this.goneNodes(ctx, known);
    const garbage = planPodGc(pods.list(), known, gone, threshold);
    await forEachBounded(garbage, PARALLEL, (item) => this.clear(ctx, item));
    const waiting = [...this.absent.values()].map((since) => since + QUARANTINE_MILLISECONDS);
    const later = waiting.filter((time) => time > ctx.clock.now());
    return later.length > 0 ? againAt(Math.min(...later)) : done;
  }

  private async goneNodes(ctx: Context, known: ReadonlyMap<string, Node>): Promise<Set<string>> {
    const named = new Set(this.options.pods.list().map(({ spec }) => spec?.nodeName ?? ''));
    for (const name of this.absent.keys()) if (known.has(name) || !named.has(name)) this.absent.delete(name);
    const gone = new Set<string>();
    for (const name of named) {
      if (!name || known.has(name)) continue;
      const since = this.absent.get(name) ?? ctx.clock.now();
      this.absent.set(name, since);
      if (since + QUARANTINE_MILLISECONDS <= ctx.clock.now() && (await this.isGone(ctx, name))) gone.add(name);
    }
    return gone;
  }

  private async isGone(ctx: Context, name: string): Promise<boolean> {
    return (await ignoreNotFound(this.options.nodeClient.get(ctx, { name }))) === undefined;
  }

  private async clear(ctx: Context, { pod, reason }: Garbage): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    try {
      if (reason === 'orphaned' && !isPodTerminal(pod)) {
        const why = { reason: 'DeletionByPodGC', message: 'PodGC: node no longer exists', fail: true };
        await markDisrupted(ctx, this.options.podClient, pod, why);
      }
      await this.options.podClient.delete(ctx, { name, namespace }, { gracePeriodSeconds: 0, preconditions: { uid } });
      ctx.logger.info('pod cleared away', { pod: `${namespace}/${name}`, reason });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}

/** How the count of finished Pods changes. */
function finishedChange(pod: Pod, old: Pod | undefined, deleted: boolean): number {
  if (deleted) return isPodTerminal(pod) ? -1 : 0;
  return Number(isPodTerminal(pod)) - Number(old !== undefined && isPodTerminal(old));
}

/** Pods that may have become garbage. The others need no sweep. */
function fromPods({ pods, nodes, threshold }: PodGcOptions): Source {
  let finished = 0;
  return fromChanges(pods, (pod, old, enqueue, deleted) => {
    finished += finishedChange(pod, old, deleted);
    const nodeName = pod.spec?.nodeName;
    const suspicious = nodeName ? !nodes.get(nodeName) : pod.metadata.deletionTimestamp !== undefined;
    if (!deleted && (suspicious || finished > threshold)) enqueue.after(SWEEP, GATHER_MILLISECONDS);
  });
}

function fromNodes(nodes: SharedInformer<Node>): Source {
  return fromChanges(nodes, ({ spec }, _, enqueue, deleted) => {
    if (deleted || spec?.taints?.some(({ effect }) => effect === 'NoExecute'))
      enqueue.after(SWEEP, GATHER_MILLISECONDS);
  });
}

export function podGcController(_ctx: Context, { client, informers }: ControllerDeps, threshold: number): Controller {
  const options: PodGcOptions = {
    pods: informers.for<Pod>(refs.pods),
    nodes: informers.for<Node>(refs.nodes),
    podClient: client.resource<Pod>(refs.pods),
    nodeClient: client.resource<Node>(refs.nodes),
    threshold,
  };
  return createController({
    name: 'pod-garbage-collector',
    reconciler: new PodGcReconciler(options),
    sources: [fromPods(options), fromNodes(options.nodes)],
    workers: 1,
  });
}
