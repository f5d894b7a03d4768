import type { CountDecisions, Instruments, QueueSizes } from '@binnacle/control-scheduling';
import { Counter, createMetrics, Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';
import type { QueueGauge } from './scheduler-of.js';

export interface SchedulerMetrics {
  readonly registry: MetricsRegistry;
  readonly instruments: Instruments;
  /** Who is asked how many Pods wait. */
  readonly pending: QueueGauge;
  /** Counts what became of decisions. */
  readonly decided: CountDecisions;
}

const QUEUES = ['active', 'backoff', 'unschedulable', 'gated'] as const satisfies ReadonlyArray<keyof QueueSizes>;
/** From here on upstream counts no further. */
const MANY_ATTEMPTS = 15;

const exponential = (first: number, factor: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first * factor ** index);

function counters(registry: MetricsRegistry) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = []) =>
    new Counter<L>({ name: `scheduler_${name}`, help, labelNames: [...labelNames], registers: [registry] });
  return {
    attempts: counter(
      'schedule_attempts_total',
      "Number of attempts to schedule pods, by the result. 'unschedulable' means a pod could not be scheduled, while 'error' means an internal scheduler problem.",
      ['result', 'profile'],
    ),
    incoming: counter(
      'queue_incoming_pods_total',
      'Number of pods added to scheduling queues by event and queue type.',
      ['queue', 'event'],
    ),
    preemptions: counter('preemption_attempts_total', 'Total preemption attempts in the cluster till now'),
    flushed: counter(
      'pod_scheduled_after_flush_total',
      'Number of pods that were successfully scheduled after being flushed from unschedulablePods due to timeout.',
    ),
  };
}

function histograms(registry: MetricsRegistry) {
  const histogram = <L extends string>(name: string, help: string, buckets: number[], labelNames: readonly L[] = []) =>
    new Histogram<L>({ name: `scheduler_${name}`, help, buckets, labelNames: [...labelNames], registers: [registry] });
  return {
    attempt: histogram(
      'scheduling_attempt_duration_seconds',
      'Scheduling attempt latency in seconds (scheduling algorithm + binding)',
      exponential(0.001, 2, 15),
      ['result', 'profile'],
    ),
    plugin: histogram(
      'plugin_execution_duration_seconds',
      'Duration for running a plugin at a specific extension point.',
      exponential(0.00001, 1.5, 20),
      ['plugin', 'extension_point', 'status'],
    ),
    victims: histogram('preemption_victims', 'Number of selected preemption victims', exponential(1, 2, 7)),
    attemptsOfPod: histogram(
      'pod_scheduling_attempts',
      'Number of attempts to successfully schedule a pod.',
      exponential(1, 2, 5),
    ),
    sli: histogram(
      'pod_scheduling_sli_duration_seconds',
      'E2e latency for a pod being scheduled, from the time the pod enters the scheduling queue and might involve multiple scheduling attempts.',
      exponential(0.01, 2, 20),
      ['attempts'],
    ),
    permit: histogram('permit_wait_duration_seconds', 'Duration of waiting on permit.', exponential(0.001, 2, 15), [
      'result',
    ]),
  };
}

function reportPending(registry: MetricsRegistry, pending: QueueGauge): void {
  new Gauge({
    name: 'scheduler_pending_pods',
    help: "Number of pending pods, by the queue type. 'active' means number of pods in activeQ; 'backoff' means number of pods in backoffQ; 'unschedulable' means number of pods in unschedulablePods that the scheduler attempted to schedule and failed; 'gated' is the number of unschedulable pods that the scheduler never attempted to schedule because they are gated.",
    labelNames: ['queue'],
    registers: [registry],
    collect() {
      const sizes = [...pending].map((ask) => ask());
      for (const queue of QUEUES)
        this.set(
          { queue },
          sizes.reduce((sum, one) => sum + one[queue], 0),
        );
    },
  });
}

/** Upstream's metrics, over all clusters together. `now` answers seconds. Behaves as kubernetes pkg/scheduler/metrics. */
export function createSchedulerMetrics(program: string, now: () => number): SchedulerMetrics {
  const registry = createMetrics(program);
  const pending: QueueGauge = new Set();
  const { attempts, incoming, preemptions, flushed } = counters(registry);
  const { attempt, plugin, victims, attemptsOfPod, sli, permit } = histograms(registry);
  reportPending(registry, pending);
  const instruments: Instruments = {
    now,
    attempted(result, profile, seconds) {
      attempts.inc({ result, profile });
      attempt.observe({ result, profile }, seconds);
    },
    scheduled(count, seconds, wasFlushed) {
      attemptsOfPod.observe(count);
      sli.observe({ attempts: count >= MANY_ATTEMPTS ? `${MANY_ATTEMPTS}+` : String(count) }, seconds);
      if (wasFlushed) flushed.inc();
    },
    ran: (run) => plugin.observe({ plugin: run.plugin, extension_point: run.point, status: run.status }, run.seconds),
    queued: (queue, event) => incoming.inc({ queue, event }),
    preemptionAttempted: () => preemptions.inc(),
    preempted: (count) => victims.observe(count),
    waited: (result, seconds) => permit.observe({ result }, seconds),
  };
  const decisions = new Counter({
    name: 'binnacle_scheduler_decisions_total',
    help: 'Decisions that were told to the API server, by what became of them.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const decided: CountDecisions = (outcome, count) => decisions.inc({ outcome }, count);
  return { registry, instruments, pending, decided };
}
