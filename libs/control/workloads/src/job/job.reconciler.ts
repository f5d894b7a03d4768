import type { Job, JobCondition, JobStatus } from '@binnacle/apis-kubernetes/batch/v1';
import { isFinished } from '@binnacle/apis-kubernetes/batch/v1/job';
import { type Backoff, nextBackoff, NO_FAILURES } from '@binnacle/apis-kubernetes/batch/v1/job-reading';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { againAt, done, type Outcome, type Reconciler } from '@binnacle/client-controller';
import { keyOf, type ObjectKey, type SharedInformer, splitKey } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { matcherFromLabelSelector } from '@binnacle/machinery-selectors';
import { claim, claimable, isStillThere, planClaims } from '../pods/ownership.js';
import { isPodReady } from '../pods/pod-state.js';
import { completionOf, deadlineOf, finishOf } from './finish.js';
import type { JobEvents } from './job-events.js';
import { isTracked, type JobState, jobState } from './job-state.js';
import { isManagedElsewhere } from './managed-by.js';
import { planPods } from './plan.js';
import { podOfJob } from './pod-of-job.js';
import {
  begun,
  finished,
  lastCondition,
  type PodCounts,
  statusDiffers,
  withAnnouncement,
  withCounts,
  withSuspension,
} from './status.js';
import type { Done, TrackedPods } from './tracked-pods.js';
import { settle, track } from './tracking.js';

export interface JobReconcilerOptions {
  readonly jobs: SharedInformer<Job>;
  readonly jobClient: ResourceClient<Job>;
  readonly pods: SharedInformer<Pod>;
  readonly podClient: ResourceClient<Pod>;
  readonly tracked: TrackedPods;
  readonly events: JobEvents;
}

/** What was done with the Pods, and what of it the status is to say. */
interface Step {
  readonly counts: PodCounts;
  readonly status: JobStatus;
  readonly finish?: JobCondition | undefined;
  readonly event?: 'Suspended' | 'Resumed' | undefined;
  readonly again?: number | undefined;
  readonly error?: unknown;
}

function countsOf({ active, ready, terminating }: JobState): PodCounts {
  return { active: active.length, ready, terminating: terminating.length };
}

function without(counts: PodCounts, gone: readonly Pod[]): PodCounts {
  const { active, ready, terminating } = counts;
  return {
    active: active - gone.length,
    ready: ready - gone.filter(isPodReady).length,
    terminating: terminating + gone.length,
  };
}

/** Behaves as kubernetes pkg/controller/job/job_controller.go. */
export class JobReconciler implements Reconciler {
  /** Failures since the last success, of the Jobs that run: as upstream they do not outlive the program. */
  private readonly backoffs = new Map<ObjectKey, { readonly uid: string | undefined; readonly backoff: Backoff }>();

  constructor(private readonly options: JobReconcilerOptions) {}

  async reconcile(ctx: Context, key: ObjectKey): Promise<Outcome> {
    const found = this.options.jobs.get(key);
    if (!found?.spec || isFinished(found)) {
      this.backoffs.delete(key);
      return done;
    }
    if (isManagedElsewhere(found)) return done;
    const pods = await this.claimPods(ctx, found);
    const state = jobState(begun(found, found.spec, ctx.clock.now()), pods);
    const backoff = nextBackoff(this.backoffOf(key, found), state.newlySucceeded, state.newlyFailed);
    const step = await this.act(ctx, state, backoff);
    await this.record(ctx, found, state, step, backoff);
    if (step.error !== undefined) throw step.error;
    const times = [step.again, step.finish ? undefined : deadlineOf(found.spec, step.status.startTime)];
    const next = times.filter((time) => time !== undefined);
    return next.length > 0 ? againAt(Math.min(...next)) : done;
  }

  private backoffOf(key: ObjectKey, { metadata }: Job): Backoff {
    const known = this.backoffs.get(key);
    return known && known.uid === metadata.uid ? known.backoff : NO_FAILURES;
  }

  private async claimPods(ctx: Context, job: Job): Promise<Pod[]> {
    const { pods, podClient, jobClient } = this.options;
    const claims = planClaims(job, matcherFromLabelSelector(job.spec?.selector), claimable(pods, job));
    const stillThere = () => isStillThere(job, () => jobClient.get(ctx, splitKey(keyOf(job))));
    return claim(ctx, podClient, job, { ...claims, finalizer: JOB_TRACKING_FINALIZER }, stillThere);
  }

  private act(ctx: Context, state: JobState, backoff: Backoff): Promise<Step> {
    const finish = finishOf(state, ctx.clock.now());
    if (finish) return this.end(ctx, state, finish);
    return this.goOn(ctx, state, backoff);
  }

  private async end(ctx: Context, state: JobState, finish: JobCondition): Promise<Step> {
    const { pods, error } = await this.options.tracked.delete(ctx, state.job, state.active);
    const step = { counts: without(countsOf(state), pods), status: state.job.status ?? {} };
    return error === undefined ? { ...step, finish } : { ...step, error };
  }

  private async goOn(ctx: Context, state: JobState, backoff: Backoff): Promise<Step> {
    const { job, spec } = state;
    const leaving = job.metadata.deletionTimestamp !== undefined;
    const step = leaving ? { counts: countsOf(state) } : await this.carryOut(ctx, state, backoff);
    const status = job.status ?? {};
    const finish = completionOf(state, step.counts.active, ctx.clock.now());
    if (finish || leaving) return { ...step, status, finish };
    return { ...step, ...withSuspension(status, spec, ctx.clock.now()) };
  }

  private async carryOut(ctx: Context, state: JobState, backoff: Backoff): Promise<Omit<Step, 'status'>> {
    const { tracked } = this.options;
    const counts = countsOf(state);
    const { remove, create, again } = planPods(state, backoff, ctx.clock.now());
    const rest = (outcome: Done) => ({ again, ...(outcome.error !== undefined && { error: outcome.error }) });
    if (remove.length > 0) {
      const removed = await tracked.discard(ctx, state.job, remove);
      return { counts: without(counts, removed.pods), ...rest(removed) };
    }
    const made = await tracked.create(
      ctx,
      state.job,
      create.map((index) => podOfJob(state, index)),
    );
    return { counts: { ...counts, active: counts.active + made.pods.length }, ...rest(made) };
  }

  /** Writes what ended, lets go of it, and then what that makes of the Job. */
  private async record(ctx: Context, found: Job, state: JobState, step: Step, backoff: Backoff): Promise<void> {
    const { tracked, events } = this.options;
    const { status, release, whole } = track(state, step.finish, withCounts(step.status, step.counts));
    const job = await this.writeStatus(ctx, found, withAnnouncement(status, step.finish));
    this.backoffs.set(keyOf(found), { uid: found.metadata.uid, backoff });
    if (step.event) events.suspension(found, step.event);
    const released = await tracked.release(ctx, release);
    const gone = new Set(released.pods);
    const left = state.pods.filter((pod) => isTracked(pod) && !gone.has(pod));
    const settled = settle(job.status ?? {}, new Set(left.map(({ metadata }) => metadata.uid ?? '')));
    if (whole && step.finish && released.error === undefined) await this.finish(ctx, job, settled, step.finish);
    else await this.writeStatus(ctx, job, settled);
    if (released.error !== undefined) throw released.error;
  }

  private async finish(ctx: Context, job: Job, settled: JobStatus, announced: JobCondition): Promise<void> {
    const last = lastCondition(announced, ctx.clock.now());
    const status = finished(settled, last);
    await this.writeStatus(ctx, job, status ?? settled);
    if (status) this.options.events.finished(job, status, last);
  }

  private async writeStatus(ctx: Context, job: Job, status: JobStatus): Promise<Job> {
    if (!statusDiffers(job.status, status)) return job;
    const written = await this.options.jobClient.updateStatus(ctx, { ...job, status });
    await this.options.jobs.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }
}
