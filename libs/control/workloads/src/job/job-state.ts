import type { Job, JobSpec } from '@binnacle/apis-kubernetes/batch/v1';
import {
  completionIndex,
  failuresBefore,
  finishedAt,
  IndexSet,
  judgeFailure,
  triesBefore,
} from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { hasFinalizer } from '@binnacle/machinery-meta';
import { isPodActive, isPodReady, isPodTerminal } from '../pods/pod-state.js';

/** How the indexes of an indexed Job stand. */
export interface IndexState {
  readonly completions: number;
  /** Those the status says are done, and those that are now. */
  readonly before: IndexSet;
  readonly succeeded: IndexSet;
  /** There where failures are counted for each index. */
  readonly failed?: IndexSet;
  /** By index, the failed Pod whose finalizer stays until there is another in its place: it tells how often it was tried. */
  readonly awaited: ReadonlyMap<number, Pod>;
}

/** What a Job and its Pods amount to. */
export interface JobState {
  readonly job: Job;
  readonly spec: JobSpec;
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly terminating: readonly Pod[];
  readonly ready: number;
  /** Ended since the status was written. */
  readonly newlySucceeded: readonly Pod[];
  readonly newlyFailed: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
  readonly indexes?: IndexState;
}

export const isTracked = (pod: Pod): boolean => hasFinalizer(pod, JOB_TRACKING_FINALIZER);
export const isIndexed = ({ completionMode }: JobSpec): boolean => completionMode === 'Indexed';
export const isTerminating = (pod: Pod): boolean => Boolean(pod.metadata.deletionTimestamp) && !isPodTerminal(pod);

/** Whether Pods are replaced only when they have ended, not when they are told to. */
export function replacesOnlyFailed({ podReplacementPolicy, podFailurePolicy }: JobSpec): boolean {
  return podReplacementPolicy === 'Failed' || podFailurePolicy !== undefined;
}

/** Whether a Pod counts as failed: one on its way out does too, unless only those that have ended are replaced. */
export function hasFailed(pod: Pod, spec: JobSpec): boolean {
  if (pod.status?.phase === 'Failed') return true;
  return !replacesOnlyFailed(spec) && isTerminating(pod);
}

/** The index of a Pod, where it is one that its Job has. */
export function validIndex(pod: Pod, { completions = 0 }: JobSpec): number | undefined {
  const index = completionIndex(pod);
  return index !== undefined && index < completions ? index : undefined;
}

/** Whether a Pod's end is still to be counted, and can be. */
function isCountable(pod: Pod, spec: JobSpec): boolean {
  return isTracked(pod) && (!isIndexed(spec) || validIndex(pod, spec) !== undefined);
}

/** An index has failed with a Pod that a rule says so of, or that was its last try. */
function failsIndex(pod: Pod, spec: JobSpec): boolean {
  if (!hasFailed(pod, spec)) return false;
  const { action, counts } = judgeFailure(spec.podFailurePolicy, pod);
  return action === 'FailIndex' || (counts && failuresBefore(pod) >= (spec.backoffLimitPerIndex ?? 0));
}

function indexesOf(pods: readonly Pod[], spec: JobSpec, is: (pod: Pod) => boolean): IndexSet {
  return IndexSet.of(pods.filter((pod) => isTracked(pod) && is(pod)).flatMap((pod) => validIndex(pod, spec) ?? []));
}

/** Of two failed Pods of an index, the one that was tried last. */
function later(one: Pod | undefined, other: Pod): Pod {
  if (!one) return other;
  return triesBefore(one) <= triesBefore(other) && finishedAt(other) >= finishedAt(one) ? other : one;
}

function awaitedPods(pods: readonly Pod[], spec: JobSpec, settled: (index: number) => boolean): Map<number, Pod> {
  const awaited = new Map<number, Pod>();
  for (const pod of pods) {
    const index = validIndex(pod, spec);
    if (index === undefined || !isTracked(pod) || !hasFailed(pod, spec) || settled(index)) continue;
    awaited.set(index, later(awaited.get(index), pod));
  }
  return awaited;
}

function indexState({ spec, status }: Job & { spec: JobSpec }, pods: readonly Pod[]): IndexState {
  const { completions = 0 } = spec;
  const before = IndexSet.parse(status?.completedIndexes, completions);
  const succeeded = before.union(indexesOf(pods, spec, (pod) => pod.status?.phase === 'Succeeded'));
  if (spec.backoffLimitPerIndex === undefined) return { completions, before, succeeded, awaited: new Map() };
  const known = IndexSet.parse(status?.failedIndexes, completions);
  const failed = known.union(indexesOf(pods, spec, (pod) => failsIndex(pod, spec)));
  const active = new Set(pods.filter(isPodActive).map(completionIndex));
  const settled = (index: number) => succeeded.has(index) || failed.has(index) || active.has(index);
  return { completions, before, succeeded, failed, awaited: awaitedPods(pods, spec, settled) };
}

/** Pods that ended and stand in no count yet. */
function newlyEnded(pods: readonly Pod[], spec: JobSpec, uncounted: readonly string[], is: (pod: Pod) => boolean) {
  const known = new Set(uncounted);
  return pods.filter((pod) => isCountable(pod, spec) && !known.has(pod.metadata.uid ?? '') && is(pod));
}

/** Reads a Job and the Pods it has. Behaves as the beginning of kubernetes pkg/controller/job syncJob. */
export function jobState(job: Job & { spec: JobSpec }, pods: readonly Pod[]): JobState {
  const { spec, status = {} } = job;
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const newlySucceeded = newlyEnded(pods, spec, succeeded, (pod) => pod.status?.phase === 'Succeeded');
  const newlyFailed = newlyEnded(pods, spec, failed, (pod) => hasFailed(pod, spec));
  const counted = newlyFailed.filter((pod) => judgeFailure(spec.podFailurePolicy, pod).counts);
  const indexes = isIndexed(spec) ? indexState(job, pods) : undefined;
  const active = pods.filter(isPodActive);
  return {
    job,
    spec,
    pods,
    active,
    terminating: pods.filter(isTerminating),
    ready: active.filter(isPodReady).length,
    newlySucceeded,
    newlyFailed,
    succeeded: indexes?.succeeded.size ?? (status.succeeded ?? 0) + newlySucceeded.length + succeeded.length,
    failed: (status.failed ?? 0) + counted.length + failed.length,
    ...(indexes && { indexes }),
  };
}
