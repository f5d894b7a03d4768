import type { UsageStats } from '@binnacle/node-cri';
import type { MeasuredNode } from './measure.js';

interface Series {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
}

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly labels: Labels;
  readonly usage: UsageStats;
  readonly startedAt?: number;
}

const NANOS = 1e9;
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function line(name: string, labels: Labels, value: number, time?: number): string {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}${time === undefined ? '' : ` ${time}`}\n`;
}

function block(series: Series, samples: readonly Sample[], value: (sample: Sample) => number, time?: number): string {
  if (samples.length === 0) return '';
  const head = `# HELP ${series.name} [STABLE] ${series.help}\n# TYPE ${series.name} ${series.type}\n`;
  return head + samples.map((sample) => line(series.name, sample.labels, value(sample), time)).join('');
}

const counter = (name: string, help: string): Series => ({ name, help, type: 'counter' });
const gauge = (name: string, help: string): Series => ({ name, help, type: 'gauge' });
const cpu = ({ usage }: Sample): number => usage.cpuCoreNanoSeconds / NANOS;
const memory = ({ usage }: Sample): number => usage.memoryBytes;

/** Usage in Prometheus' text form, by the names of kubernetes pkg/kubelet/metrics/collectors/resource_metrics.go. */
export function resourceMetrics({ time, usage, pods }: MeasuredNode): string {
  const at = Date.parse(time);
  const ofPods = pods.map((pod) => ({ labels: { namespace: pod.namespace, pod: pod.name }, usage: pod.usage }));
  const containers = pods.flatMap(({ name, namespace, containers: own }) =>
    own.map((each) => ({ ...each, labels: { container: each.name, namespace, pod: name } })),
  );
  const node = [{ labels: {}, usage }];
  const started = ({ startedAt = 0 }: Sample) => startedAt / 1000;
  const cpuOf = (what: string) => `Cumulative cpu time consumed by the ${what} in core-seconds`;
  const memoryOf = (what: string) => `Current working set of the ${what} in bytes`;
  return [
    block(counter('container_cpu_usage_seconds_total', cpuOf('container')), containers, cpu, at),
    block(gauge('container_memory_working_set_bytes', memoryOf('container')), containers, memory, at),
    block(
      gauge('container_start_time_seconds', 'Start time of the container since unix epoch in seconds'),
      containers,
      started,
    ),
    block(counter('node_cpu_usage_seconds_total', cpuOf('node')), node, cpu, at),
    block(gauge('node_memory_working_set_bytes', memoryOf('node')), node, memory, at),
    block(counter('pod_cpu_usage_seconds_total', cpuOf('pod')), ofPods, cpu, at),
    block(gauge('pod_memory_working_set_bytes', memoryOf('pod')), ofPods, memory, at),
    block(
      gauge('resource_scrape_error', '1 if there was an error while getting container metrics, 0 otherwise'),
      node,
      () => 0,
    ),
  ].join('');
}
