import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { PodDisruptionBudget } from '@binnacle/apis-kubernetes/policy/v1';
import { ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';

/** Why a Pod is not moved: its DaemonSet would bring it back at once, or the node itself keeps it. */
export type Stay = 'daemon' | 'mirror';
/** What is lost with a Pod: the data of its emptyDir volumes, or the Pod itself, which nobody makes again. */
export type Loss = 'emptyDir' | 'unmanaged';

/** What the budget of a Pod says of its going. */
export interface BudgetVerdict {
  /** `allows` at once; `waits` for others of the budget to be replaced; `blocks` as long as its figures are as they are;
   * `several`: more than one guards the Pod, which no eviction gets past. */
  readonly kind: 'allows' | 'waits' | 'blocks' | 'several';
  readonly budget: PodDisruptionBudget;
}

/** What a drain does to one Pod of the node. */
export interface PodFate {
  readonly pod: Pod;
  /** Undefined for one that goes. */
  readonly stays: Stay | undefined;
  readonly loses: readonly Loss[];
  /** Undefined where no budget guards it. */
  readonly verdict: BudgetVerdict | undefined;
}

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

const controllerOf = ({ metadata }: Pod) => metadata.ownerReferences?.find(({ controller }) => controller);

/** Behaves as kubectl drain's filters (kubectl pkg/drain/filters.go) with DaemonSets ignored. */
function stayOf(pod: Pod): Stay | undefined {
  if (pod.metadata.annotations?.[ANNOTATION_CONFIG_MIRROR] !== undefined) return 'mirror';
  return controllerOf(pod)?.kind === 'DaemonSet' && !isOver(pod) ? 'daemon' : undefined;
}

function lossesOf(pod: Pod): Loss[] {
  if (isOver(pod)) return [];
  const hasData = pod.spec?.volumes?.some(({ emptyDir }) => emptyDir !== undefined) ?? false;
  return [...(hasData ? ['emptyDir' as const] : []), ...(controllerOf(pod) ? [] : ['unmanaged' as const])];
}

/** A Pod that does not run counts for no budget. */
const isCounted = ({ metadata, status }: Pod): boolean =>
  !metadata.deletionTimestamp &&
  status?.phase !== 'Pending' &&
  status?.phase !== 'Succeeded' &&
  status?.phase !== 'Failed';

function isGuardedBy({ metadata, spec }: PodDisruptionBudget, pod: Pod): boolean {
  if (metadata.namespace !== pod.metadata.namespace || !spec?.selector) return false;
  try {
    return matcherFromLabelSelector(spec.selector).matches(pod.metadata.labels ?? {});
  } catch {
    // One that cannot be read guards nothing.
    return false;
  }
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;

/** One that is not ready may go where the budget is kept without it, or does not mind. */
function mayGoUnready(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** Counts what is taken of each budget, as one eviction after the other would take it. */
class Budgets {
  private readonly taken = new Map<PodDisruptionBudget, number>();

  constructor(private readonly all: readonly PodDisruptionBudget[]) {}

  judge(pod: Pod): BudgetVerdict | undefined {
    if (!isCounted(pod)) return undefined;
    const [budget, other] = this.all.filter((each) => isGuardedBy(each, pod));
    if (!budget) return undefined;
    if (other) return { kind: 'several', budget };
    if (mayGoUnready(pod, budget)) return { kind: 'allows', budget };
    const { disruptionsAllowed: allowed = 0 } = budget.status ?? {};
    const taken = this.taken.get(budget) ?? 0;
    this.taken.set(budget, taken + 1);
    return { kind: taken < allowed ? 'allows' : allowed > 0 ? 'waits' : 'blocks', budget };
  }
}

/** What draining their node does to each of these Pods: those that stay last. */
export function drainPlan(pods: readonly Pod[], budgets: readonly PodDisruptionBudget[]): PodFate[] {
  const counted = new Budgets(budgets);
  const fates = pods.map((pod) => {
    const stays = stayOf(pod);
    if (stays) return { pod, stays, loses: [], verdict: undefined };
    return { pod, stays, loses: lossesOf(pod), verdict: counted.judge(pod) };
  });
  return fates.sort((a, b) => Number(a.stays !== undefined) - Number(b.stays !== undefined));
}

/** What must be agreed to before any of the Pods goes. */
export function lossesIn(fates: readonly PodFate[]): ReadonlySet<Loss> {
  return new Set(fates.flatMap(({ loses }) => loses));
}
