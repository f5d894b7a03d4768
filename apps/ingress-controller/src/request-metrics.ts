import type { Report } from '@binnacle/network-ingress';
import { Counter, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';

const LABELS = ['namespace', 'ingress', 'service', 'canary', 'host', 'path', 'method', 'status'] as const;
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BYTES = [10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

type Labels = Record<(typeof LABELS)[number], string>;

function ruleLabels({ match }: Report): Pick<Labels, 'namespace' | 'ingress' | 'host' | 'path'> {
  const { namespace = '', name: ingress = '', host = '', path = '' } = match?.route.origin ?? {};
  return { namespace, ingress, host, path };
}

/** Of words that clients choose, only those that objects have are counted apart. */
function labelsOf(report: Report): Labels {
  const { arrival, trace, answer } = report;
  const method = arrival?.method ?? '';
  return {
    ...ruleLabels(report),
    service: trace.service ?? '',
    canary: trace.canary ? 'true' : '',
    method: METHODS.has(method) ? method : 'other',
    status: String(answer.status),
  };
}

/** Counts requests under the names that ingress-nginx has, so that its dashboards show them. */
export function requestMetrics(registry: MetricsRegistry): (report: Report) => void {
  const about = { labelNames: LABELS, registers: [registry] };
  const named = (name: string) => `nginx_ingress_controller_${name}`;
  const requests = new Counter({ name: named('requests'), help: 'Requests of clients.', ...about });
  const seconds = new Histogram({
    name: named('request_duration_seconds'),
    help: 'From the head of a request to the end of its answer.',
    buckets: SECONDS,
    ...about,
  });
  const sent = new Histogram({ name: named('response_size'), help: 'Bytes of answers.', buckets: BYTES, ...about });
  const got = new Histogram({ name: named('request_size'), help: 'Bytes of bodies.', buckets: BYTES, ...about });
  return (report) => {
    const labels = labelsOf(report);
    requests.inc(labels);
    seconds.observe(labels, report.milliseconds / 1000);
    sent.observe(labels, report.answer.bytes);
    got.observe(labels, report.trace.body?.bytes ?? 0);
  };
}
