import type { JobCondition, JobStatus, UncountedTerminatedPods } from '@binnacle/apis-kubernetes/batch/v1';
import { completionIndex, judgeFailure } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { hasFailed, isIndexed, isTracked, type JobState, validIndex } from './job-state.js';

/** So many Pods at most stand in the status until their finalizers are off. */
const MOST_UNCOUNTED = 500;

const uidOf = ({ metadata: { uid = '' } }: Pod): string => uid;

/** The status with counts of zero left out, as everywhere. */
function counted(status: JobStatus, succeeded: number, failed: number, uncounted: UncountedTerminatedPods): JobStatus {
  const { succeeded: _succeeded, failed: _failed, ...rest } = status;
  const { succeeded: done = [], failed: lost = [] } = uncounted;
  return {
    ...rest,
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    uncountedTerminatedPods: { ...(done.length > 0 && { succeeded: done }), ...(lost.length > 0 && { failed: lost }) },
  };
}

/** Pods that stand in the status and have no finalizer any more go over into the counts. */
export function settle(status: JobStatus, tracked: ReadonlySet<string>): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  const waiting = {
    succeeded: succeeded.filter((uid) => tracked.has(uid)),
    failed: failed.filter((uid) => tracked.has(uid)),
  };
  const more = (all: string[], left: string[]) => all.length - left.length;
  return counted(
    status,
    (status.succeeded ?? 0) + more(succeeded, waiting.succeeded),
    (status.failed ?? 0) + more(failed, waiting.failed),
    waiting,
  );
}

/** What is known of the ends of Pods, and whose finalizers may go once the status says so. */
export interface Tally {
  readonly status: JobStatus;
  readonly release: readonly Pod[];
  /** Every Pod was looked at: the Job may be said to have finished. */
  readonly whole: boolean;
}

function isReleased({ job, spec, indexes }: JobState, finish: JobCondition | undefined, pod: Pod): boolean {
  if (job.metadata.deletionTimestamp || finish || pod.status?.phase === 'Succeeded') return true;
  if (!hasFailed(pod, spec)) return false;
  const index = completionIndex(pod);
  return index === undefined || indexes?.awaited.get(index) !== pod;
}

type End = 'succeeded' | 'failed' | 'index';

/** A Pod that is ended with its Job has failed, unless the Job has succeeded. */
function failsWith({ spec }: JobState, finish: JobCondition | undefined, pod: Pod): boolean {
  const ended = hasFailed(pod, spec) || (finish !== undefined && finish.type !== 'SuccessCriteriaMet');
  if (!ended || (isIndexed(spec) && validIndex(pod, spec) === undefined)) return false;
  return judgeFailure(spec.podFailurePolicy, pod).counts;
}

function succeedsAs({ spec, indexes }: JobState, pod: Pod): End | undefined {
  if (!indexes) return 'succeeded';
  const index = validIndex(pod, spec);
  return index !== undefined && !indexes.before.has(index) ? 'index' : undefined;
}

/** As what the end of a Pod is counted now; undefined where it is not, or was before. */
function endOf(state: JobState, finish: JobCondition | undefined, pod: Pod): End | undefined {
  const { succeeded = [], failed = [] } = state.job.status?.uncountedTerminatedPods ?? {};
  if (failed.includes(uidOf(pod)) || succeeded.includes(uidOf(pod))) return undefined;
  if (pod.status?.phase === 'Succeeded') return succeedsAs(state, pod);
  return failsWith(state, finish, pod) ? 'failed' : undefined;
}

class Counting {
  readonly release: Pod[] = [];
  private readonly ends: Record<End, string[]> = { succeeded: [], failed: [], index: [] };
  private readonly standing: number;

  constructor(private readonly before: UncountedTerminatedPods) {
    this.standing = (before.succeeded?.length ?? 0) + (before.failed?.length ?? 0);
  }

  get full(): boolean {
    const { succeeded, failed, index } = this.ends;
    return this.standing + succeeded.length + failed.length + index.length >= MOST_UNCOUNTED;
  }

  add(pod: Pod, end: End | undefined): void {
    this.release.push(pod);
    if (end) this.ends[end].push(uidOf(pod));
  }

  get uncounted(): UncountedTerminatedPods {
    const { succeeded = [], failed = [] } = this.before;
    return { succeeded: [...succeeded, ...this.ends.succeeded], failed: [...failed, ...this.ends.failed] };
  }
}

function withIndexes(status: JobStatus, { indexes }: JobState): JobStatus {
  if (!indexes) return status;
  const { completedIndexes: _completed, failedIndexes: _failed, succeeded: _succeeded, ...rest } = status;
  const { size } = indexes.succeeded;
  return {
    ...rest,
    ...(size > 0 && { succeeded: size, completedIndexes: String(indexes.succeeded) }),
    ...(indexes.failed && { failedIndexes: String(indexes.failed) }),
  };
}

/**
 * Counts each Pod's end once and only once, whatever fails in between: it stands in the status before its finalizer goes,
 * and goes over into the counts afterwards. Behaves as kubernetes trackJobStatusAndRemoveFinalizers.
 */
export function track(state: JobState, finish: JobCondition | undefined, status: JobStatus): Tally {
  const tracked = state.pods.filter(isTracked);
  const settled = settle(status, new Set(tracked.map(uidOf)));
  const counting = new Counting(settled.uncountedTerminatedPods ?? {});
  const index = (pod: Pod) => completionIndex(pod) ?? -1;
  const inOrder = state.indexes ? [...tracked].sort((a, b) => index(a) - index(b)) : tracked;
  for (const pod of inOrder) {
    if (!isReleased(state, finish, pod)) continue;
    counting.add(pod, endOf(state, finish, pod));
    if (counting.full) break;
  }
  const { succeeded = 0, failed = 0 } = settled;
  const next = withIndexes(counted(settled, succeeded, failed, counting.uncounted), state);
  return { status: next, release: counting.release, whole: !counting.full };
}
