import {
  type Backoff,
  backoffEndsAt,
  completionIndex,
  indexBackoffEndsAt,
  IndexSet,
} from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podsToDelete } from '../pods/pod-ranking.js';
import { isIndexed, isTerminating, type JobState, replacesOnlyFailed } from './job-state.js';

/** As upstream: no more than so many Pods are made or deleted in one go. */
const MOST_PODS_AT_ONCE = 500;

/** What is made and what goes, so that as many Pods are at work as should be. */
export interface PodPlan {
  readonly remove: readonly Pod[];
  /** Of what index each Pod to make is; undefined for those of a Job without. */
  readonly create: ReadonlyArray<number | undefined>;
  /** When more may be made. */
  readonly again?: number;
}

const nothing: PodPlan = { remove: [], create: [] };

function wantedActive({ spec, succeeded, active }: JobState): number {
  const { completions, parallelism = 1 } = spec;
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(completions - succeeded, parallelism));
}

function byIndex(pods: readonly Pod[]): Map<number, Pod[]> {
  const groups = new Map<number, Pod[]>();
  for (const pod of pods) {
    const index = completionIndex(pod) ?? -1;
    const group = groups.get(index);
    if (group) group.push(pod);
    else groups.set(index, [pod]);
  }
  return groups;
}

/** Pods of indexes there are not, and all but one of each index. */
function superfluous(active: readonly Pod[], completions: number, now: number): Pod[] {
  return [...byIndex(active)].flatMap(([index, pods]) => {
    if (index < 0 || index >= completions) return pods;
    return pods.length > 1 ? podsToDelete(pods, [], pods.length - 1, now) : [];
  });
}

/** At least `count` Pods that go, first those nobody needs. */
function podsToRemove({ spec, active }: JobState, count: number, now: number): Pod[] {
  const first = isIndexed(spec) ? superfluous(active, spec.completions ?? 0, now) : [];
  if (first.length >= count) return first;
  const going = new Set(first);
  const rest = active.filter((pod) => !going.has(pod));
  return [...first, ...podsToDelete(rest, [], count - first.length, now)];
}

function indexesOf(pods: readonly Pod[]): IndexSet {
  return IndexSet.of(pods.flatMap((pod) => completionIndex(pod) ?? []));
}

/** The first indexes nobody works at, and that have neither been done nor failed. */
function pendingIndexes({ spec, indexes, active, pods }: JobState, count: number): number[] {
  if (!indexes) return [];
  const leaving = replacesOnlyFailed(spec) ? pods.filter(isTerminating) : [];
  const taken = indexes.succeeded.union(indexesOf([...active, ...leaving])).union(indexes.failed ?? IndexSet.empty);
  return taken.firstMissing(count, indexes.completions);
}

/** Each index has a pause of its own: those whose has passed are tried now. */
function dueIndexes({ indexes }: JobState, wanted: readonly number[], now: number): PodPlan {
  const pauses = wanted.map((index) => {
    const failed = indexes?.awaited.get(index);
    return { index, ends: failed ? indexBackoffEndsAt(failed) : now };
  });
  const create = pauses.filter(({ ends }) => ends <= now).map(({ index }) => index);
  const waiting = pauses.filter(({ ends }) => ends > now).map(({ ends }) => ends);
  return { remove: [], create, ...(waiting.length > 0 && { again: Math.min(...waiting) }) };
}

function planCreation(state: JobState, missing: number, backoff: Backoff, now: number): PodPlan {
  const { spec } = state;
  const count = Math.min(missing, MOST_PODS_AT_ONCE);
  if (isIndexed(spec) && spec.backoffLimitPerIndex !== undefined)
    return dueIndexes(state, pendingIndexes(state, count), now);
  const ends = backoffEndsAt(backoff);
  if (ends !== undefined && ends > now) return { ...nothing, again: ends };
  const create = isIndexed(spec) ? pendingIndexes(state, count) : Array.from({ length: count }, () => undefined);
  return { remove: [], create };
}

/**
 * Which Pods of a Job that goes on are made or deleted now: deletions first, and never both at once.
 * Behaves as kubernetes pkg/controller/job manageJob.
 */
export function planPods(state: JobState, backoff: Backoff, now: number): PodPlan {
  const { spec, active, terminating } = state;
  if (spec.suspend) return { ...nothing, remove: [...active] };
  const wanted = wantedActive(state);
  const remove = podsToRemove(state, Math.max(0, active.length - wanted), now).slice(0, MOST_PODS_AT_ONCE);
  if (remove.length > 0) return { ...nothing, remove };
  const leaving = replacesOnlyFailed(spec) ? terminating.length : 0;
  const missing = wanted - leaving - active.length;
  return missing > 0 ? planCreation(state, missing, backoff, now) : nothing;
}
