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
/** So many may be remembered before those are looked for who do not wait any more. */
const MOST_REMEMBERED = 1_000;
const PLUGIN = 'DefaultPreemption';

/** Ends victims in the background. Behaves as kubernetes pkg/scheduler/framework/preemption executor.go. */
export class PreemptionExecutor {
  /** By uid, those for whom room is being made; with the victims once all but the last are told to go. */
  private readonly running = new Map<string, readonly PodInfo[] | undefined>();

  private readonly turns = new Turns(PREEMPTIONS_AT_ONCE);

  constructor(
    private readonly pods: Pick<Writer<Pod>, 'patch' | 'delete'>,
    private readonly parts: Parts,
  ) {}

  /**
   * Whether room is still being made for the Pod: not any more when all victims are seen to go. Whoever tried again before would
   * find the node as full as it was, and end others.
   */
  isRunning(uid: string): boolean {
    if (!this.running.has(uid)) return false;
    const victims = this.running.get(uid);
    if (!victims || victims.some((victim) => this.isStanding(victim))) return true;
    this.running.delete(uid);
    return false;
  }

  /** The Pod is not tried again until this is done; where it fails, it is after a pause. */
  begin(ctx: Context, pod: PodInfo, candidate: Candidate): void {
    const { parts, running } = this;
    const victims = candidate.victims.filter((victim) => !victim.pod.metadata.deletionTimestamp);
    if (victims.length === 0) return;
    parts.shared.instruments.preempted(candidate.victims.length);
    if (running.size > MOST_REMEMBERED) for (const uid of running.keys()) this.isRunning(uid);
    running.set(pod.uid, undefined);
    void this.turns
      .take(() => this.preempt(ctx, pod, candidate.node, victims))
      .then(
        // What the Pod waited for may have come before it was allowed to notice; else it is still to come, and wakes it.
        () => this.isRunning(pod.uid) || parts.recheck(pod.uid),
        (error: unknown) => {
          running.delete(pod.uid);
          parts.retry(pod.uid);
          if (!ctx.signal.aborted) ctx.logger.warn('cannot preempt', { pod: pod.key, node: candidate.node, error });
        },
      );
  }

  /** Whether a Pod is where it was, as far as is known, and nobody told it to go. */
  private isStanding({ uid }: PodInfo): boolean {
    const there = this.parts.shared.cluster.placementOf(uid);
    return there !== undefined && there.pod.pod.metadata.deletionTimestamp === undefined;
  }

  private async preempt(ctx: Context, pod: PodInfo, node: string, victims: readonly PodInfo[]): Promise<void> {
    await this.clearLower(ctx, pod, node);
    const last = victims.at(-1) as PodInfo;
    const others = victims.slice(0, -1);
    const told = await Promise.all(others.map((victim) => this.evict(ctx, victim, pod, node)));
    const leaving = others.filter((_, at) => told[at]);
    this.running.set(pod.uid, [...leaving, last]);
    const isLastTold = await this.evict(ctx, last, pod, node);
    this.running.set(pod.uid, isLastTold ? [...leaving, last] : leaving);
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

  /** Answers whether the victim is to be seen going: not one that had gone, or that was nowhere yet. */
  private async evict(ctx: Context, victim: PodInfo, pod: PodInfo, node: string): Promise<boolean> {
    const inMemory = this.stopped(victim);
    if (!inMemory && !(await this.deleted(ctx, victim))) return false;
    ctx.logger.info('preempted', { pod: victim.key, by: pod.key, node });
    const where = inMemory ? ' (in kube-scheduler memory).' : '';
    const message = `Preempted by pod ${pod.uid} on node ${node}${where}`;
    this.parts.recorder.event(victim.pod, 'Normal', 'Preempted', message);
    return !inMemory;
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
