import type { LoopObserver } from '@binnacle/client-controller';
import { createMetrics, Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';
import { queueMetrics } from './queue-metrics.js';

export interface ControllerMetrics {
  readonly registry: MetricsRegistry;
  readonly observer: LoopObserver;
}

/** What is counted of the controllers, besides the process itself. */
export function createControllerMetrics(program: string, isLeader: () => boolean): ControllerMetrics {
  const registry = createMetrics(program);
  new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process leads.',
    registers: [registry],
    collect() {
      this.set(isLeader() ? 1 : 0);
    },
  });
  const reconciles = new Histogram({
    name: 'controller_reconcile_duration_seconds',
    help: 'How long reconciles took, and how they ended.',
    labelNames: ['controller', 'outcome'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const observer: LoopObserver = {
    reconciled: (controller, outcome, milliseconds) => reconciles.observe({ controller, outcome }, milliseconds / 1000),
    queue: queueMetrics(registry, Date.now),
  };
  return { registry, observer };
}
