/** How one attempt ended. */
export type AttemptOutcome = 'scheduled' | 'unschedulable' | 'error';

/** How long a plugin took at an extension point, as metrics name it, and what it answered. */
export interface PluginRun {
  readonly plugin: string;
  readonly point: string;
  readonly status: 'Success' | 'Skip' | 'Unschedulable' | 'UnschedulableAndUnresolvable' | 'Wait' | 'Error';
  readonly seconds: number;
}

/** Where what metrics count is told. Behaves as kubernetes pkg/scheduler/metrics. */
export interface Instruments {
  /** Seconds from some beginning: durations are told by it, nothing else. */
  now(): number;
  attempted(outcome: AttemptOutcome, profile: string, seconds: number): void;
  /** A Pod was bound, after so many attempts and so many seconds from when it was first ready for one. */
  scheduled(attempts: number, seconds: number, flushed: boolean): void;
  ran(run: PluginRun): void;
  /** A Pod has come into a queue: why. */
  queued(queue: 'active' | 'backoff' | 'unschedulable', event: string): void;
  preemptionAttempted(): void;
  /** Room is being made for a Pod by ending so many others. */
  preempted(victims: number): void;
  /** So many seconds a Pod has waited for permission, and whether it got it. */
  waited(result: 'Success' | 'Unschedulable' | 'Error', seconds: number): void;
}

const nothing = (): void => undefined;

/** For those who measure nothing. */
export const noInstruments: Instruments = {
  now: () => 0,
  attempted: nothing,
  scheduled: nothing,
  ran: nothing,
  queued: nothing,
  preemptionAttempted: nothing,
  preempted: nothing,
  waited: nothing,
};

/** Every tenth attempt has its plugins timed, as upstream does with one in ten. */
const SAMPLE = 10;

/** Tells which attempts have their plugins timed: the first, and then every tenth. */
export function sampler(): () => boolean {
  let count = 0;
  return () => count++ % SAMPLE === 0;
}
