import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type Outcome, type Reconciler, settleBounded } from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isNotFound, StatusError } from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { CONTROLLER_UID, claim, ORPHANS, planClaims } from '../pods/ownership.js';
import { isPodActive } from '../pods/pod-state.js';
import { podFromTemplate } from '../pods/pod-template.js';
import type { ReplicaEvents } from './events.js';
import {
  nextAvailability,
  planReplicas,
  type ReplicaFailure,
  type ReplicaPlan,
  replicaStatus,
  statusDiffers,
} from './plan.js';
import { slowStart } from './slow-start.js';

const PARALLEL_DELETES = 32;

/** The kind that has replicas, seen as ReplicaSets. ReplicationControllers run on the same engine. */
export interface ReplicaSets {
  get(key: string): ReplicaSet | undefined;
  /** The newest state, asked of the server. */
  fetch(ctx: Context, key: string): Promise<ReplicaSet>;
  /** Sets that do the same work, for example those of one Deployment; this one among them. */
  related(set: ReplicaSet): readonly ReplicaSet[];
  /** Writes the status and waits until the local copy has it. */
  writeStatus(ctx: Context, set: ReplicaSet): Promise<void>;
}

export interface ReplicaSetReconcilerOptions {
  readonly sets: ReplicaSets;
  readonly pods: SharedInformer<Pod>;
  readonly podClient: ResourceClient<Pod>;
  readonly events: ReplicaEvents;
}

/** Behaves as kubernetes pkg/controller/replicaset/replica_set.go. */
export class ReplicaSetReconciler implements Reconciler {
  constructor(private readonly options: ReplicaSetReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const set = this.options.sets.get(key);
    if (!set) return done;
    const pods = await this.claimPods(ctx, set);
    const plan = planReplicas(set, pods, this.relatedPods(set), ctx.clock.now());
    const { failure, error } = await this.carryOut(ctx, set, plan);
    const now = ctx.clock.now();
    const status = replicaStatus(set, pods, failure, now);
    if (statusDiffers(set.status, status)) await this.options.sets.writeStatus(ctx, { ...set, status });
    if (error !== undefined) throw error;
    const again = nextAvailability(set, pods, now);
    return again === undefined ? done : againAt(again);
  }

  private async claimPods(ctx: Context, set: ReplicaSet): Promise<Pod[]> {
    const { pods, podClient, sets } = this.options;
    const { uid = '', namespace = '' } = set.metadata;
    const candidates = [...pods.byIndex(CONTROLLER_UID, uid), ...pods.byIndex(ORPHANS, namespace).filter(isPodActive)];
    const claims = planClaims(set, matcherFromLabelSelector(set.spec?.selector), candidates);
    const stillThere = async () => {
      const fresh = await ignoreNotFound(sets.fetch(ctx, keyOf(set)));
      return fresh?.metadata.uid === uid && !fresh.metadata.deletionTimestamp;
    };
    return claim(ctx, podClient, set, claims, stillThere);
  }

  private relatedPods(set: ReplicaSet): Pod[] {
    const uids = this.options.sets.related(set).map(({ metadata }) => metadata.uid ?? '');
    return uids.flatMap((uid) => this.options.pods.byIndex(CONTROLLER_UID, uid)).filter(isPodActive);
  }

  private async carryOut(
    ctx: Context,
    set: ReplicaSet,
    plan: ReplicaPlan,
  ): Promise<{ failure?: ReplicaFailure; error?: unknown }> {
    if (plan.create > 0) return this.createPods(ctx, set, plan.create);
    if (plan.remove.length > 0) return this.deletePods(ctx, set, plan.remove);
    return {};
  }

  private async createPods(ctx: Context, set: ReplicaSet, count: number) {
    const { podClient, pods, events } = this.options;
    const body = podFromTemplate(set, set.spec?.template ?? {});
    const { made, error } = await slowStart(count, () => podClient.create(ctx, body));
    for (const pod of made) events.created(set, pod.metadata.name ?? '');
    const newest = made.reduce((most, { metadata }) => Math.max(most, Number(metadata.resourceVersion)), 0);
    await pods.waitFor(ctx, String(newest));
    if (error === undefined || isNamespaceTerminating(error)) return {};
    events.failedCreate(set, error);
    return { error, failure: { reason: 'FailedCreate' as const, message: String((error as Error).message ?? error) } };
  }

  private async deletePods(ctx: Context, set: ReplicaSet, doomed: readonly Pod[]) {
    const { events } = this.options;
    const results = await settleBounded(doomed, PARALLEL_DELETES, (pod) => this.deletePod(ctx, pod));
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') events.deleted(set, doomed[index]?.metadata.name ?? '');
      else events.failedDelete(set, result.reason);
    }
    const failed = results.find((result) => result.status === 'rejected');
    if (!failed) return {};
    const message = String((failed.reason as Error).message ?? failed.reason);
    return { error: failed.reason, failure: { reason: 'FailedDelete' as const, message } };
  }

  /** Deletes and waits until the local copy knows, so that the next look does not delete another in its place. */
  private async deletePod(ctx: Context, pod: Pod): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    try {
      await this.options.podClient.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    await this.options.pods.waitForObject(
      ctx,
      keyOf(pod),
      (now) => now?.metadata.uid !== uid || now?.metadata.deletionTimestamp !== undefined,
    );
  }
}

function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof StatusError &&
    (error.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating')
  );
}
