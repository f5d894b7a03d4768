import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { againAt, done, type EventRecorder, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import { totalScale, type Workloads } from './controller-scale.js';
import { budgetStatus, counts, expectation, failedStatus, grantedEvictions } from './plan.js';

export interface DisruptionOptions {
  readonly budgets: SharedInformer<PodDisruptionBudget>;
  readonly client: ResourceClient<PodDisruptionBudget>;
  readonly pods: Lister<Pod>;
  readonly workloads: Workloads;
  readonly recorder: EventRecorder;
}

/** Behaves as kubernetes pkg/controller/disruption. */
export class DisruptionReconciler implements Reconciler {
  constructor(private readonly options: DisruptionOptions) {}

  async reconcile(ctx: Context, key: string): Promise<Outcome> {
    const budget = this.options.budgets.get(key);
    if (!budget || budget.metadata.deletionTimestamp) return done;
    const matcher = matcherFromLabelSelector(budget.spec?.selector);
    const chosen = this.options.pods
      .list(budget.metadata.namespace)
      .filter((pod) => matcher.matches(pod.metadata.labels) && counts(pod));
    const now = ctx.clock.now();
    const expected = expectation(budget, chosen, totalScale(this.options.workloads, chosen));
    if (!expected) return this.failed(ctx, budget);
    const granted = grantedEvictions(budget, chosen, now);
    await this.write(ctx, budget, budgetStatus(budget, chosen, expected, granted, now));
    return granted.recheckAt === undefined ? done : againAt(granted.recheckAt);
  }

  private async failed(ctx: Context, budget: PodDisruptionBudget): Promise<Outcome> {
    const message = 'found no controllers that can be scaled for some of the pods';
    this.options.recorder.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', message);
    await this.write(ctx, budget, failedStatus(budget, message, ctx.clock.now()));
    return done;
  }

  private async write(ctx: Context, budget: PodDisruptionBudget, status: PodDisruptionBudget['status']): Promise<void> {
    if (semanticEqual(budget.status, status)) return;
    const written = await this.options.client.updateStatus(ctx, { ...budget, status });
    await this.options.budgets.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
