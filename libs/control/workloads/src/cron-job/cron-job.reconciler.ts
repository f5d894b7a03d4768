import type { CronJob, CronJobStatus, Job } from '@binnacle/apis-kubernetes/batch/v1';
import {
  isTimeZone,
  nextTime,
  parseSchedule,
  type Schedule,
  ScheduleError,
} from '@binnacle/apis-kubernetes/batch/v1/cron-job';
import type { ObjectReference } from '@binnacle/apis-kubernetes/core/v1';
import { againAt, done, type EventRecorder, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { ObjectKey, SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { formatTime, ignoreNotFound, isAlreadyExists, isControlledBy, statusCause } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { controlledBy } from '../pods/ownership.js';
import { CronJobEvents } from './cron-job-events.js';
import { dueTime, type Next, nextLook } from './due.js';
import { reviewActive, superfluousJobs, withActive } from './history.js';
import { jobFor, planRun } from './plan.js';

export interface CronJobReconcilerOptions {
  readonly cronJobs: SharedInformer<CronJob>;
  readonly cronJobClient: ResourceClient<CronJob>;
  readonly jobs: SharedInformer<Job>;
  readonly jobClient: ResourceClient<Job>;
  readonly recorder: EventRecorder;
}

/** The times of a CronJob's schedule; undefined where it cannot be read, which is told. */
export function timesOf({ spec }: CronJob, events?: CronJobEvents): Next | undefined {
  const { schedule, timeZone } = spec;
  if (schedule.includes('TZ')) events?.zoneInSchedule(schedule);
  let parsed: Schedule;
  try {
    parsed = parseSchedule(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleError)) throw error;
    events?.unreadable(schedule, error.message);
    return undefined;
  }
  return (after) => nextTime(parsed, after, timeZone);
}

function referenceTo({ apiVersion, kind, metadata }: Job): ObjectReference {
  const { name, namespace, uid, resourceVersion } = metadata;
  return { apiVersion, kind, name, namespace, uid, resourceVersion };
}

const nameOf = ({ metadata: { name = '', namespace } }: Job | CronJob) => ({ name, namespace });

/** What a look comes to: the status as it is to be, and when to look again. */
interface Look {
  readonly status: CronJobStatus;
  readonly again?: number | undefined;
  readonly error?: unknown;
}

/** Behaves as kubernetes pkg/controller/cronjob/cronjob_controllerv2.go. */
export class CronJobReconciler implements Reconciler {
  constructor(private readonly options: CronJobReconcilerOptions) {}

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const { cronJobs, jobs, recorder } = this.options;
    const cron = cronJobs.get(key);
    if (!cron) return done;
    const events = new CronJobEvents(recorder, cron);
    const children = controlledBy(jobs, cron.metadata.uid ?? '');
    await this.remove(ctx, superfluousJobs(cron, children), events);
    const status = await this.review(ctx, cron, children, events);
    const look = await this.look(ctx, { ...cron, status }, status, events);
    await this.writeStatus(ctx, cron, look.status);
    if (look.error !== undefined) throw look.error;
    return look.again === undefined ? done : againAt(look.again);
  }

  /** Brings the list of active Jobs up to what there is. */
  private async review(
    ctx: Context,
    cron: CronJob,
    children: readonly Job[],
    events: CronJobEvents,
  ): Promise<CronJobStatus> {
    const { status, completed, unexpected, unseen } = reviewActive(cron, children);
    for (const job of completed) events.completed(job);
    for (const job of unexpected) events.unexpected(job);
    const gone = new Set<string | undefined>();
    for (const { name = '', namespace, uid } of unseen) {
      const found = await ignoreNotFound(this.options.jobClient.get(ctx, { name, namespace }));
      if (found?.metadata.uid === uid) continue;
      events.missing(name);
      gone.add(uid);
    }
    return gone.size === 0
      ? status
      : withActive(
          status,
          (status.active ?? []).filter(({ uid }) => !gone.has(uid)),
        );
  }

  private async look(ctx: Context, cron: CronJob, status: CronJobStatus, events: CronJobEvents): Promise<Look> {
    const { timeZone, suspend } = cron.spec;
    if (cron.metadata.deletionTimestamp) return { status };
    if (timeZone !== undefined && !isTimeZone(timeZone)) events.unknownZone(timeZone);
    if (suspend || (timeZone !== undefined && !isTimeZone(timeZone))) return { status };
    const next = timesOf(cron, events);
    if (!next) return { status };
    const now = ctx.clock.now();
    const { time, many } = dueTime(cron, now, next);
    if (time === undefined) return { status, again: nextLook(cron, now, next) };
    if (many) events.tooManyMissed();
    const run = await this.run(ctx, cron, status, time, events);
    return { ...run, again: nextLook({ ...cron, status: run.status }, now, next) };
  }

  private async run(
    ctx: Context,
    cron: CronJob,
    status: CronJobStatus,
    time: number,
    events: CronJobEvents,
  ): Promise<Look> {
    const plan = planRun(cron, status, time, ctx.clock.now());
    if (plan.kind === 'too late') events.missed(time);
    if (plan.kind === 'another runs') events.alreadyActive();
    if (plan.kind !== 'run') return { status };
    let left = status;
    try {
      if (plan.replaces) left = await this.replace(ctx, status, events);
      const job = await this.create(ctx, cron, time, events);
      if (!job) return { status: left };
      const active = [...(left.active ?? []).filter(({ uid }) => uid !== job.metadata.uid), referenceTo(job)];
      return { status: { ...withActive(left, active), lastScheduleTime: formatTime(time) } };
    } catch (error) {
      return { status: left, error };
    }
  }

  /** Those that still run make room. */
  private async replace(ctx: Context, status: CronJobStatus, events: CronJobEvents): Promise<CronJobStatus> {
    for (const { name = '', namespace, uid } of status.active ?? []) {
      const job = await ignoreNotFound(this.options.jobClient.get(ctx, { name, namespace }));
      if (job?.metadata.uid !== uid) continue;
      const { error } = await this.remove(ctx, [job as Job], events);
      if (error !== undefined) throw error;
    }
    return withActive(status, []);
  }

  /** Undefined where somebody else has taken the name. */
  private async create(ctx: Context, cron: CronJob, time: number, events: CronJobEvents): Promise<Job | undefined> {
    const { jobClient, jobs } = this.options;
    const body = jobFor(cron, time);
    try {
      const job = await jobClient.create(ctx, body);
      await jobs.waitFor(ctx, job.metadata.resourceVersion ?? '0');
      events.created(job);
      return job;
    } catch (error) {
      if (isAlreadyExists(error)) {
        const found = await jobClient.get(ctx, nameOf(body));
        return isControlledBy(found, cron) ? found : undefined;
      }
      if (!statusCause(error, 'NamespaceTerminating')) events.failedCreate(error);
      throw error;
    }
  }

  private async remove(ctx: Context, doomed: readonly Job[], events: CronJobEvents): Promise<{ error?: unknown }> {
    const outcome: { error?: unknown } = {};
    for (const job of doomed) {
      const options = { propagationPolicy: 'Background' as const, preconditions: { uid: job.metadata.uid } };
      try {
        await this.options.jobClient.delete(ctx, nameOf(job), options);
        events.deleted(job);
      } catch (error) {
        events.failedDelete(error);
        outcome.error = error;
      }
    }
    return outcome;
  }

  private async writeStatus(ctx: Context, cron: CronJob, status: CronJobStatus): Promise<void> {
    if (semanticEqual(cron.status ?? {}, status)) return;
    const written = await this.options.cronJobClient.updateStatus(ctx, { ...cron, status });
    await this.options.cronJobs.waitFor(ctx, written.metadata.resourceVersion ?? '0');
  }
}
