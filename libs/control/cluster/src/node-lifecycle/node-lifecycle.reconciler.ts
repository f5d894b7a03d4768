import type { Lease } from '@binnacle/apis-kubernetes/coordination/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { TAINT_NODE_NOT_READY, TAINT_NODE_UNREACHABLE } from '@binnacle/apis-kubernetes/well-known';
import {
  againAt,
  done,
  type EventRecorder,
  type Outcome,
  type Reconciler,
  settleBounded,
} from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import { type ResourceClient, TransportError } from '@binnacle/client-rest';
import { isPodReady, readyCondition } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { formatTime, isNotFound, withCondition } from '@binnacle/machinery-meta';
import { NODE_LEASES, PODS_OF_NODE } from './indexes.js';
import type { Heartbeats } from './heartbeats.js';
import { planTaints, readiness } from './node-taints.js';
import { withUnknownConditions } from './unknown-conditions.js';
import { evictionInterval, EvictionRates, zoneOf } from './zones.js';

const PARALLEL = 16;
/** As upstream looks at every node. */
const MONITOR_MILLISECONDS = 5_000;

export interface NodeLifecycleOptions {
  readonly nodes: SharedInformer<Node>;
  readonly leases: SharedInformer<Lease>;
  readonly pods: SharedInformer<Pod>;
  readonly nodeClient: ResourceClient<Node>;
  readonly podClient: ResourceClient<Pod>;
  readonly recorder: EventRecorder;
  readonly heartbeats: Heartbeats;
  /** Milliseconds of silence. */
  readonly grace: number;
}

/** Behaves as kubernetes pkg/controller/nodelifecycle. */
export class NodeLifecycleReconciler implements Reconciler {
  private readonly rates = new EvictionRates();
  /** Nodes whose Pods were told that they are not ready, until the node is well again. */
  private readonly marked = new Set<string>();

  constructor(private readonly options: NodeLifecycleOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const node = this.options.nodes.get(key);
    if (!node || node.metadata.deletionTimestamp) {
      this.options.heartbeats.forget(key);
      this.marked.delete(key);
      return done;
    }
    try {
      return await this.look(ctx, key, node);
    } catch (error) {
      if (error instanceof TransportError) this.options.heartbeats.forgive(ctx.clock.now());
      throw error;
    }
  }

  private async look(ctx: Context, key: string, seen: Node): Promise<Outcome> {
    const lease = this.options.leases.get(`${NODE_LEASES}/${key}`);
    const heard = this.options.heartbeats.observe(seen, lease, ctx.clock.now());
    const silentAt = heard + this.options.grace;
    const node = silentAt <= ctx.clock.now() ? await this.giveUp(ctx, seen) : seen;
    const again = await this.taint(ctx, node);
    await this.markPods(ctx, node);
    const times = [again, silentAt > ctx.clock.now() ? silentAt : undefined].filter((time) => time !== undefined);
    return times.length > 0 ? againAt(Math.min(...times)) : done;
  }

  private async giveUp(ctx: Context, node: Node): Promise<Node> {
    const next = withUnknownConditions(node, ctx.clock.now());
    if (!next) return node;
    ctx.logger.warn('node is silent', { node: node.metadata.name });
    const written = await this.options.nodeClient.updateStatus(ctx, next);
    await this.options.nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    this.options.recorder.event(
      node,
      'Normal',
      'NodeNotReady',
      `Node ${node.metadata.name} status is now: NodeNotReady`,
    );
    return written;
  }

  /** Answers when to look again, if the node has to wait for its turn to lose its Pods. */
  private async taint(ctx: Context, node: Node): Promise<number | undefined> {
    const { evict, again } = this.mayEvict(node, ctx.clock.now());
    const taints = planTaints(node, evict, formatTime(ctx.clock.now()));
    if (!taints) return again;
    const { name = '', resourceVersion } = node.metadata;
    const patch = { metadata: { resourceVersion }, spec: { taints } };
    const written = await this.options.nodeClient.patch(ctx, { name }, 'merge', patch);
    await this.options.nodes.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return again;
  }

  private mayEvict(node: Node, now: number): { evict: 'yes' | 'not-now' | 'no'; again?: number } {
    if (readiness(node) === 'True') return { evict: 'no' };
    const zone = zoneOf(node);
    const interval = evictionInterval(this.options.nodes.list(), zone);
    // Others may be well again, which no event of this node tells.
    if (interval === undefined) return { evict: 'no', again: now + MONITOR_MILLISECONDS };
    const key = readiness(node) === 'Unknown' ? TAINT_NODE_UNREACHABLE : TAINT_NODE_NOT_READY;
    const driven = node.spec?.taints?.some((taint) => taint.key === key && taint.effect === 'NoExecute');
    if (driven) return { evict: 'not-now' };
    const again = this.rates.take(zone, interval, now);
    return again === undefined ? { evict: 'yes' } : { evict: 'not-now', again };
  }

  /** Pods of a silent node serve nobody: they leave their Services at once, before they are evicted. */
  private async markPods(ctx: Context, node: Node): Promise<void> {
    const name = node.metadata.name ?? '';
    if (readiness(node) === 'True') {
      this.marked.delete(name);
      return;
    }
    if (this.marked.has(name)) return;
    const ready = this.options.pods.byIndex(PODS_OF_NODE, name).filter(isPodReady);
    const results = await settleBounded(ready, PARALLEL, (pod) => this.markPod(ctx, pod));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    this.marked.add(name);
  }

  private async markPod(ctx: Context, pod: Pod): Promise<void> {
    const old = readyCondition(pod);
    const condition = { ...old, type: 'Ready', status: 'False' };
    const conditions = withCondition(
      pod.status?.conditions,
      { ...condition, lastTransitionTime: undefined },
      formatTime(ctx.clock.now()),
    );
    try {
      await this.options.podClient.updateStatus(ctx, { ...pod, status: { ...pod.status, conditions } });
      this.options.recorder.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
