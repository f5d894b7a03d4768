import type { AttemptOutcome } from '@binnacle/control-scheduling';
import { Counter, createMetrics, type MetricsRegistry } from '@binnacle/process-telemetry';

export interface SchedulerMetrics {
  readonly registry: MetricsRegistry;
  attempted(outcome: AttemptOutcome): void;
}

export function createSchedulerMetrics(program: string): SchedulerMetrics {
  const registry = createMetrics(program);
  const attempts = new Counter({
    name: 'scheduler_schedule_attempts_total',
    help: 'Attempts to schedule a Pod, by result.',
    labelNames: ['result'],
    registers: [registry],
  });
  return { registry, attempted: (result) => attempts.inc({ result }) };
}
