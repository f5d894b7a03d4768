import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import type { PodInfo } from '../../pod/pod-info.js';
import { labelMatcher } from '../../pod/selectors.js';

/** Budgets of a namespace. */
export type BudgetsOf = (namespace: string) => readonly PodDisruptionBudget[];

function covers(budget: PodDisruptionBudget, pod: PodInfo): boolean {
  const disrupted = budget.status?.disruptedPods ?? {};
  return (
    Object.keys(pod.labels).length > 0 &&
    !Object.hasOwn(disrupted, pod.name) &&
    labelMatcher(budget.spec?.selector)(pod.labels)
  );
}

/** Which of these Pods could not go, in this order, without a budget being overdrawn. */
export function overdrawing(pods: readonly PodInfo[], budgetsOf: BudgetsOf): ReadonlySet<PodInfo> {
  const left = new Map<PodDisruptionBudget, number>();
  const found = new Set<PodInfo>();
  for (const pod of pods) {
    for (const budget of budgetsOf(pod.namespace)) {
      if (!covers(budget, pod)) continue;
      const allowed = (left.get(budget) ?? budget.status?.disruptionsAllowed ?? 0) - 1;
      left.set(budget, allowed);
      if (allowed < 0) found.add(pod);
    }
  }
  return found;
}
