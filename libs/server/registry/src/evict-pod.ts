import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import {
  type DeleteOptions,
  formatTime,
  isConflict,
  newTooManyRequests,
  StatusError,
  type UnstructuredObject,
  withCondition,
} from '@binnacle/machinery-meta';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import type { WriteOptions } from './create-object.js';
import { checkPreconditions } from './delete-object.js';
import { conflict } from './failures.js';
import { asServer, type RequestContext } from './request-context.js';
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

interface Evicting {
  readonly stores: EvictionStores;
  readonly ctx: RequestContext;
  readonly place: ObjectPlace;
  readonly deleteOptions: DeleteOptions;
  readonly write: WriteOptions;
}

/** A Pod that changes all the while is given up after this many tries. */
const ATTEMPTS = 5;
const EVICTED = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
};
const REFUSED = "Cannot evict pod as it would violate the pod's disruption budget.";
const BUDGET_RETRY_SECONDS = 10;
const LONGEST_DISRUPTED_LIST = 2000;
const STILL_PROCESSED = 'is still being processed by the server.';
const SEVERAL_BUDGETS =
  'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';

function refused(budget: PodDisruptionBudget, message: string, retryAfterSeconds = 0): StatusError {
  const name = budget.metadata.name ?? '';
  return newTooManyRequests(REFUSED, retryAfterSeconds, [
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
  const { items } = await budgets.list(asServer(ctx), { namespace }, { revision: { at: 'latest' } });
  return items
    .map((item) => budgets.decode(item) as unknown as PodDisruptionBudget)
    .filter(({ spec }) => spec?.selector && matcherFromLabelSelector(spec.selector).matches(labels ?? {}));
}

function refusalOf({ metadata, status = {} }: PodDisruptionBudget): { why: string; retryAfter?: number } | undefined {
  const { observedGeneration = 0, disruptionsAllowed = 0, disruptedPods = {} } = status;
  if (observedGeneration < (metadata.generation ?? 0)) {
    return { why: STILL_PROCESSED, retryAfter: BUDGET_RETRY_SECONDS };
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

/** The one budget that guards the Pod, if any. */
async function guardOf(
  stores: EvictionStores,
  ctx: RequestContext,
  pod: Pod,
): Promise<PodDisruptionBudget | undefined> {
  const matching = await budgetsOf(stores, ctx, pod);
  if (matching.length > 1) throw new StatusError(500, 'InternalError', SEVERAL_BUDGETS);
  return matching[0];
}

async function spend(
  { budgets }: EvictionStores,
  ctx: RequestContext,
  { metadata: { namespace = '', name = '' } }: PodDisruptionBudget,
  pod: Pod,
  options: WriteOptions,
): Promise<void> {
  const change = (current: UnstructuredObject) => {
    takeDisruption(current as unknown as PodDisruptionBudget, pod.metadata.name ?? '', ctx.clock.now());
    return current;
  };
  await budgets.update(asServer(ctx), { namespace, name }, change, {
    ...options,
    rules: 'none',
    subresource: 'status',
    unowned: true,
  });
}

/** The Pod as it was judged must be the Pod that goes: it must not have become healthy, or begun to run, meanwhile. */
function asJudged(pod: Pod, deleteOptions: DeleteOptions, exact: boolean): DeleteOptions {
  const { uid, resourceVersion } = pod.metadata;
  const asked = deleteOptions.preconditions;
  const preconditions = { uid: uid ?? '', ...(exact && resourceVersion && { resourceVersion }), ...asked };
  return { ...deleteOptions, preconditions };
}

/** Says on the Pod why it goes, then sets its deletion going. */
async function condemn({ stores: { pods }, ctx, place, write }: Evicting, options: DeleteOptions): Promise<void> {
  if (write.dryRun) {
    await pods.delete(ctx, place, options, write);
    return;
  }
  const mark = (current: UnstructuredObject) => {
    checkPreconditions(pods.core, current, options);
    const { status } = current as unknown as Pod;
    const conditions = withCondition(status?.conditions, EVICTED, formatTime(ctx.clock.now()));
    return { ...current, status: { ...status, conditions } };
  };
  const marked = await pods.update(ctx, place, mark, { rules: 'none', subresource: 'eviction', unowned: true });
  const asked = options.preconditions?.resourceVersion;
  const bumped = { ...options.preconditions, ...(asked && { resourceVersion: String(marked.revision) }) };
  await pods.delete(ctx, place, { ...options, preconditions: bumped });
}

/** One that counts for no budget goes as it is; one that became another meanwhile is judged anew. */
async function evictUncounted(eviction: Evicting, pod: Pod): Promise<boolean> {
  try {
    await condemn(eviction, asJudged(pod, eviction.deleteOptions, pod.status?.phase === 'Pending'));
    return true;
  } catch (error) {
    if (eviction.deleteOptions.preconditions?.resourceVersion || !isConflict(error)) throw error;
    return false;
  }
}

async function evictGuarded(eviction: Evicting, pod: Pod): Promise<void> {
  const { stores, ctx, write, deleteOptions } = eviction;
  const budget = await guardOf(stores, ctx, pod);
  const unhealthy = budget !== undefined && mayGoUnhealthy(pod, budget);
  if (budget && !unhealthy) await spend(stores, ctx, budget, pod, write);
  try {
    await condemn(eviction, asJudged(pod, deleteOptions, unhealthy));
  } catch (error) {
    const recovered = unhealthy && !deleteOptions.preconditions?.resourceVersion && isConflict(error);
    throw recovered ? refused(budget, STILL_PROCESSED, BUDGET_RETRY_SECONDS) : error;
  }
}

/** Deletes a Pod if its disruption budget allows it. Behaves as kubernetes pkg/registry/core/pod/storage EvictionREST. */
export async function evictPod(
  stores: EvictionStores,
  ctx: RequestContext,
  place: ObjectPlace,
  { deleteOptions = {} }: PodEviction,
  write: WriteOptions = {},
): Promise<void> {
  const eviction = { stores, ctx, place, deleteOptions, write };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const pod = stores.pods.decode(await stores.pods.get(ctx, place, { at: 'latest' })) as unknown as Pod;
    if (!ignoresBudgets(pod)) return evictGuarded(eviction, pod);
    if (await evictUncounted(eviction, pod)) return;
  }
  throw conflict(stores.pods.definition, place.name);
}
