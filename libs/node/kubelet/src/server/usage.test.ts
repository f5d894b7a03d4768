import { expect, test } from 'vitest';
import { resourceMetrics } from './resource-metrics.js';
import { statsSummary } from './stats.js';

const TIME = '2026-01-01T00:00:00Z';
const usage = { cpuNanoCores: 250_000_000, cpuCoreNanoSeconds: 1_500_000_000, memoryBytes: 2048 };
const measured = {
  time: TIME,
  usage,
  pods: [
    {
      name: 'web',
      namespace: 'default',
      uid: 'u',
      startTime: TIME,
      usage,
      containers: [{ name: 'main', startedAt: Date.parse(TIME), usage }],
    },
  ],
};

test('the summary tells of the node, its Pods and their containers', () => {
  const cpu = { time: TIME, usageNanoCores: 250_000_000, usageCoreNanoSeconds: 1_500_000_000 };
  expect(statsSummary('n', measured)).toMatchObject({
    node: { nodeName: 'n', cpu, memory: { workingSetBytes: 2048 } },
    pods: [
      {
        podRef: { name: 'web', namespace: 'default', uid: 'u' },
        cpu,
        containers: [{ name: 'main', startTime: TIME, cpu }],
      },
    ],
  });
});

test('Prometheus reads the same', () => {
  const text = resourceMetrics(measured);
  const at = Date.parse(TIME);
  expect(text).toContain('# TYPE container_cpu_usage_seconds_total counter\n');
  expect(text).toContain(
    `container_cpu_usage_seconds_total{container="main",namespace="default",pod="web"} 1.5 ${at}\n`,
  );
  expect(text).toContain(`container_start_time_seconds{container="main",namespace="default",pod="web"} ${at / 1000}\n`);
  expect(text).toContain(`node_memory_working_set_bytes 2048 ${at}\n`);
  expect(text).toContain(`pod_cpu_usage_seconds_total{namespace="default",pod="web"} 1.5 ${at}\n`);
  expect(text).toContain('resource_scrape_error 0\n');
});

test('and nothing of containers where none runs', () => {
  expect(resourceMetrics({ ...measured, pods: [] })).not.toContain('container_cpu');
});
