import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget, PodDisruptionBudgetStatus } from '@binnacle/apis-kubernetes/policy/v1';
import { isPodReady, isPodTerminal } from '@binnacle/control-workloads';
import { formatTime, parseTime, withCondition } from '@binnacle/machinery-meta';
import { scaledValue } from '@binnacle/machinery-quantity';

/** An eviction that was granted and has not been carried out for so long is forgotten. */
const GRANTED_MILLISECONDS = 120_000;

export interface Expectation {
  /** How many Pods there should be. */
  readonly expected: number;
  readonly desiredHealthy: number;
}

/** Whether a budget goes by what the Pods' controllers want. */
export const goesByScale = ({ spec: { minAvailable, maxUnavailable } = {} }: PodDisruptionBudget): boolean =>
  maxUnavailable !== undefined || typeof minAvailable === 'string';

/** `scale` is the sum of what the Pods' controllers want; undefined where one of them cannot be scaled. */
export function expectation(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  scale: number | undefined,
): Expectation | undefined {
  const { minAvailable, maxUnavailable } = budget.spec ?? {};
  if (maxUnavailable !== undefined) {
    if (scale === undefined) return undefined;
    return { expected: scale, desiredHealthy: Math.max(0, scale - scaledValue(maxUnavailable, scale, true)) };
  }
  if (typeof minAvailable === 'number') return { expected: pods.length, desiredHealthy: minAvailable };
  if (minAvailable === undefined) return { expected: pods.length, desiredHealthy: 1 };
  return scale === undefined ? undefined : { expected: scale, desiredHealthy: scaledValue(minAvailable, scale, true) };
}

export interface GrantedEvictions {
  readonly pods: Record<string, string>;
  /** When the next of them is forgotten. */
  readonly recheckAt?: number;
}

/** Evictions that were granted and whose Pods still stand. */
export function grantedEvictions(budget: PodDisruptionBudget, pods: readonly Pod[], now: number): GrantedEvictions {
  const standing = new Set(
    pods.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name),
  );
  const entries = Object.entries(budget.status?.disruptedPods ?? {}).filter(([name, time]) => {
    return standing.has(name) && (parseTime(time) ?? 0) + GRANTED_MILLISECONDS > now;
  });
  const times = entries.map(([, time]) => (parseTime(time) ?? 0) + GRANTED_MILLISECONDS);
  return { pods: Object.fromEntries(entries), ...(times.length > 0 && { recheckAt: Math.min(...times) }) };
}

function condition(allowed: number, budget: PodDisruptionBudget, now: number) {
  const next = {
    type: 'DisruptionAllowed',
    status: allowed > 0 ? 'True' : 'False',
    reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    observedGeneration: budget.metadata.generation,
    lastTransitionTime: formatTime(now),
  };
  return withCondition(budget.status?.conditions, next, formatTime(now));
}

/** Behaves as kubernetes pkg/controller/disruption updatePdbStatus. */
export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { expected, desiredHealthy }: Expectation,
  granted: GrantedEvictions,
  now: number,
): PodDisruptionBudgetStatus {
  const healthy = pods.filter(
    (pod) =>
      !pod.metadata.deletionTimestamp && !(pod.metadata.name && granted.pods[pod.metadata.name]) && isPodReady(pod),
  );
  const disruptionsAllowed = expected <= 0 ? 0 : Math.max(0, healthy.length - desiredHealthy);
  return {
    currentHealthy: healthy.length,
    desiredHealthy,
    expectedPods: expected,
    disruptionsAllowed,
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(granted.pods).length > 0 && { disruptedPods: granted.pods }),
    conditions: condition(disruptionsAllowed, budget, now),
  };
}

/** When nothing can be computed, nothing may be disrupted. */
export function failedStatus(budget: PodDisruptionBudget, message: string, now: number): PodDisruptionBudgetStatus {
  const next = {
    type: 'DisruptionAllowed',
    status: 'False',
    reason: 'SyncFailed',
    message,
    lastTransitionTime: formatTime(now),
  };
  const conditions = withCondition(
    budget.status?.conditions,
    { ...next, observedGeneration: budget.metadata.generation },
    formatTime(now),
  );
  return { ...budget.status, disruptionsAllowed: 0, conditions };
}

/** A Pod that a budget speaks of: finished ones do not count. */
export const counts = (pod: Pod): boolean => !isPodTerminal(pod);
