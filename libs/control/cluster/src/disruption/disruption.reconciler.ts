import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { againAt, done, type EventRecorder, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Lister, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { labelSelectorInGo, matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { semanticEqual } from '@binnacle/machinery-validation';
import { totalScale, type TotalScale, type Workloads } from './controller-scale.js';
import { budgetStatus, counts, expectation, failedStatus, goesByScale, grantedEvictions } from './plan.js';

export interface DisruptionOptions {
  readonly budgets: SharedInformer<PodDisruptionBudget>;
  readonly client: ResourceClient<PodDisruptionBudget>;
  readonly pods: Lister<Pod>;
  readonly workloads: Workloads;
  readonly recorder: EventRecorder;
}

/** What is told of a budget whose Pods are partly nobody's. */
const unmanagedMessage = ({ spec }: PodDisruptionBudget): string =>
  `Pods selected by this PodDisruptionBudget (selector: ${labelSelectorInGo(spec?.selector)}) were found to be unmanaged. ` +
  'As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. ' +
  'To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.';

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
    if (chosen.length === 0) this.options.recorder.event(budget, 'Normal', 'NoPods', 'No matching pods found');
    return this.judge(ctx, budget, chosen);
  }

  private async judge(ctx: Context, budget: PodDisruptionBudget, pods: readonly Pod[]): Promise<Outcome> {
    const now = ctx.clock.now();
    const scale = this.scaleOf(budget, pods);
    const expected = expectation(budget, pods, scale?.unknown === undefined ? scale?.replicas : undefined);
    if (!expected) return this.failed(ctx, budget, `found no controllers for pod "${scale?.unknown}"`);
    if (scale?.hasUnmanaged) this.options.recorder.event(budget, 'Warning', 'UnmanagedPods', unmanagedMessage(budget));
    const granted = grantedEvictions(budget, pods, now);
    await this.write(ctx, budget, budgetStatus(budget, pods, expected, granted, now));
    return granted.recheckAt === undefined ? done : againAt(granted.recheckAt);
  }

  private scaleOf(budget: PodDisruptionBudget, pods: readonly Pod[]): TotalScale | undefined {
    return goesByScale(budget) ? totalScale(this.options.workloads, pods) : undefined;
  }

  private async failed(ctx: Context, budget: PodDisruptionBudget, message: string): Promise<Outcome> {
    const told = `Failed to calculate the number of expected pods: ${message}`;
    this.options.recorder.event(budget, 'Warning', 'CalculateExpectedPodCountFailed', told);
    await this.write(ctx, budget, failedStatus(budget, message, ctx.clock.now()));
    return done;
  }

  private async write(ctx: Context, budget: PodDisruptionBudget, status: PodDisruptionBudget['status']): Promise<void> {
    if (semanticEqual(budget.status, status)) return;
    const written = await this.options.client.updateStatus(ctx, { ...budget, status });
    await this.options.budgets.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
