import type { Pod } from '../../../core/v1/index.js';
import { finishedAt } from './finish-time.js';
import { triesBefore } from './pod-index.js';

const FIRST_PAUSE_MILLISECONDS = 10_000;
const LONGEST_PAUSE_MILLISECONDS = 600_000;

/** The failures of a Job since one of its Pods last succeeded. */
export interface Backoff {
  readonly failures: number;
  readonly lastFailure?: number;
}

export const NO_FAILURES: Backoff = { failures: 0 };

/** What is known of failures once these Pods have ended. */
export function nextBackoff(before: Backoff, succeeded: readonly Pod[], failed: readonly Pod[]): Backoff {
  if (succeeded.length === 0 && failed.length === 0) return before;
  const lastSuccess = Math.max(...succeeded.map(finishedAt));
  const later = failed.map(finishedAt).filter((time) => time > lastSuccess);
  if (later.length === 0) return NO_FAILURES;
  const known = succeeded.length === 0 ? before.failures : 0;
  return { failures: known + later.length, lastFailure: Math.max(...later) };
}

function resumesAt(failures: number, lastFailure: number): number {
  const pause = FIRST_PAUSE_MILLISECONDS * 2 ** (failures - 1);
  return lastFailure + Math.min(pause, LONGEST_PAUSE_MILLISECONDS);
}

/** When Pods may be made again; undefined where nothing has failed. */
export function backoffEndsAt({ failures, lastFailure }: Backoff): number | undefined {
  return failures > 0 && lastFailure !== undefined ? resumesAt(failures, lastFailure) : undefined;
}

/** When an index may be tried again after its last Pod failed. */
export function indexBackoffEndsAt(failed: Pod): number {
  return resumesAt(triesBefore(failed) + 1, finishedAt(failed));
}
