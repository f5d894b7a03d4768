import type { Pod, PodCondition } from '@binnacle/apis-kubernetes/core/v1';
import type { Writer } from '@binnacle/client-rest';
import { type Context, formatTime } from '@binnacle/machinery-context';
import { ignoreNotFound, isNotFound } from '@binnacle/machinery-meta';
import type { Handle } from '../../framework/handle.js';
import type { PodInfo } from '../../pod/pod-info.js';
import { Turns } from './turns.js';
import type { Candidate } from './victims.js';

type Parts = Pick<Handle, 'profileName' | 'recorder' | 'shared' | 'retry' | 'recheck'>;

/** Pods for whom room is made at once: enough to keep an API server busy. */
const PREEMPTIONS_AT_ONCE = 32;
const PLUGIN = 'DefaultPreemption';

/** Ends victims in the background. Behaves as kubernetes pkg/scheduler/framework/preemption executor.go. */
export class PreemptionExecutor {
  /** By uid, those for whom room is being made; with the last victim once the others are on their way out. */
  private readonly running = new Map<string, PodInfo | undefined>();

  private readonly turns = new Turns(PREEMPTIONS_AT_ONCE);

  constructor(
    private readonly pods: Pick<Writer<Pod>, 'patch' | 'delete'>,
    private readonly parts: Parts,
  ) {}

  /** Whether room is still being made for the Pod; not any more when the last victim has been told to go. */
  isRunning(uid: string): boolean {
    if (!this.running.has(uid)) return false;
    const last = this.running.get(uid);
    if (!last) return true;
    const there = this.parts.shared.cluster.placementOf(last.uid);
    return there !== undefined && there.pod.pod.metadata.deletionTimestamp === undefined;
  }

  /** The Pod is not tried again until this is done; where it fails, it is after a pause. */
  begin(ctx: Context, pod: PodInfo, candidate: Candidate): void {
    const { parts, running } = this;
    const victims = candidate.victims.filter((victim) => !victim.pod.metadata.deletionTimestamp);
    if (victims.length === 0) return;
    parts.shared.instruments.preempted(candidate.victims.length);
    running.set(pod.uid, undefined);
    void this.turns
      .take(() => this.preempt(ctx, pod, candidate.node, victims))
      .finally(() => running.delete(pod.uid))
      .then(
        // What the Pod waited for may have come before it was allowed to notice.
        () => parts.recheck(pod.uid),
        (error: unknown) => {
          parts.retry(pod.uid);
          if (!ctx.signal.aborted) ctx.logger.warn('cannot preempt', { pod: pod.key, node: candidate.node, error });
        },
      );
  }

  private async preempt(ctx: Context, pod: PodInfo, node: string, victims: readonly PodInfo[]): Promise<void> {
    await this.clearLower(ctx, pod, node);
    const last = victims.at(-1) as PodInfo;
    await Promise.all(victims.slice(0, -1).map((victim) => this.evict(ctx, victim, pod, node)));
    this.running.set(pod.uid, last);
    await this.evict(ctx, last, pod, node);
  }

  /** Who comes after the Pod and was promised the same node looks for another. */
  private async clearLower(ctx: Context, pod: PodInfo, node: string): Promise<void> {
    const lower = [...this.parts.shared.cluster.nominations.on(node)].filter(({ priority }) => priority < pod.priority);
    const patch = { status: { nominatedNodeName: null } };
    await Promise.all(
      lower.map(({ name, namespace, key }) =>
        ignoreNotFound(this.pods.patch(ctx, { name, namespace }, 'strategic', patch, 'status')).catch(
          (error: unknown) => ctx.logger.warn('cannot withdraw a nomination', { pod: key, error }),
        ),
      ),
    );
  }

  private async evict(ctx: Context, victim: PodInfo, pod: PodInfo, node: string): Promise<void> {
    const inMemory = this.stopped(victim);
    if (!inMemory && !(await this.deleted(ctx, victim))) return;
    ctx.logger.info('preempted', { pod: victim.key, by: pod.key, node });
    const where = inMemory ? ' (in kube-scheduler memory).' : '';
    const message = `Preempted by pod ${pod.uid} on node ${node}${where}`;
    this.parts.recorder.event(victim.pod, 'Normal', 'Preempted', message);
  }

  /** One that this scheduler has not bound yet only goes back into the queue. */
  private stopped({ uid }: PodInfo): boolean {
    const { waitingPods, preBinding } = this.parts.shared;
    const waiting = waitingPods.get(uid);
    if (waiting) return waiting.preempt(PLUGIN, 'preempted');
    return preBinding.get(uid)?.(`preempted by ${PLUGIN}`) ?? false;
  }

  /** Answers false where it had gone. */
  private async deleted(ctx: Context, { name, namespace, uid, pod }: PodInfo): Promise<boolean> {
    const { generation: observedGeneration } = pod.metadata;
    const condition: PodCondition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${this.parts.profileName}: preempting to accommodate a higher priority pod`,
      lastTransitionTime: formatTime(ctx.clock.now()),
      ...(observedGeneration !== undefined && { observedGeneration }),
    };
    try {
      const status = { status: { conditions: [condition] } };
      await this.pods.patch(ctx, { name, namespace }, 'strategic', status, 'status');
      await this.pods.delete(ctx, { name, namespace }, { preconditions: { uid } });
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }
}
