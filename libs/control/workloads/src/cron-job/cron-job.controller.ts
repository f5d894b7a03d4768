import type { CronJob, Job } from '@binnacle/apis-kubernetes/batch/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  type Controller,
  controllerKey,
  createController,
  createEventRecorder,
  fromChanges,
  fromMapped,
  type Source,
} from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { Context } from '@binnacle/machinery-context';
import type { ControllerDeps } from '../controller-deps.js';
import { indexByOwner } from '../pods/ownership.js';
import { CronJobReconciler, timesOf } from './cron-job.reconciler.js';
import { nextLook } from './due.js';

const scheduleOf = ({ spec }: CronJob) => `${spec.timeZone ?? ''} ${spec.schedule}`;

/** A new schedule counts from now on: what it would have done before nobody waits for. */
function fromCronJobs(ctx: Context, cronJobs: SharedInformer<CronJob>): Source {
  return fromChanges(cronJobs, (cron, old, enqueue, deleted) => {
    if (deleted || !old || scheduleOf(old) === scheduleOf(cron)) return enqueue(keyOf(cron));
    const now = ctx.clock.now();
    const next = timesOf(cron);
    const again = next && nextLook(cron, now, next);
    if (again === undefined) enqueue(keyOf(cron));
    else enqueue.after(keyOf(cron), again - now);
  });
}

/** Makes Jobs at their times. */
export function cronJobController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const jobs = informers.for<Job>(refs.jobs);
  indexByOwner(jobs);
  const cronJobs = informers.for<CronJob>(refs.cronjobs);
  return createController({
    name: 'cronjob',
    reconciler: new CronJobReconciler({
      cronJobs,
      cronJobClient: client.resource<CronJob>(refs.cronjobs),
      jobs,
      jobClient: client.resource<Job>(refs.jobs),
      recorder: createEventRecorder(ctx, client, { component: 'cronjob-controller' }),
    }),
    sources: [fromCronJobs(ctx, cronJobs), fromMapped(jobs, controllerKey(refs.cronjobs.kind))],
  });
}
