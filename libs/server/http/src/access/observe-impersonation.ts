import { Counter, type MetricsRegistry, Timings } from '@binnacle/process-telemetry';
import type { ImpersonationObserver } from '@binnacle/server-auth';

const PREFIX = 'apiserver_impersonation_';
const LABELS = ['mode', 'decision'] as const;
const BUCKETS = Array.from({ length: 15 }, (_, at) => 0.001 * 2 ** at);

type Observe = (mode: string, isAllowed: boolean, seconds: number) => void;

function counted(registry: MetricsRegistry, name: string, what: string): Observe {
  const registers = [registry];
  const labelNames = [...LABELS];
  const total = new Counter({
    name: `${PREFIX}${name}_total`,
    help: `Total number of ${what} split by mode and decision.`,
    labelNames,
    registers,
  });
  const duration = new Timings<(typeof LABELS)[number]>({
    name: `${PREFIX}${name}_duration_seconds`,
    help: `Latency of ${what} in seconds split by mode and decision.`,
    labelNames,
    buckets: BUCKETS,
    registers,
  });
  return (mode, isAllowed, seconds) => {
    const labels = { mode, decision: isAllowed ? 'allowed' : 'denied' };
    total.inc(labels);
    duration.of(labels).observe(seconds);
  };
}

/** Counts and times who acts as another. Behaves as kubernetes apiserver pkg/endpoints/filters/impersonation/metrics. */
export function observeImpersonation(registry: MetricsRegistry): ImpersonationObserver {
  return {
    attempted: counted(registry, 'attempts', 'impersonation attempts'),
    asked: counted(registry, 'authorization_attempts', 'authorization checks made by the impersonation handler'),
  };
}
