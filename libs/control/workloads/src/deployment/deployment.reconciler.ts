import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_REVISION } from '@binnacle/apis-kubernetes/well-known';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import { keyOf, type SharedInformer, splitKey } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import { claim, claimable, controlledBy, isStillThere, planClaims } from '../pods/ownership.js';
import { isPodTerminal } from '../pods/pod-state.js';
import { nextRevision, revisionOf } from './annotations.js';
import { deadlineOf, isComplete, placed, progressing, progressOf } from './conditions.js';
import type { DeploymentEvents } from './events.js';
import { planHistory } from './history.js';
import { isRolling } from './limits.js';
import { divide, newReplicaSet, type ReplicaSetsOf, refreshedCurrent } from './replica-sets.js';
import { planRecreate, planRolling, type Scale } from './rolling.js';
import { isScaling, planScaling } from './scaling.js';
import { HashCollision, type SetWriter } from './set-writer.js';
import { deploymentStatus } from './status.js';
import { withPauseCondition, withSetCondition } from './transitions.js';

export interface DeploymentReconcilerOptions {
  readonly deployments: SharedInformer<Deployment>;
  readonly client: ResourceClient<Deployment>;
  readonly sets: SharedInformer<ReplicaSet>;
  readonly setClient: ResourceClient<ReplicaSet>;
  readonly writer: SetWriter;
  readonly pods: SharedInformer<Pod>;
  readonly events: DeploymentEvents;
}

/** Where a rollout stands after the steps of one reconcile; `deployment` carries conditions not written yet. */
interface Rollout {
  readonly deployment: Deployment;
  readonly sets: ReplicaSetsOf;
}

/** Behaves as kubernetes pkg/controller/deployment/deployment_controller.go. */
export class DeploymentReconciler implements Reconciler {
  constructor(private readonly options: DeploymentReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const found = this.options.deployments.get(key);
    if (!found) return done;
    const matcher = matcherFromLabelSelector(found.spec?.selector);
    if (matcher.matchesEverything) {
      this.options.events.selectsEverything(found);
      return done;
    }
    const sets = divide(found, await this.claimSets(ctx, found));
    if (found.metadata.deletionTimestamp) return this.report(ctx, { deployment: found, sets });
    return this.advance(ctx, { deployment: withPauseCondition(found, ctx.clock.now()), sets });
  }

  private async advance(ctx: Context, start: Rollout): Promise<Outcome> {
    const { deployment, sets } = start;
    if (deployment.spec?.paused || isScaling(deployment, sets)) {
      const refreshed = await this.refresh(ctx, start);
      const scaled = await this.scale(ctx, refreshed, planScaling(deployment, refreshed.sets));
      if (deployment.spec?.paused) await this.tidy(ctx, scaled);
      return this.report(ctx, scaled);
    }
    const rolled = isRolling(deployment) ? await this.roll(ctx, start) : await this.recreate(ctx, start);
    await this.tidy(ctx, rolled);
    return this.report(ctx, rolled);
  }

  private async roll(ctx: Context, start: Rollout): Promise<Rollout> {
    const ready = await this.ensureCurrent(ctx, start);
    return this.scale(ctx, ready, planRolling(ready.deployment, ready.sets));
  }

  private async recreate(ctx: Context, start: Rollout): Promise<Rollout> {
    const refreshed = await this.refresh(ctx, start);
    const emptied = await this.scale(ctx, refreshed, planRecreate(start.deployment, refreshed.sets, true));
    if (emptied !== refreshed || this.oldPodsRun(emptied.sets)) return emptied;
    const ready = await this.ensureCurrent(ctx, emptied);
    return this.scale(ctx, ready, planRecreate(ready.deployment, ready.sets, false));
  }

  private oldPodsRun({ old }: ReplicaSetsOf): boolean {
    const pods = old.flatMap(({ metadata }) => controlledBy(this.options.pods, metadata.uid ?? ''));
    return pods.some((pod) => !isPodTerminal(pod));
  }

  private async claimSets(ctx: Context, deployment: Deployment): Promise<ReplicaSet[]> {
    const { sets, setClient, client } = this.options;
    const matcher = matcherFromLabelSelector(deployment.spec?.selector);
    const claims = planClaims(deployment, matcher, claimable(sets, deployment));
    const stillThere = () => isStillThere(deployment, () => client.get(ctx, splitKey(keyOf(deployment))));
    return claim(ctx, setClient, deployment, claims, stillThere);
  }

  /** Brings the annotations of the current set and of the Deployment up to date, if there is a current set. */
  private async refresh(ctx: Context, { deployment, sets }: Rollout): Promise<Rollout> {
    const { current, old } = sets;
    if (!current) return { deployment, sets };
    const next = refreshedCurrent(deployment, current, nextRevision(old));
    const written = next ? await this.options.writer.update(ctx, next) : current;
    await this.noteRevision(ctx, deployment, written);
    const known = progressOf(deployment) || deadlineOf(deployment) === undefined;
    const noted = known ? deployment : withSetCondition(deployment, 'FoundNewReplicaSet', written, ctx.clock.now());
    return { deployment: noted, sets: { current: written, old } };
  }

  private async ensureCurrent(ctx: Context, start: Rollout): Promise<Rollout> {
    if (start.sets.current) return this.refresh(ctx, start);
    const { deployment, sets } = start;
    const wanted = newReplicaSet(deployment, sets.old, nextRevision(sets.old));
    try {
      const current = await this.options.writer.create(ctx, deployment, wanted);
      await this.noteRevision(ctx, deployment, current);
      const noted = withSetCondition(deployment, 'NewReplicaSetCreated', current, ctx.clock.now());
      return { deployment: noted, sets: { current, old: sets.old } };
    } catch (error) {
      await this.createFailed(ctx, start, wanted, error);
      throw error;
    }
  }

  private async createFailed(
    ctx: Context,
    { deployment, sets }: Rollout,
    set: ReplicaSet,
    error: unknown,
  ): Promise<void> {
    if (error instanceof HashCollision) {
      const status = { ...deployment.status, collisionCount: (deployment.status?.collisionCount ?? 0) + 1 };
      await this.writeStatus(ctx, { ...deployment, status });
      return;
    }
    const name = set.metadata.name ?? '';
    this.options.events.createFailed(deployment, name, error);
    const message = `Failed to create new replica set "${name}": ${error instanceof Error ? error.message : error}`;
    const condition = progressing('False', 'ReplicaSetCreateError', message);
    const conditions = placed(deployment.status?.conditions ?? [], condition, ctx.clock.now());
    await this.report(ctx, { deployment: { ...deployment, status: { ...deployment.status, conditions } }, sets });
  }

  /** Beside its status, as upstream: a change of annotations would else be one that its generation counts. */
  private async noteRevision(ctx: Context, deployment: Deployment, current: ReplicaSet): Promise<void> {
    const revision = revisionOf(current);
    if (revision === 0n || revisionOf(deployment) === revision) return;
    const annotations = { [ANNOTATION_REVISION]: String(revision) };
    const name = splitKey(keyOf(deployment));
    const written = await this.options.client.patch(ctx, name, 'merge', { metadata: { annotations } }, 'status');
    await this.options.deployments.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }

  /** Carries the scales out; answers the same rollout object when there was nothing to do. */
  private async scale(ctx: Context, rollout: Rollout, scales: readonly Scale[]): Promise<Rollout> {
    if (scales.length === 0) return rollout;
    const { writer } = this.options;
    const written = await Promise.all(scales.map((scale) => writer.scale(ctx, rollout.deployment, scale)));
    const byUid = new Map(written.map((set) => [set.metadata.uid, set]));
    const latest = (set: ReplicaSet) => byUid.get(set.metadata.uid) ?? set;
    const { current, old } = rollout.sets;
    return { ...rollout, sets: { current: current && latest(current), old: old.map(latest) } };
  }

  /** Forgets old sets beyond the history limit once the rollout is through, or while it is paused. */
  private async tidy(ctx: Context, { deployment, sets }: Rollout): Promise<void> {
    const { status } = deploymentStatus(deployment, sets, ctx.clock.now());
    if (!deployment.spec?.paused && !isComplete(deployment, status)) return;
    await Promise.all(planHistory(deployment, sets.old).map((set) => this.options.writer.delete(ctx, set)));
  }

  private async report(ctx: Context, { deployment, sets }: Rollout): Promise<Outcome> {
    const { status, recheckAt } = deploymentStatus(deployment, sets, ctx.clock.now());
    const written = this.options.deployments.get(keyOf(deployment)) ?? deployment;
    if (!semanticEqual(status, written.status)) {
      await this.writeStatus(ctx, { ...written, status });
    }
    return recheckAt === undefined ? done : againAt(recheckAt);
  }

  private async writeStatus(ctx: Context, deployment: Deployment): Promise<void> {
    const written = await this.options.client.updateStatus(ctx, deployment);
    await this.options.deployments.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
