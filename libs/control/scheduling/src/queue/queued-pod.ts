import type { ClusterEvent } from '../framework/cluster-event.js';
import type { PodInfo } from '../pod/pod-info.js';

const NONE: ReadonlySet<string> = new Set();

/** A Pod on its way to a node. */
export interface QueuedPod {
  info: PodInfo;
  /** When it came to the queue or was last put back, in milliseconds. */
  timestamp: number;
  /** When it was first ready for an attempt, in milliseconds. */
  firstReady: number | undefined;
  attempts: number;
  /** How often no node could take it. */
  refusals: number;
  /** How often in a row something else went wrong. */
  errors: number;
  /** Plugins that rejected it in the last attempt; empty after a failure that no node was to blame for. */
  rejectedBy: ReadonlySet<string>;
  /** The plugin that keeps it out of the queue. */
  gatedBy: string | undefined;
  /** The end of its back-off. */
  readyAt: number;
  /** What put it among those that are tried next: an event, the end of its rest. */
  why: string;
  /** The event that helped it since its last attempt. */
  cause: ClusterEvent | undefined;
  /** It was taken up again though nothing had happened that it hoped for. */
  flushed: boolean;
}

export function queuedPod(info: PodInfo, now: number): QueuedPod {
  return {
    info,
    timestamp: now,
    firstReady: undefined,
    attempts: 0,
    refusals: 0,
    errors: 0,
    rejectedBy: NONE,
    gatedBy: undefined,
    readyAt: 0,
    why: '',
    cause: undefined,
    flushed: false,
  };
}

/** How long a Pod rests after an attempt that came to nothing, in milliseconds. */
export interface BackoffLimits {
  readonly first: number;
  readonly longest: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { first: 1_000, longest: 10_000 };

export function backoff(failures: number, { first, longest }: BackoffLimits = DEFAULT_BACKOFF): number {
  return failures === 0 ? 0 : Math.min(first * 2 ** (failures - 1), longest);
}

/** Who rejected the Pod, those that keep it out of the queue too. */
export function rejectorsOf({ rejectedBy, gatedBy }: QueuedPod): ReadonlySet<string> {
  return gatedBy === undefined ? rejectedBy : new Set([...rejectedBy, gatedBy]);
}
