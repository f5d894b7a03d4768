import type { DaemonSet } from '@binnacle/apis-kubernetes/apps/v1';
import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { LABEL_CONTROLLER_REVISION_HASH } from '@binnacle/apis-kubernetes/well-known';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import { keyOf, type Lister, type SharedInformer, splitKey } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { type LabelMatcher, matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { RevisionHistory } from '../history/revision-history.js';
import { planForgetting } from '../history/revisions.js';
import { claim, claimable, isStillThere, planClaims } from '../pods/ownership.js';
import { nextAvailability } from '../pods/pod-state.js';
import type { PodWriter } from '../pods/pod-writer.js';
import { type DaemonView, daemonView } from './daemons.js';
import type { DaemonSetEvents } from './events.js';
import type { FailureBackoff } from './failure-backoff.js';
import { type DaemonPlan, planUpkeep, type UpkeepPlan } from './plan.js';
import { daemonPod } from './pod-of.js';
import { planRolling } from './rolling.js';
import { daemonSetStatus } from './status.js';

export interface DaemonSetReconcilerOptions {
  readonly sets: SharedInformer<DaemonSet>;
  readonly client: ResourceClient<DaemonSet>;
  readonly pods: SharedInformer<Pod>;
  readonly podClient: ResourceClient<Pod>;
  readonly nodes: Lister<Node>;
  readonly history: RevisionHistory;
  readonly writer: PodWriter;
  readonly backoff: FailureBackoff;
  readonly events: DaemonSetEvents;
}

/** A set at one look: what it selects, and the hash of its template. */
interface Subject {
  readonly set: DaemonSet;
  readonly matcher: LabelMatcher;
  readonly hash: string;
}

/** Behaves as kubernetes pkg/controller/daemon/daemon_controller.go. */
export class DaemonSetReconciler implements Reconciler {
  constructor(private readonly options: DaemonSetReconcilerOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const set = this.options.sets.get(key);
    if (!set) return done;
    const matcher = matcherFromLabelSelector(set.spec?.selector);
    if (matcher.matchesEverything) {
      this.options.events.selectsEverything(set);
      return done;
    }
    return set.metadata.deletionTimestamp ? done : this.advance(ctx, set, matcher);
  }

  private async advance(ctx: Context, set: DaemonSet, matcher: LabelMatcher): Promise<Outcome> {
    const { history } = this.options;
    const revisions = await history.of(ctx, set, set.spec?.selector, () => this.stillThere(ctx, set));
    const { revision, collisions } = await history.settle(ctx, set, revisions, set.status?.collisionCount ?? 0);
    const subject = { set, matcher, hash: revision.metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH] ?? '' };
    const upkeep = planUpkeep(await this.look(ctx, subject), (node) =>
      this.options.backoff.endOf(backoffKey(set, node), ctx.clock.now()),
    );
    const error = await this.keepUp(ctx, subject, upkeep);
    const view = await this.look(ctx, subject);
    await this.writeStatus(ctx, { ...set, status: daemonSetStatus(view, collisions) });
    if (error !== undefined) throw error;
    const hashes = new Set(podsOf(view).map(({ metadata }) => metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH]));
    const isNow = (name: string | undefined) => name === revision.metadata.name;
    const inUse = planForgetting(
      set,
      revisions,
      ({ metadata }) => isNow(metadata.name) || hashes.has(metadata.labels?.[LABEL_CONTROLLER_REVISION_HASH]),
      ({ metadata }) => !isNow(metadata.name),
    );
    await history.forget(ctx, inUse);
    return next(view, upkeep);
  }

  /** Puts nodes in order; where they are, goes on with the update. Answers what went wrong. */
  private async keepUp(ctx: Context, subject: Subject, upkeep: UpkeepPlan): Promise<unknown> {
    const { backoff, events } = this.options;
    for (const ended of upkeep.ended) {
      if (ended.pod.status?.phase === 'Failed') backoff.next(backoffKey(subject.set, ended.node), ctx.clock.now());
      events.ended(subject.set, ended);
    }
    if (upkeep.create.length + upkeep.remove.length > 0) return this.carryOut(ctx, subject, upkeep);
    return this.carryOut(ctx, subject, planRolling(await this.look(ctx, subject)));
  }

  private async carryOut(ctx: Context, { set, hash }: Subject, { create, remove }: DaemonPlan): Promise<unknown> {
    const { writer } = this.options;
    const bodies = create.map((node) => daemonPod(set, node, hash));
    const failed = bodies.length > 0 ? await writer.create(ctx, set, bodies) : undefined;
    const undeleted = remove.length > 0 ? await writer.delete(ctx, set, remove) : undefined;
    return failed ?? undeleted;
  }

  private async look(ctx: Context, { set, matcher, hash }: Subject): Promise<DaemonView> {
    const { nodes, pods, podClient } = this.options;
    const claims = planClaims(set, matcher, claimable(pods, set));
    const ours = await claim(ctx, podClient, set, claims, () => this.stillThere(ctx, set));
    return daemonView(set, hash, { nodes: nodes.list(), pods: ours }, ctx.clock.now());
  }

  private stillThere(ctx: Context, set: DaemonSet): Promise<boolean> {
    return isStillThere(set, () => this.options.client.get(ctx, splitKey(keyOf(set))));
  }

  private async writeStatus(ctx: Context, set: DaemonSet): Promise<void> {
    const { sets, client } = this.options;
    if (semanticEqual(set.status, sets.get(keyOf(set))?.status)) return;
    const written = await client.updateStatus(ctx, set);
    await sets.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}

/** Another generation of the set starts anew. */
const backoffKey = ({ metadata, status }: DaemonSet, node: string): string =>
  `${metadata.uid}/${status?.observedGeneration ?? 0}/${node}`;

const podsOf = ({ nodes, astray }: DaemonView): Pod[] => [...nodes.flatMap(({ pods }) => pods), ...astray];

function next(view: DaemonView, upkeep: UpkeepPlan): Outcome {
  const available = nextAvailability(podsOf(view), view.set.spec?.minReadySeconds ?? 0, view.now);
  const times = [available, upkeep.againAt].filter((at) => at !== undefined);
  return times.length > 0 ? againAt(Math.min(...times)) : done;
}
