import { expect, test } from 'vitest';
import { createSchedulerMetrics } from './metrics.js';
import { PROGRAM } from './options.js';

async function linesOf(metrics: ReturnType<typeof createSchedulerMetrics>): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text
    .split('\n')
    .filter((line) => line.startsWith('scheduler_'))
    .map((line) =>
      line
        .replace(/component="kube-scheduler",?/, '')
        .replace(',}', '}')
        .replace('{}', ''),
    );
}

test('what was tried, why Pods came into queues and whom they displaced are counted under upstream’s names', async () => {
  const metrics = createSchedulerMetrics(PROGRAM, () => 0);
  const { instruments } = metrics;
  for (const outcome of ['scheduled', 'unschedulable', 'scheduled'] as const) instruments.attempted(outcome, 'p', 0.01);
  instruments.queued('active', 'UnscheduledPodAdd');
  instruments.preemptionAttempted();
  instruments.preempted(3);
  instruments.ran({ plugin: 'NodeName', point: 'Filter', status: 'Success', seconds: 0.00002 });
  instruments.waited('Success', 1);
  const lines = await linesOf(metrics);
  for (const line of [
    'scheduler_schedule_attempts_total{result="scheduled",profile="p"} 2',
    'scheduler_schedule_attempts_total{result="unschedulable",profile="p"} 1',
    'scheduler_scheduling_attempt_duration_seconds_count{result="scheduled",profile="p"} 2',
    'scheduler_queue_incoming_pods_total{queue="active",event="UnscheduledPodAdd"} 1',
    'scheduler_preemption_attempts_total 1',
    'scheduler_preemption_victims_sum 3',
    'scheduler_plugin_execution_duration_seconds_count{plugin="NodeName",extension_point="Filter",status="Success"} 1',
    'scheduler_permit_wait_duration_seconds_count{result="Success"} 1',
  ]) {
    expect(lines).toContain(line);
  }
});

test.each([
  [3, '3', false],
  [99, '15+', true],
])('a Pod that took %i attempts is told as %s', async (attempts, label, flushed) => {
  const metrics = createSchedulerMetrics(PROGRAM, () => 0);
  metrics.instruments.scheduled(attempts, 2, flushed);
  const lines = await linesOf(metrics);
  expect(lines).toContain(`scheduler_pod_scheduling_sli_duration_seconds_sum{attempts="${label}"} 2`);
  expect(lines).toContain(`scheduler_pod_scheduling_attempts_sum ${attempts}`);
  expect(lines).toContain(`scheduler_pod_scheduled_after_flush_total ${Number(flushed)}`);
});

test('what waits is summed over all clusters when somebody asks', async () => {
  const metrics = createSchedulerMetrics(PROGRAM, () => 0);
  const sizes = { active: 1, backoff: 2, unschedulable: 3, gated: 4 };
  metrics.pending.add(() => sizes).add(() => sizes);
  const lines = await linesOf(metrics);
  expect(lines).toContain('scheduler_pending_pods{queue="unschedulable"} 6');
  expect(lines).toContain('scheduler_pending_pods{queue="gated"} 8');
});
