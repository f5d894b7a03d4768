import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Writer } from '@binnacle/client-rest';
import { type Context, formatTime } from '@binnacle/machinery-context';
import { ignoreNotFound } from '@binnacle/machinery-meta';
import type { NodeRejection } from '../engine/find-nodes.js';
import type { PodInfo } from '../pod/pod-info.js';
import { findPreemption } from '../plugins/default-preemption/default-preemption.js';
import type { Candidate, PreemptionView } from '../plugins/default-preemption/victims.js';

export interface PreemptorOptions {
  readonly schedulerName: string;
  /** Called with a Pod for whom room could not be made after all. */
  readonly retry: (pod: PodInfo) => void;
}

/** Makes room for Pods of higher priority. */
export class Preemptor {
  constructor(
    private readonly view: PreemptionView,
    private readonly pods: Pick<Writer<Pod>, 'patch' | 'delete'>,
    private readonly recorder: EventRecorder,
    private readonly options: PreemptorOptions,
  ) {}

  /**
   * Looks for room that can be made and, where there is some, has it made in the background. Answers what to say about it:
   * nothing when victims are on their way out.
   */
  attempt(ctx: Context, pod: PodInfo, rejections: ReadonlyMap<number, NodeRejection>): string {
    const outcome = findPreemption(pod, rejections, this.view);
    if ('message' in outcome) {
      if (!outcome.waiting) this.giveUp(ctx, pod);
      return outcome.message;
    }
    const { candidate } = outcome;
    this.view.cluster.nominations.set(pod, candidate.node);
    this.makeRoom(ctx, pod, candidate).catch((error: unknown) => {
      this.view.cluster.nominations.delete(pod.uid);
      this.options.retry(pod);
      if (!ctx.signal.aborted) ctx.logger.warn('cannot preempt', { pod: pod.key, node: candidate.node, error });
    });
    return '';
  }

  private async makeRoom(ctx: Context, pod: PodInfo, { node, victims }: Candidate): Promise<void> {
    await Promise.all(victims.map((victim) => this.evict(ctx, victim, pod, node)));
    await this.nominate(ctx, pod, node);
  }

  /** A promise that cannot be kept any more must not keep others away. */
  private giveUp(ctx: Context, pod: PodInfo): void {
    if (this.view.cluster.nominations.nodeOf(pod.uid) === undefined) return;
    this.view.cluster.nominations.delete(pod.uid);
    this.nominate(ctx, pod, null).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.warn('cannot withdraw a nomination', { pod: pod.key, error });
    });
  }

  private async nominate(ctx: Context, { name, namespace }: PodInfo, node: string | null): Promise<void> {
    const patch = { status: { nominatedNodeName: node } };
    await ignoreNotFound(this.pods.patch(ctx, { name, namespace }, 'strategic', patch, 'status'));
  }

  private async evict(ctx: Context, victim: PodInfo, pod: PodInfo, node: string): Promise<void> {
    if (victim.pod.metadata.deletionTimestamp) return;
    const { name, namespace, uid } = victim;
    const condition: PodCondition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${this.options.schedulerName}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(ctx.clock.now()),
    };
    const status = { status: { conditions: [condition] } };
    await ignoreNotFound(this.pods.patch(ctx, { name, namespace }, 'strategic', status, 'status'));
    await ignoreNotFound(this.pods.delete(ctx, { name, namespace }, { preconditions: { uid } }));
    ctx.logger.info('preempted', { pod: victim.key, by: pod.key, node });
    this.recorder.event(victim.pod, 'Normal', 'Preempted', `Preempted by pod ${pod.uid} on node ${node}`);
  }
}
