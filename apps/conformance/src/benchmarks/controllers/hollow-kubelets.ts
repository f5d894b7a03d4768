import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';

const JOB_NAME = 'batch.kubernetes.io/job-name';
const AT_ONCE = 16;
const READY = ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type) => ({ type, status: 'True' }));
const DONE = READY.map((one) =>
  one.type.endsWith('Ready') ? { ...one, status: 'False', reason: 'PodCompleted' } : one,
);

/** What a kubelet would say of a Pod whose containers start in no time, and end in none if they are a Job's. */
const statusOf = ({ metadata }: Pod): Pod['status'] =>
  metadata.labels?.[JOB_NAME] ? { phase: 'Succeeded', conditions: DONE } : { phase: 'Running', conditions: READY };

/** Says of every Pod that it runs: controllers are measured, not nodes. */
export class HollowKubelets {
  /** Requests that changed something. */
  writes = 0;
  private readonly ending = new AbortController();
  private readonly ctx: Context;
  private readonly queue: Pod[] = [];
  private free = AT_ONCE;

  constructor(
    ctx: Context,
    private readonly client: KubeClient,
  ) {
    this.ctx = { ...ctx, signal: this.ending.signal };
  }

  /** Works until it is told to stop. Resolves as soon as it sees Pods that are made. */
  async start(): Promise<void> {
    const { metadata } = await this.client.metadata(refs.pods).list(this.ctx, { limit: 1 });
    void this.follow(metadata.resourceVersion ?? '').catch((error: unknown) => {
      if (!this.ending.signal.aborted) throw error;
    });
  }

  stop(): void {
    this.ending.abort(new Error('the kubelets stop'));
  }

  private async follow(resourceVersion: string): Promise<void> {
    const query = { resourceVersion, timeoutSeconds: 3_600 };
    for await (const { type, object } of this.client.resource<Pod>(refs.pods).watch(this.ctx, query)) {
      if (type === 'ADDED' && !object.metadata.deletionTimestamp) this.take(object);
    }
  }

  private take(pod: Pod): void {
    this.queue.push(pod);
    if (this.free === 0) return;
    this.free -= 1;
    void this.work().finally(() => {
      this.free += 1;
    });
  }

  private async work(): Promise<void> {
    for (let pod = this.queue.shift(); pod; pod = this.queue.shift()) await this.tell(pod);
  }

  private async tell(pod: Pod): Promise<void> {
    const { name = '', namespace = '' } = pod.metadata;
    const pods = this.client.resource<Pod>(refs.pods);
    this.writes += 1;
    await pods
      .patch(this.ctx, { name, namespace }, 'merge', { status: statusOf(pod) }, 'status')
      .catch((error: unknown) => {
        // Gone again already.
        if (!isNotFound(error) && !this.ending.signal.aborted) throw error;
      });
  }
}
