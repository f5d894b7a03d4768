import type { Job } from '@binnacle/apis-kubernetes/batch/v1';
import { isFinished } from '@binnacle/apis-kubernetes/batch/v1/job';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { type Controller, createController, done, fromChanges, type Source } from '@binnacle/client-controller';
import { keyOf, type SharedInformer, splitKey } from '@binnacle/client-informers';
import { controllerOf, ignoreNotFound } from '@binnacle/machinery-meta';
import type { ControllerDeps } from '../controller-deps.js';
import { controlledBy, indexByOwner, withoutFinalizerPatch } from '../pods/ownership.js';
import { isTracked } from './job-state.js';
import { isManagedElsewhere } from './managed-by.js';

/** Whether nobody will count the end of a Pod any more. `find` answers the Job under a key. */
export function isForgotten(pod: Pod, find: (key: string) => Job | undefined): boolean {
  if (!isTracked(pod)) return false;
  const owner = controllerOf(pod);
  if (!owner) return true;
  if (owner.kind !== refs.jobs.kind || owner.apiVersion !== 'batch/v1') return false;
  const job = find(`${pod.metadata.namespace}/${owner.name}`);
  if (job?.metadata.uid !== owner.uid) return true;
  return isFinished(job as Job) && !isManagedElsewhere(job as Job);
}

function fromJobs(jobs: SharedInformer<Job>, pods: SharedInformer<Pod>): Source {
  return fromChanges(jobs, (job, _, enqueue, deleted) => {
    if (!deleted && !isFinished(job)) return;
    for (const pod of controlledBy(pods, job.metadata.uid ?? '')) if (isTracked(pod)) enqueue(keyOf(pod));
  });
}

/** Pods that may have lost their Job: those there are at first, without an owner, or on their way out. */
function fromPods(pods: SharedInformer<Pod>): Source {
  return fromChanges(pods, (pod, old, enqueue, deleted) => {
    const mayBe = !old || pod.metadata.deletionTimestamp !== undefined || !controllerOf(pod);
    if (!deleted && isTracked(pod) && mayBe) enqueue(keyOf(pod));
  });
}

/** Lets go of Pods whose Job has finished or is no more. Behaves as kubernetes pkg/controller/job syncOrphanPod. */
export function orphanPodsController({ client, informers }: ControllerDeps): Controller {
  const pods = informers.for<Pod>(refs.pods);
  indexByOwner(pods);
  const jobs = informers.for<Job>(refs.jobs);
  const podClient = client.resource<Pod>(refs.pods);
  return createController({
    name: 'job-orphan-pods',
    reconciler: {
      reconcile: async (ctx, key) => {
        const pod = pods.get(key);
        if (!pod || !isForgotten(pod, (job) => jobs.get(job))) return done;
        const metadata = { uid: pod.metadata.uid, ...withoutFinalizerPatch(JOB_TRACKING_FINALIZER) };
        await ignoreNotFound(podClient.patch(ctx, splitKey(key), 'strategic', { metadata }));
        return done;
      },
    },
    sources: [fromPods(pods), fromJobs(jobs, pods)],
  });
}
