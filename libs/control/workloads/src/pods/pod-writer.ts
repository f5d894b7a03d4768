import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { settleBounded } from '@binnacle/client-controller';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound, type KubeObject, statusCause } from '@binnacle/machinery-meta';
import type { PodEvents } from './pod-events.js';
import { slowStartEach } from './slow-start.js';

const PARALLEL_DELETES = 32;

/** Makes and deletes the Pods of an owner, tells of it, and waits until the local copy has what was written. */
export class PodWriter {
  constructor(
    private readonly informer: SharedInformer<Pod>,
    private readonly client: ResourceClient<Pod>,
    private readonly events: PodEvents,
  ) {}

  /** Answers what went wrong; a namespace on its way out is nothing wrong. */
  async create(ctx: Context, owner: KubeObject, pods: readonly Pod[]): Promise<unknown> {
    const { made, error } = await slowStartEach(pods, (pod) => this.client.create(ctx, pod));
    for (const pod of made) this.events.created(owner, pod.metadata.name ?? '');
    const newest = made.reduce((most, { metadata }) => Math.max(most, Number(metadata.resourceVersion)), 0);
    await this.informer.waitFor(ctx, String(newest));
    if (error === undefined || statusCause(error, 'NamespaceTerminating')) return undefined;
    this.events.failedCreate(owner, error);
    return error;
  }

  /** Answers the first thing that went wrong. */
  async delete(ctx: Context, owner: KubeObject, doomed: readonly Pod[]): Promise<unknown> {
    const results = await settleBounded(doomed, PARALLEL_DELETES, (pod) => this.deleteOne(ctx, pod));
    for (const [index, result] of results.entries()) {
      if (result.status === 'fulfilled') this.events.deleted(owner, doomed[index]?.metadata.name ?? '');
      else this.events.failedDelete(owner, result.reason);
    }
    return results.find((result) => result.status === 'rejected')?.reason;
  }

  /** Waits until the local copy knows, so that the next look does not delete another in its place. */
  private async deleteOne(ctx: Context, pod: Pod): Promise<void> {
    const { name = '', namespace, uid } = pod.metadata;
    try {
      await this.client.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const going = (now?: Pod) => now?.metadata.uid !== uid || now?.metadata.deletionTimestamp !== undefined;
    await this.informer.waitForObject(ctx, keyOf(pod), going);
  }
}
