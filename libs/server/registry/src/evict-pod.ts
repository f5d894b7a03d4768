import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import {
  type DeleteOptions,
  formatTime,
  newTooManyRequests,
  StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { WriteOptions } from './create-object.js';
import type { RequestContext } from './request-context.js';
import type { ObjectPlace } from './resource-core.js';
import type { ResourceStore } from './resource-store.js';

/** What is posted to `pods/<name>/eviction`. */
export interface PodEviction {
  readonly deleteOptions?: DeleteOptions;
}

/** The stores an eviction works on. */
export interface EvictionStores {
  readonly pods: ResourceStore;
  readonly budgets: ResourceStore;
}

const BUDGET_RETRY_SECONDS = 10;
const LONGEST_DISRUPTED_LIST = 2000;
const SEVERAL_BUDGETS =
  'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';

function refused(budget: PodDisruptionBudget, message: string, retryAfterSeconds = 0): StatusError {
  const text = "Cannot evict pod as it would violate the pod's disruption budget.";
  const name = budget.metadata.name ?? '';
  return newTooManyRequests(text, retryAfterSeconds, [
    { reason: 'DisruptionBudget', message: `The disruption budget ${name} ${message}` },
  ]);
}

/** A Pod that does not run counts for no budget. */
function ignoresBudgets({ metadata, status }: Pod): boolean {
  return Boolean(metadata.deletionTimestamp) || ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');
}

function isReady({ status }: Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

function mayGoUnhealthy(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

async function budgetsOf({ budgets }: EvictionStores, ctx: RequestContext, pod: Pod): Promise<PodDisruptionBudget[]> {
  const { namespace = '', labels } = pod.metadata;
  const { items } = await budgets.list(ctx, { namespace }, { revision: { at: 'latest' } });
  return items
    .map((item) => budgets.decode(item) as unknown as PodDisruptionBudget)
    .filter(({ spec }) => spec?.selector && matcherFromLabelSelector(spec.selector).matches(labels ?? {}));
}

function refusalOf({ metadata, status = {} }: PodDisruptionBudget): { why: string; retryAfter?: number } | undefined {
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (observedGeneration < (metadata.generation ?? 0)) {
    return { why: 'is still being processed by the server.', retryAfter: BUDGET_RETRY_SECONDS };
  }
  if (disruptionsAllowed <= 0) {
    const { desiredHealthy = 0, currentHealthy = 0 } = status;
    return { why: `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently` };
  }
  const tooMany = Object.keys(disruptedPods).length > LONGEST_DISRUPTED_LIST;
  return tooMany ? { why: 'has too many evicted pods that are not gone yet' } : undefined;
}

/** Takes one disruption from the budget, or says why there is none. */
function takeDisruption(budget: PodDisruptionBudget, pod: string, now: number): void {
  const refusal = refusalOf(budget);
  if (refusal) throw refused(budget, refusal.why, refusal.retryAfter);
  const { disruptionsAllowed = 0, disruptedPods } = budget.status ?? {};
  budget.status = {
    ...budget.status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...disruptedPods, [pod]: formatTime(now) },
  };
}

async function spendBudget(
  stores: EvictionStores,
  ctx: RequestContext,
  pod: Pod,
  options: WriteOptions,
): Promise<void> {
  const matching = await budgetsOf(stores, ctx, pod);
  if (matching.length > 1) throw new StatusError(500, 'InternalError', SEVERAL_BUDGETS);
  const [budget] = matching;
  if (!budget || mayGoUnhealthy(pod, budget)) return;
  const change = (current: UnstructuredObject) => {
    takeDisruption(current as unknown as PodDisruptionBudget, pod.metadata.name ?? '', ctx.clock.now());
    return current;
  };
  const { namespace = '', name = '' } = budget.metadata;
  await stores.budgets.update(ctx, { namespace, name }, change, { ...options, rules: 'none', subresource: 'status' });
}

/** Deletes a Pod if its disruption budget allows it. Behaves as kubernetes pkg/registry/core/pod/storage EvictionREST. */
export async function evictPod(
  stores: EvictionStores,
  ctx: RequestContext,
  place: ObjectPlace,
  eviction: PodEviction,
  options: WriteOptions = {},
): Promise<void> {
  const stored = await stores.pods.get(ctx, place);
  const pod = stores.pods.decode(stored) as unknown as Pod;
  if (!ignoresBudgets(pod)) await spendBudget(stores, ctx, pod, options);
  const preconditions = { uid: pod.metadata.uid ?? '', ...eviction.deleteOptions?.preconditions };
  await stores.pods.delete(ctx, place, { ...eviction.deleteOptions, preconditions }, options);
}
