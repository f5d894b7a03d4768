import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { EventRecorder } from '@binnacle/client-controller';
import type { Writer } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { ClusterCache } from '../cache/cluster-cache.js';
import type { PodInfo } from '../pod/pod-info.js';
import type { QueuedPod } from '../queue/queued-pod.js';
import type { SchedulingQueue } from '../queue/scheduling-queue.js';
import { reportUnscheduled, type UnscheduledReason } from './pod-status.js';

/** Why an attempt came to nothing. */
export interface Failure {
  readonly reason: UnscheduledReason;
  readonly message: string;
  /** The plugins that would not have it. */
  readonly rejectedBy: ReadonlySet<string>;
  /** Where room is kept for the Pod; null where none is any more, undefined where nothing has changed. */
  readonly nominated: string | null | undefined;
  /** What was written of that during the attempt, and may not have come back yet. */
  readonly nominatedBefore?: string;
}

export interface FailureParts {
  readonly cache: ClusterCache;
  readonly queue: SchedulingQueue;
  readonly pods: Pick<Writer<Pod>, 'patch'>;
}

/** More an Event does not hold, in characters. */
const LONGEST_NOTE = 1024;
const ELLIPSIS = ' ...';

const truncated = (text: string): string =>
  text.length <= LONGEST_NOTE ? text : `${text.slice(0, LONGEST_NOTE - ELLIPSIS.length)}${ELLIPSIS}`;

/** An attempt that something other than a node made fail. */
export function errorOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  return { reason: 'SchedulerError', message, rejectedBy: new Set(), nominated: null };
}

/** Puts Pods back into the queue and tells why. Behaves as kubernetes pkg/scheduler handleSchedulingFailure. */
export class Failures {
  constructor(private readonly parts: FailureParts) {}

  /** A Pod that has gone meanwhile, or was bound, is let go. */
  handle(ctx: Context, queued: QueuedPod, failure: Failure, recorder: EventRecorder): void {
    const { queue, pods } = this.parts;
    const { info } = queued;
    if (ctx.signal.aborted || !queue.has(info.uid)) return;
    if (failure.reason === 'Unschedulable') queue.putUnschedulable(queued, failure.rejectedBy);
    else {
      ctx.logger.warn('cannot schedule', { pod: info.key, error: failure.message });
      queue.putBack(queued);
    }
    this.nominate(info, failure.nominated);
    recorder.event(info.pod, 'Warning', 'FailedScheduling', truncated(failure.message));
    reportUnscheduled(ctx, pods, info, failure).catch((error: unknown) => {
      if (!ctx.signal.aborted) ctx.logger.warn('cannot report', { pod: info.key, error });
    });
  }

  private nominate(info: PodInfo, nominated: Failure['nominated']): void {
    const { nominations } = this.parts.cache;
    const node = nominated === undefined ? info.pod.status?.nominatedNodeName : nominated;
    if (node) nominations.set(info, node);
    else if (nominated === null) nominations.delete(info.uid);
  }
}
