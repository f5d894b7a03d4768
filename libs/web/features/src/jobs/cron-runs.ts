import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import {
  isTimeZone,
  nextTime,
  parseSchedule,
  type Schedule,
  ScheduleError,
} from '@binnacle/apis-kubernetes/batch/v1/cron-job';
import type { UnstructuredObject } from '@binnacle/web-data';
import { compareValues } from '@binnacle/web-ui';
import { conditionsOf } from '../view/conditions.js';
import { as } from '../view/kind-view.js';

const SCHEDULED = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
const INSTANTIATE = 'cronjob.kubernetes.io/instantiate';
/** Where none is said the controller's own clock counts, and that shows UTC. */
const DEFAULT_ZONE = 'UTC';

function readSchedule(text: string): Schedule | undefined {
  try {
    return parseSchedule(text);
  } catch (error) {
    if (error instanceof ScheduleError) return undefined;
    throw error;
  }
}

/** The zone whose clocks a CronJob goes by. */
export function zoneOf({ spec }: Partial<CronJob>): string {
  const own = readSchedule(spec?.schedule ?? '')?.zone;
  const zone = own ?? spec?.timeZone ?? DEFAULT_ZONE;
  return isTimeZone(zone) ? zone : DEFAULT_ZONE;
}

/** The next so many times it runs, milliseconds since the epoch. None where it rests, or its schedule is never met. */
export function upcoming({ spec }: Partial<CronJob>, after: number, count: number): number[] {
  const schedule = readSchedule(spec?.schedule ?? '');
  if (!schedule || spec?.suspend) return [];
  const times: number[] = [];
  let at: number | undefined = after;
  while (times.length < count) {
    at = nextTime(schedule, at, spec?.timeZone);
    if (at === undefined) break;
    times.push(at);
  }
  return times;
}

/** One Job a CronJob has made. */
export interface CronRun {
  readonly job: UnstructuredObject;
  /** When it was to run; RFC 3339. Undefined where somebody made it by hand. */
  readonly scheduled: string | undefined;
  readonly byHand: boolean;
  readonly started: string | undefined;
  /** When it ended, whichever way; undefined while it runs. */
  readonly ended: string | undefined;
}

function endOf(job: UnstructuredObject): string | undefined {
  const { status } = as<Job>(job);
  const failed = conditionsOf(job).find(({ type, status: value }) => type === 'Failed' && value === 'True');
  return status?.completionTime ?? failed?.lastTransitionTime;
}

const startOf = (job: UnstructuredObject): string =>
  as<Job>(job).status?.startTime ?? job.metadata.creationTimestamp ?? '';

/** Jobs as runs, the latest first. */
export function runsOf(jobs: readonly UnstructuredObject[]): CronRun[] {
  const latest = [...jobs].sort((a, b) => compareValues(Date.parse(startOf(b)), Date.parse(startOf(a))));
  return latest.map((job) => {
    const { annotations = {} } = job.metadata;
    return {
      job,
      scheduled: annotations[SCHEDULED],
      byHand: annotations[INSTANTIATE] === 'manual',
      started: as<Job>(job).status?.startTime,
      ended: endOf(job),
    };
  });
}
