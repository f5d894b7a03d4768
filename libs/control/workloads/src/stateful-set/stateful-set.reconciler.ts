import type { ControllerRevision, StatefulSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { PersistentVolumeClaim, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer, splitKey } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { RevisionHistory } from '../history/revision-history.js';
import { planForgetting } from '../history/revisions.js';
import { claim, claimable, isStillThere, planClaims } from '../pods/ownership.js';
import { nextAvailability } from '../pods/pod-state.js';
import { slowStartEach } from '../pods/slow-start.js';
import { isMember } from './identity.js';
import type { MemberWriter } from './member-writer.js';
import { isOrdered, type Phase, planStatefulSet, type SetView } from './plan.js';
import { podRevision } from './pod-of.js';
import { statefulSetStatus } from './status.js';

export interface StatefulSetReconcilerOptions {
  readonly sets: SharedInformer<StatefulSet>;
  readonly client: ResourceClient<StatefulSet>;
  readonly pods: SharedInformer<Pod>;
  readonly podClient: ResourceClient<Pod>;
  readonly claims: Lister<PersistentVolumeClaim>;
  readonly history: RevisionHistory;
  readonly writer: MemberWriter;
}

/** How far the steps of a plan came. */
interface Carried {
  /** Pods that were deleted so that they come back at the update revision. */
  readonly renewed: number;
  readonly error?: unknown;
}

/** Behaves as kubernetes pkg/controller/statefulset/stateful_set.go. */
export class StatefulSetReconciler implements Reconciler {
  constructor(private readonly options: StatefulSetReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const set = this.options.sets.get(key);
    if (!set) return done;
    const revisions = await this.options.history.of(ctx, set, set.spec?.selector, () => this.stillThere(ctx, set));
    const pods = await this.claimPods(ctx, set);
    const { view, collisions } = await this.look(ctx, set, revisions, pods);
    const { renewed, error } = await this.carryOut(ctx, set, planStatefulSet(view));
    await this.writeStatus(ctx, { ...set, status: statefulSetStatus(view, collisions, renewed) });
    await this.options.history.forget(ctx, planForgetting(set, revisions, inUse(view)));
    if (error !== undefined) throw error;
    const again = nextAvailability(pods, set.spec?.minReadySeconds ?? 0, view.now);
    return again === undefined ? done : againAt(again);
  }

  private async look(ctx: Context, set: StatefulSet, revisions: readonly ControllerRevision[], pods: readonly Pod[]) {
    const { history, claims } = this.options;
    const settled = await history.settle(ctx, set, revisions, set.status?.collisionCount ?? 0);
    const update = settled.revision;
    const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
    const find = (name: string) => claims.get(`${set.metadata.namespace}/${name}`);
    const view: SetView = { set, pods, current, update, claim: find, now: ctx.clock.now() };
    return { view, collisions: settled.collisions };
  }

  private stillThere(ctx: Context, set: StatefulSet): Promise<boolean> {
    return isStillThere(set, () => this.options.client.get(ctx, splitKey(keyOf(set))));
  }

  private async claimPods(ctx: Context, set: StatefulSet): Promise<Pod[]> {
    const { pods, podClient } = this.options;
    const matcher = matcherFromLabelSelector(set.spec?.selector);
    const claims = planClaims(set, matcher, claimable(pods, set), (pod) => isMember(set, pod));
    return claim(ctx, podClient, set, claims, () => this.stillThere(ctx, set));
  }

  /** In order one Pod after the other, else in batches; nothing more of a plan is done after a failure. */
  private async carryOut(ctx: Context, set: StatefulSet, phases: readonly Phase[]): Promise<Carried> {
    let renewed = 0;
    for (const phase of phases) {
      const work = phase.filter((steps) => steps.length > 0);
      const each = async (steps: Phase[number]) => {
        for (const step of steps) await this.options.writer.carryOut(ctx, set, step);
      };
      const { made, error } = await slowStartEach(work, each, isOrdered(set) ? 1 : undefined);
      if (work[0]?.[0]?.act === 'update') renewed = made.length;
      if (error !== undefined) return { renewed, error };
    }
    return { renewed };
  }

  private async writeStatus(ctx: Context, set: StatefulSet): Promise<void> {
    const { sets, client } = this.options;
    if (semanticEqual(set.status, sets.get(keyOf(set))?.status)) return;
    const written = await client.updateStatus(ctx, set);
    await sets.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

function inUse({ current, update, pods }: SetView): (revision: ControllerRevision) => boolean {
  const names = new Set([current.metadata.name, update.metadata.name, ...pods.map(podRevision)]);
  return ({ metadata }) => names.has(metadata.name);
}
