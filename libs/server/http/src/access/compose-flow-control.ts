import type { Clock } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import type { MetricsRegistry } from '@binnacle/process-telemetry';
import { FlowControl, observeFlowControl, reportFlowControl } from '@binnacle/server-flow-control';

/** A quarter of the time a request has, as upstream. */
const LONGEST_WAIT_MILLISECONDS = 15_000;
/** See docs/api-server.md for how these were measured. */
const DEFAULT_READS = 70;
const DEFAULT_WRITES = 30;

export interface FlowControlLimits {
  /** Requests that are served at a time, those that change nothing and those that do; only the sum counts. */
  readonly maxRequestsInflight?: number;
  readonly maxMutatingRequestsInflight?: number;
}

/** How long requests take is between the machine and its clients, whatever time the server is told. */
const machineClock: Clock = { now: () => performance.now(), after: (delay, call) => systemClock.after(delay, call) };

/** Flow control that reports itself, as it is before anybody has configured it. */
export function composeFlowControl(limits: FlowControlLimits, metrics: MetricsRegistry): FlowControl {
  const { maxRequestsInflight = DEFAULT_READS, maxMutatingRequestsInflight = DEFAULT_WRITES } = limits;
  const control = new FlowControl(machineClock, {
    seats: maxRequestsInflight + maxMutatingRequestsInflight,
    longestWait: LONGEST_WAIT_MILLISECONDS,
    observe: observeFlowControl(metrics),
  });
  reportFlowControl(metrics, control);
  return control;
}
