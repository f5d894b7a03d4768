import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, createEventRecorder, fromObjects } from '@binnacle/client-controller';
import type { Context } from '@binnacle/machinery-context';
import type { ControllerDeps } from '../controller-deps.js';
import { indexByOwner } from '../pods/ownership.js';
import { podEvents } from '../pods/pod-events.js';
import { fromPods, ownersOf } from '../pods/pod-source.js';
import { jobEvents } from './job-events.js';
import { JobReconciler } from './job.reconciler.js';
import { TrackedPods } from './tracked-pods.js';

/** Upstream's figures for what fails at the server. */
const RETRY = { firstRetry: 1_000, longestRetry: 60_000 };

/** Runs Jobs to their end. */
export function jobController(ctx: Context, { client, informers }: ControllerDeps): Controller {
  const pods = informers.for<Pod>(refs.pods);
  indexByOwner(pods);
  const jobs = informers.for<Job>(refs.jobs);
  const recorder = createEventRecorder(ctx, client, { component: 'job-controller' });
  const podClient = client.resource<Pod>(refs.pods);
  const tracked = new TrackedPods({ informer: pods, client: podClient, events: podEvents(recorder) });
  const jobClient = client.resource<Job>(refs.jobs);
  return createController({
    name: 'job',
    reconciler: new JobReconciler({ jobs, jobClient, pods, podClient, tracked, events: jobEvents(recorder) }),
    sources: [fromObjects(jobs), fromPods(pods, ownersOf(refs.jobs.kind, jobs))],
    retry: RETRY,
  });
}
