import { type ClusterEvent, eventLabel } from '../framework/cluster-event.js';
import type { PostFilterResult } from '../framework/plugin.js';
import type { QueuedPod } from '../queue/queued-pod.js';
import type { Arrival, Attempt } from './attempt.js';
import { preemptionRecord } from './preemption-record.js';

const MICROSECONDS = 1_000_000;

/** Whose attempt has ended, and how many seconds it took. */
export interface EndedAttempt {
  readonly queued: QueuedPod;
  readonly profile: string;
  readonly seconds: number;
}

/** How it ended. */
export interface AttemptEnd extends Pick<Attempt, 'result' | 'node' | 'message' | 'findings'> {
  /** What was done about a Pod that no node could take. */
  readonly postFilter?: PostFilterResult | undefined;
}

/** `Node/worker-1`, `Pod/shop/web-0`. */
function objectOf({ resource, current, old }: ClusterEvent): string | undefined {
  const object = current ?? old;
  if (!object) return undefined;
  const key =
    'key' in object ? object.key : [object.metadata.namespace, object.metadata.name].filter(Boolean).join('/');
  return `${resource}/${key}`;
}

/** An event that helped says more than that the Pod has rested after it. */
function arrivalOf({ attempts, firstReady, timestamp, why, cause }: QueuedPod): Arrival {
  const object = cause && objectOf(cause);
  return {
    attempt: attempts,
    since: firstReady ?? timestamp,
    event: cause ? eventLabel(cause) : why,
    ...(object !== undefined && { object }),
  };
}

function victimOf(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

function preemptionOf({ nominated, victims, reasons }: PostFilterResult): Attempt['preemption'] {
  return preemptionRecord({
    ...(nominated && { node: nominated }),
    victims: (victims ?? []).map(victimOf),
    message: reasons.join(', '),
  });
}

/** What there is to tell of an attempt. */
export function attemptOf({ queued, profile, seconds }: EndedAttempt, { postFilter, ...end }: AttemptEnd): Attempt {
  return {
    pod: queued.info,
    scheduler: profile,
    arrival: arrivalOf(queued),
    microseconds: seconds * MICROSECONDS,
    ...end,
    ...(postFilter && { preemption: preemptionOf(postFilter) }),
  };
}
