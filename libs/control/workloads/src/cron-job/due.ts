import type { CronJob } from '@binnacle/apis-kubernetes/batch/v1';
import { parseTime } from '@binnacle/machinery-meta';

/** The first time after a moment, if there is one. */
export type Next = (after: number) => number | undefined;

/** What of a schedule has come since it was last looked at. */
export interface Missed {
  /** The time from which on was looked. */
  readonly earliest: number;
  /** The last time that has come. */
  readonly latest?: number;
  /** How many came, as far as can be told without counting each. */
  readonly count: number;
}

const SECOND = 1000;
const MANY = 100;

function earliest({ metadata, status, spec }: CronJob, now: number, withDeadline: boolean): number {
  const since = parseTime(status?.lastScheduleTime) ?? parseTime(metadata.creationTimestamp) ?? now;
  const deadline = withDeadline && spec.startingDeadlineSeconds;
  return typeof deadline === 'number' ? Math.max(since, now - deadline * SECOND) : since;
}

/** The last second after which a time still came. */
function lastBefore(start: number, now: number, next: Next): number {
  let [early, late] = [start, now];
  while (late - early > SECOND) {
    const middle = Math.floor((early + late) / 2);
    const time = next(middle);
    if (time !== undefined && time <= now) early = middle;
    else late = middle;
  }
  return early;
}

/**
 * Goes on from a time shortly before the last that came, so that years of minutes need no steps. Where the first pause was of
 * months, and minutes followed, they are many all the same: what is left of them is halved.
 */
function latestFrom(start: number, now: number, next: Next): number | undefined {
  let latest: number | undefined;
  let time = next(start);
  for (let steps = 0; time !== undefined && time <= now; steps += 1) {
    latest = time;
    time = next(steps === MANY ? lastBefore(time, now, next) : time);
  }
  return latest;
}

/** Behaves as kubernetes pkg/controller/cronjob mostRecentScheduleTime. */
export function missed(cron: CronJob, now: number, next: Next, withDeadline: boolean): Missed {
  const since = earliest(cron, now, withDeadline);
  const first = next(since);
  if (first === undefined || now < first) return { earliest: since, count: 0 };
  const second = next(first);
  if (second === undefined || now < second) return { earliest: since, latest: first, count: 1 };
  const pause = Math.max(SECOND, Math.round((second - first) / SECOND) * SECOND);
  const count = Math.floor((now - first) / pause) + 1;
  const latest = latestFrom(first + (count - 2) * pause, now, next);
  return { earliest: since, count, ...(latest !== undefined && { latest }) };
}

/** The time for which a Job is due now, and whether so many went by that something must be wrong. */
export function dueTime(cron: CronJob, now: number, next: Next): { readonly time?: number; readonly many: boolean } {
  const { latest, count } = missed(cron, now, next, true);
  return latest === undefined ? { many: false } : { time: latest, many: count > MANY };
}

/** When to look again. */
export function nextLook(cron: CronJob, now: number, next: Next): number | undefined {
  const { earliest: since, latest, count } = missed(cron, now, next, false);
  return next(latest ?? (count === 0 ? since : now));
}
