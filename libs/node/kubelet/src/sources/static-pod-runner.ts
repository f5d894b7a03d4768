import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_STOP_ORDER } from '@binnacle/apis-kubernetes/well-known';
import type { Context } from '@binnacle/machinery-context';
import type { RuntimeService } from '@binnacle/node-cri';
import { podUid } from '../pod/identity.js';
import { removeOrphans } from '../worker/orphans.js';
import type { PodWorkers } from '../worker/pod-workers.js';
import { StaticPodSource } from './static-pods.js';

const orderOf = (pod: Pod): number => Number(pod.metadata?.annotations?.[ANNOTATION_STOP_ORDER] ?? 0);

export interface StaticPodOptions {
  readonly directory: string;
  readonly nodeName: string;
  readonly runtime: RuntimeService;
  readonly workers: PodWorkers;
  /** Told when the set of static Pods changed. */
  readonly changed: () => void;
}

/** Runs the static Pods of a node, which needs no API server: they may well be the API server. */
export class StaticPodRunner {
  private readonly source: StaticPodSource;
  private begun = false;
  private stopping = false;

  constructor(private readonly options: StaticPodOptions) {
    this.source = new StaticPodSource(options.directory, options.nodeName, {
      updated: (pod) => this.update(pod),
      removed: (uid) => {
        options.workers.stop(uid, { gone: true }, 'file');
        options.changed();
      },
    });
  }

  get pods(): readonly Pod[] {
    return this.source.pods;
  }

  /** Takes over what an earlier run left running, ends what has no manifest any more, then runs the rest. */
  async start(ctx: Context): Promise<void> {
    await this.source.start(ctx);
    const uids = this.pods.map(podUid);
    await removeOrphans(ctx, this.options.runtime, (uid) => uids.includes(uid));
    this.begun = true;
    for (const pod of this.pods) this.update(pod);
  }

  /** Stops all static Pods, those with a higher stop order later, each with its own grace. */
  async stopAll(): Promise<void> {
    this.stopping = true;
    const { workers } = this.options;
    const orders = [...new Set(this.pods.map(orderOf))].sort((a, b) => a - b);
    for (const order of orders) {
      const uids = this.pods.filter((pod) => orderOf(pod) === order).map(podUid);
      for (const uid of uids) workers.stop(uid, { gone: true }, 'file');
      await workers.gone(uids);
    }
  }

  private update(pod: Pod): void {
    if (!this.begun || this.stopping) return;
    this.options.workers.update(pod, 'file');
    this.options.changed();
  }
}
