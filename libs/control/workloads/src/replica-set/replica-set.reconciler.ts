import type { ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { claim, controlledBy, isStillThere, orphansIn, planClaims } from '../pods/ownership.js';
import { isPodActive, nextAvailability } from '../pods/pod-state.js';
import { podFromTemplate } from '../pods/pod-template.js';
import type { PodWriter } from '../pods/pod-writer.js';
import { planReplicas, type ReplicaFailure, type ReplicaPlan, replicaStatus, statusDiffers } from './plan.js';

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
  readonly writer: PodWriter;
}

interface Carried {
  readonly failure?: ReplicaFailure;
  readonly error?: unknown;
}

function carried(reason: ReplicaFailure['reason'], error: unknown): Carried {
  if (error === undefined) return {};
  return { error, failure: { reason, message: error instanceof Error ? error.message : String(error) } };
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
    const again = nextAvailability(pods.filter(isPodActive), set.spec?.minReadySeconds ?? 0, now);
    return again === undefined ? done : againAt(again);
  }

  private async claimPods(ctx: Context, set: ReplicaSet): Promise<Pod[]> {
    const { pods, podClient, sets } = this.options;
    const { uid = '', namespace = '' } = set.metadata;
    const candidates = [...controlledBy(pods, uid), ...orphansIn(pods, namespace).filter(isPodActive)];
    const claims = planClaims(set, matcherFromLabelSelector(set.spec?.selector), candidates);
    const stillThere = () => isStillThere(set, () => sets.fetch(ctx, keyOf(set)));
    return claim(ctx, podClient, set, claims, stillThere);
  }

  private relatedPods(set: ReplicaSet): Pod[] {
    const uids = this.options.sets.related(set).map(({ metadata }) => metadata.uid ?? '');
    return uids.flatMap((uid) => controlledBy(this.options.pods, uid)).filter(isPodActive);
  }

  private async carryOut(ctx: Context, set: ReplicaSet, plan: ReplicaPlan): Promise<Carried> {
    const { writer } = this.options;
    if (plan.create > 0) {
      const body = podFromTemplate(set, set.spec?.template ?? {});
      const bodies = Array.from({ length: plan.create }, () => body);
      return carried('FailedCreate', await writer.create(ctx, set, bodies));
    }
    return plan.remove.length > 0 ? carried('FailedDelete', await writer.delete(ctx, set, plan.remove)) : {};
  }
}
