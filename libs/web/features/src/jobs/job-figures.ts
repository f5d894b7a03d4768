import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { isFinished } from '@binnacle/apis-kubernetes/batch/v1/job';
import {
  backoffEndsAt,
  completionIndex,
  IndexSet,
  NO_FAILURES,
  nextBackoff,
} from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { IndexState } from './index-cells.js';

const DEFAULT_BACKOFF_LIMIT = 6;

/** A Job in figures. */
export interface JobFigures {
  /** Undefined where any of its Pods may say that all is done. */
  readonly wanted: number | undefined;
  readonly parallelism: number;
  readonly succeeded: number;
  readonly active: number;
  readonly ready: number;
  readonly failed: number;
  readonly terminating: number;
  readonly limits: FailureLimits;
  readonly over: boolean;
}

/** How much may fail: in all, or of each index, and how many indexes. */
export type FailureLimits =
  | { readonly kind: 'all'; readonly limit: number }
  | { readonly kind: 'perIndex'; readonly limit: number; readonly indexes: number | undefined };

function limitsOf({ spec }: Job): FailureLimits {
  const { backoffLimit = DEFAULT_BACKOFF_LIMIT, backoffLimitPerIndex, maxFailedIndexes } = spec ?? {};
  if (backoffLimitPerIndex === undefined) return { kind: 'all', limit: backoffLimit };
  return { kind: 'perIndex', limit: backoffLimitPerIndex, indexes: maxFailedIndexes };
}

export function jobFigures(job: Job): JobFigures {
  const { spec, status = {} } = job;
  const counts = { succeeded: 0, active: 0, ready: 0, failed: 0, terminating: 0, ...status };
  return {
    wanted: spec?.completions,
    parallelism: spec?.parallelism ?? 1,
    succeeded: counts.succeeded,
    active: counts.active,
    ready: counts.ready,
    failed: counts.failed,
    terminating: counts.terminating,
    limits: limitsOf(job),
    over: isFinished(job),
  };
}

/** The indexes of an indexed Job by how they stand; undefined for one that has none. */
export function jobIndexes({ spec, status }: Job, pods: readonly Pod[]) {
  if (spec?.completionMode !== 'Indexed') return undefined;
  const completions = spec.completions ?? 0;
  const succeeded = IndexSet.parse(status?.completedIndexes, completions);
  const failed = IndexSet.parse(status?.failedIndexes, completions);
  const running = pods.filter(({ status: of }) => of?.phase === 'Running' || of?.phase === 'Pending');
  const active = IndexSet.of(running.flatMap((pod) => completionIndex(pod) ?? []));
  return { completions, succeeded, failed, active };
}

type Indexes = NonNullable<ReturnType<typeof jobIndexes>>;

export function indexCounts({ completions, succeeded, failed, active }: Indexes): Record<IndexState, number> {
  const busy = active.size - active.shared(failed) - active.shared(succeeded);
  const waiting = completions - succeeded.size - failed.size - busy;
  return { failed: failed.size, active: busy, waiting: Math.max(0, waiting), succeeded: succeeded.size };
}

const inPhase = (pods: readonly Pod[], phase: string) => pods.filter(({ status }) => status?.phase === phase);

/** When Pods are made again after the last of them failed, in milliseconds since the epoch; undefined where nothing is held up. */
export function nextTryAt(job: Job, pods: readonly Pod[], now: number): number | undefined {
  const { over, active, limits } = jobFigures(job);
  if (over || active > 0 || job.spec?.suspend || limits.kind === 'perIndex') return undefined;
  const backoff = nextBackoff(NO_FAILURES, inPhase(pods, 'Succeeded'), inPhase(pods, 'Failed'));
  const at = backoffEndsAt(backoff);
  return at !== undefined && at > now ? at : undefined;
}
