import type { Pod, PodStatus } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';
import type { PodSource } from '../pod/source.js';

/** Where a Pod's status goes: to the API server, as soon as there is one. */
export interface StatusSink {
  set(pod: Pod, status: PodStatus, source: PodSource): void;
  /** The Pod's object as it is now: what somebody else made of what this node says is said again. */
  seen(pod: Pod): void;
  /** The Pod has ended on this node and its object may go. Resolves when it has gone, or there is none. */
  finish(ctx: Context, pod: Pod, source: PodSource): Promise<void>;
  forget(pod: Pod): void;
}
