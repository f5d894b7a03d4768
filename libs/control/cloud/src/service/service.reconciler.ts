import type { LoadBalancerStatus, Node, Service } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type EventRecorder, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Lister, ObjectKey } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import { ImplementedElsewhere, type LoadBalancers, RetryError } from '../provider/cloud-provider.js';
import type { CloudInstruments } from '../provider/instruments.js';
import type { HandlesClass } from './needs.js';
import { namesOf, nodesBehind } from './node-set.js';
import { type Ensured, isSameStatus, isSettled, planService, statusOf } from './plan.js';
import type { ServiceWriter } from './service-writer.js';

export interface ServiceOptions {
  readonly services: Lister<Service>;
  readonly nodes: Lister<Node>;
  readonly balancers: LoadBalancers;
  readonly writer: ServiceWriter;
  readonly recorder: EventRecorder;
  readonly handles: HandlesClass;
  readonly instruments: CloudInstruments;
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error in upstream's words, and what it was. */
class SyncError extends Error {}

async function saying<T>(what: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new SyncError(`${what}: ${textOf(error)}`, { cause: error });
  }
}

/** Keeps the load balancers of a cloud as Services want them. Behaves as k8s.io/cloud-provider controllers/service. */
export class ServiceReconciler implements Reconciler {
  /** What was made, by key. What is not here is made sure of when it is looked at. */
  private readonly ensured = new Map<ObjectKey, Ensured>();
  private readonly doubts = new Set<ObjectKey>();
  /** The uids of Services that have been looked at. */
  private readonly seen = new Map<ObjectKey, string>();

  constructor(private readonly options: ServiceOptions) {}

  /** What was made for a Service may not be so any more. */
  doubt(key: ObjectKey): void {
    this.doubts.add(key);
  }

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const service = this.options.services.get(key);
    const ensured = this.ensured.get(key);
    if (ensured && ensured.service.metadata.uid !== service?.metadata.uid)
      await this.deleteGone(ctx, key, ensured.service);
    if (!service) {
      this.forget(key);
      return done;
    }
    if (this.doubts.delete(key)) this.ensured.delete(key);
    try {
      await this.sync(ctx, key, service);
      return done;
    } catch (error) {
      return this.failed(ctx, key, service, error);
    }
  }

  private async sync(ctx: Context, key: ObjectKey, service: Service): Promise<void> {
    const { nodes, handles } = this.options;
    const behind = nodesBehind(nodes.list());
    const ensured = this.ensured.get(key);
    const plan = planService({ service, nodes: behind, handles, ...(ensured && { ensured }) });
    if (plan === 'delete') await this.delete(ctx, key, service);
    if (plan === 'ensure') await this.ensure(ctx, key, service, behind);
    if (plan === 'update' && ensured) await this.update(ctx, key, { ...ensured, nodes: behind });
  }

  private failed(ctx: Context, key: ObjectKey, service: Service, error: unknown): Outcome {
    if (ctx.signal.aborted) throw error;
    this.ensured.delete(key);
    this.tell(service, 'Warning', 'SyncLoadBalancerFailed', `Error syncing load balancer: ${textOf(error)}`);
    const cause = error instanceof SyncError ? error.cause : error;
    if (!(cause instanceof RetryError)) throw cause;
    return againAt(ctx.clock.now() + cause.retryAfter);
  }

  private async ensure(ctx: Context, key: ObjectKey, service: Service, nodes: readonly Node[]): Promise<void> {
    const { balancers, writer } = this.options;
    const isNew = this.isNew(key, service);
    if (isNew) this.tell(service, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
    await saying('failed to add load balancer cleanup finalizer', writer.addFinalizer(ctx, service));
    if (isNew && nodes.length === 0) this.tellNoNodes(service);
    const status = await saying('failed to ensure load balancer', this.made(balancers.ensure(ctx, service, nodes)));
    if (!status) return;
    if (isNew || !isSameStatus(statusOf(service), status))
      this.tell(service, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
    await saying('failed to update load balancer status', writer.writeStatus(ctx, service, status));
    this.ensured.set(key, { service, nodes, status });
  }

  /** Undefined where somebody else makes it. */
  private async made(ensuring: Promise<LoadBalancerStatus>): Promise<LoadBalancerStatus | undefined> {
    try {
      return await ensuring;
    } catch (error) {
      if (error instanceof ImplementedElsewhere) return undefined;
      throw error;
    }
  }

  /** After a start every Service is looked at once; of one that is as it should be nothing is said. */
  private isNew(key: ObjectKey, service: Service): boolean {
    const { uid = '' } = service.metadata;
    const isFirst = this.seen.get(key) !== uid;
    this.seen.set(key, uid);
    return !(isFirst && isSettled(service));
  }

  private async update(ctx: Context, key: ObjectKey, next: Ensured): Promise<void> {
    const { service, nodes } = next;
    try {
      await this.tellHosts(ctx, next);
      if (nodes.length === 0) this.tellNoNodes(service);
      else this.tell(service, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
    } catch (error) {
      if (!(error instanceof ImplementedElsewhere)) await this.updateFailed(ctx, next, error);
    }
    this.ensured.set(key, next);
  }

  private async tellHosts(ctx: Context, { service, nodes }: Ensured): Promise<void> {
    const { balancers, instruments } = this.options;
    const begun = ctx.clock.now();
    const [told] = await Promise.allSettled([balancers.update(ctx, service, nodes)]);
    const seconds = (ctx.clock.now() - begun) / 1000;
    instruments.hostsUpdated(told.status === 'fulfilled' ? 'done' : 'error', seconds);
    if (told.status === 'rejected') throw told.reason;
  }

  /** It is a failure only where there still is a load balancer. */
  private async updateFailed(ctx: Context, { service, nodes }: Ensured, error: unknown): Promise<void> {
    if (!(await this.options.balancers.get(ctx, service))) return;
    const [names, text] = [namesOf(nodes), textOf(error)];
    const limit = `[node names limited, total number of nodes: ${nodes.length}]`;
    const message = `Error updating load balancer with new hosts ${names} ${limit}, error: ${text}`;
    this.tell(service, 'Warning', 'UpdateLoadBalancerFailed', message);
    throw error;
  }

  private async delete(ctx: Context, key: ObjectKey, service: Service): Promise<void> {
    const { balancers, writer } = this.options;
    const found = balancers.get(ctx, service);
    if (await saying('failed to check if load balancer exists before cleanup', found)) {
      this.tell(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
      await saying('failed to delete load balancer', balancers.ensureDeleted(ctx, service));
    }
    this.ensured.delete(key);
    await saying('failed to remove load balancer cleanup finalizer', writer.removeFinalizer(ctx, service));
    this.tell(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
    await saying('failed to update load balancer status', writer.writeStatus(ctx, service, {}));
  }

  /** Of a Service that went without its finalizer. */
  private async deleteGone(ctx: Context, key: ObjectKey, service: Service): Promise<void> {
    this.tell(service, 'Normal', 'DeletingLoadBalancer', 'Deleting load balancer');
    try {
      await this.options.balancers.ensureDeleted(ctx, service);
    } catch (error) {
      this.tell(service, 'Warning', 'DeleteLoadBalancerFailed', `Error deleting load balancer: ${textOf(error)}`);
      throw error;
    }
    this.forget(key);
    this.tell(service, 'Normal', 'DeletedLoadBalancer', 'Deleted load balancer');
  }

  private forget(key: ObjectKey): void {
    this.ensured.delete(key);
    this.seen.delete(key);
    this.doubts.delete(key);
  }

  private tellNoNodes(service: Service): void {
    this.tell(service, 'Warning', 'UnAvailableLoadBalancer', 'There are no available nodes for LoadBalancer');
  }

  private tell(service: Service, type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.options.recorder.event(service, type, reason, message);
  }
}
