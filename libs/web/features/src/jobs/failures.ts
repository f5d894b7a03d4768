import type { Job, PodFailurePolicyRule } from '@binnacle/apis-kubernetes/batch/v1';
import { completionIndex, finishedAt, IndexSet, judgeFailure } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';

/** What became of one index whose Pods failed. */
export interface FailedIndex {
  readonly index: number;
  /** Pods of it that failed and are still there. */
  readonly tries: number;
  /** The last of them; undefined where none is there any more. */
  readonly last: Pod | undefined;
  /** Given up: the Job does not try it again. */
  readonly isFinal: boolean;
}

const hasFailed = ({ status }: Pod): boolean => status?.phase === 'Failed';

function byIndex(pods: readonly Pod[]): Map<number, Pod[]> {
  const found = new Map<number, Pod[]>();
  for (const pod of pods.filter(hasFailed)) {
    const index = completionIndex(pod);
    if (index !== undefined) found.set(index, [...(found.get(index) ?? []), pod]);
  }
  return found;
}

function first(indexes: IndexSet, most: number): number[] {
  const found: number[] = [];
  for (const { first: from, last } of indexes.intervals)
    for (let index = from; index <= last && found.length < most; index += 1) found.push(index);
  return found;
}

/** The indexes whose Pods failed, those that are given up first; at most so many. */
export function failedIndexes({ spec, status }: Job, pods: readonly Pod[], most: number): FailedIndex[] {
  const final = IndexSet.parse(status?.failedIndexes, spec?.completions ?? 0);
  const failures = byIndex(pods);
  const tried = [...failures.keys()].filter((index) => !final.has(index)).sort((a, b) => a - b);
  return [...first(final, most), ...tried].slice(0, most).map((index) => {
    const tries = failures.get(index) ?? [];
    const last = [...tries].sort((a, b) => finishedAt(a) - finishedAt(b)).at(-1);
    return { index, tries: tries.length, last, isFinal: final.has(index) };
  });
}

/** The first of its containers that ended badly. */
function endedBadly({ initContainerStatuses = [], containerStatuses = [] }: NonNullable<Pod['status']>) {
  const all = [...initContainerStatuses, ...containerStatuses];
  return all.find(({ state }) => (state?.terminated?.exitCode ?? 0) !== 0);
}

/** Why a Pod failed, in Kubernetes' own words: a reason, or the container with its exit code. */
export function failureOf({ status = {} }: Pod): string {
  if (status.reason) return status.reason;
  const ended = endedBadly(status);
  const { exitCode, reason = 'Error' } = ended?.state?.terminated ?? {};
  return ended ? `${ended.name}: ${reason} (${exitCode})` : 'Failed';
}

/** A rule of a failure policy, and the failed Pods it is the first to fit. */
export interface RuleMatches {
  readonly rule: PodFailurePolicyRule;
  readonly pods: readonly Pod[];
}

/** Each rule of the Job's failure policy with what it matched. */
export function ruleMatches({ spec }: Job, pods: readonly Pod[]): RuleMatches[] {
  const failed = pods.filter(hasFailed);
  const rules = spec?.podFailurePolicy?.rules ?? [];
  const fits = (pod: Pod) => rules.findIndex((rule) => judgeFailure({ rules: [rule] }, pod).action !== undefined);
  const found = failed.map((pod) => [fits(pod), pod] as const);
  return rules.map((rule, index) => ({ rule, pods: found.flatMap(([at, pod]) => (at === index ? [pod] : [])) }));
}

/** What a rule looks for, in a line. */
export function ruleText({ onExitCodes, onPodConditions }: PodFailurePolicyRule): string {
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes;
    return `${containerName ? `${containerName}: ` : ''}exitCode ${operator} (${values.join(', ')})`;
  }
  return (onPodConditions ?? []).map(({ type, status = 'True' }) => `${type}=${status}`).join(', ');
}
