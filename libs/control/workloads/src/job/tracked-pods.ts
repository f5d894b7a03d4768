import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { JOB_TRACKING_FINALIZER } from '@binnacle/apis-kubernetes/well-known';
import { settleBounded } from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isInvalid, type KubeObject, statusCause } from '@binnacle/machinery-meta';
import { withoutFinalizerPatch } from '../pods/ownership.js';
import type { PodEvents } from '../pods/pod-events.js';
import { slowStartEach } from '../pods/slow-start.js';
import { isTracked } from './job-state.js';

const PARALLEL = 32;

/** What became of Pods: those of which it was done, and the first failure. */
export interface Done {
  readonly pods: readonly Pod[];
  readonly error?: unknown;
}

export interface TrackedPodsOptions {
  readonly informer: SharedInformer<Pod>;
  readonly client: ResourceClient<Pod>;
  readonly events: PodEvents;
}

const nameOf = ({ metadata: { name = '', namespace } }: Pod) => ({ name, namespace });

/** Makes, deletes and lets go of Pods; every answer waits until the local copy has what was written. */
export class TrackedPods {
  constructor(private readonly options: TrackedPodsOptions) {}

  /** More and more at once, so that what cannot be made is tried once and not hundreds of times. */
  async create(ctx: Context, job: KubeObject, bodies: readonly Pod[]): Promise<Done> {
    const { client, informer, events } = this.options;
    const { made, error } = await slowStartEach(bodies, (body) => client.create(ctx, body));
    for (const pod of made) events.created(job, pod.metadata.name ?? '');
    const newest = made.reduce((most, { metadata }) => Math.max(most, Number(metadata.resourceVersion)), 0);
    await informer.waitFor(ctx, String(newest));
    if (error === undefined || statusCause(error, 'NamespaceTerminating')) return { pods: made };
    events.failedCreate(job, error);
    return { pods: made, error };
  }

  /** Those that are deleted with their Job stay until they have been counted. */
  async delete(ctx: Context, job: KubeObject, pods: readonly Pod[]): Promise<Done> {
    const { events } = this.options;
    const done = await each(
      pods,
      (pod) => this.deleteOne(ctx, pod),
      (error) => events.failedDelete(job, error),
    );
    for (const pod of done.pods) events.deleted(job, pod.metadata.name ?? '');
    return done;
  }

  /** Those that are too many go without being counted. */
  async discard(ctx: Context, job: KubeObject, pods: readonly Pod[]): Promise<Done> {
    const released = await this.release(ctx, pods);
    const deleted = await this.delete(ctx, job, released.pods);
    return released.error === undefined ? deleted : { ...deleted, error: released.error };
  }

  release(ctx: Context, pods: readonly Pod[]): Promise<Done> {
    return each(pods, (pod) => this.releaseOne(ctx, pod));
  }

  private async releaseOne(ctx: Context, pod: Pod): Promise<void> {
    if (!isTracked(pod)) return;
    const { uid } = pod.metadata;
    const patch = { metadata: { uid, ...withoutFinalizerPatch(JOB_TRACKING_FINALIZER) } };
    try {
      await ignoreNotFound(this.options.client.patch(ctx, nameOf(pod), 'strategic', patch));
    } catch (error) {
      // Made again under the same name: it is not this one any more.
      if (!isInvalid(error)) throw error;
    }
    await this.seen(ctx, pod, (now) => !isTracked(now));
  }

  private async deleteOne(ctx: Context, pod: Pod): Promise<void> {
    const { uid } = pod.metadata;
    await ignoreNotFound(this.options.client.delete(ctx, nameOf(pod), { preconditions: { uid } }));
    await this.seen(ctx, pod, (now) => now.metadata.deletionTimestamp !== undefined);
  }

  private seen(ctx: Context, pod: Pod, holds: (pod: Pod) => boolean): Promise<void> {
    const isAnother = (now: Pod | undefined): now is undefined => now?.metadata.uid !== pod.metadata.uid;
    return this.options.informer.waitForObject(ctx, keyOf(pod), (now) => isAnother(now) || holds(now));
  }
}

async function each(
  pods: readonly Pod[],
  act: (pod: Pod) => Promise<void>,
  failed: (error: unknown) => void = () => undefined,
): Promise<Done> {
  const results = await settleBounded(pods, PARALLEL, act);
  const refusals = results.filter((result) => result.status === 'rejected');
  for (const { reason } of refusals) failed(reason);
  const done = pods.filter((_, index) => results[index]?.status === 'fulfilled');
  return { pods: done, ...(refusals.length > 0 && { error: refusals[0]?.reason ?? new Error('refused') }) };
}
