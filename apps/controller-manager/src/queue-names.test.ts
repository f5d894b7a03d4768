import { WorkQueue } from '@binnacle/client-workqueue';
import { FakeClock } from '@binnacle/machinery-context';
import { MetricsRegistry, queueMetrics } from '@binnacle/process-telemetry';
import { expect, test } from 'vitest';
import { QUEUE_NAMES } from './queue-names.js';

test('a queue is counted by upstream’s names', async () => {
  const [clock, registry] = [new FakeClock(0), new MetricsRegistry()];
  const queue = new WorkQueue(clock, {}, queueMetrics(registry, QUEUE_NAMES, () => clock.now())('endpointslice'));
  const said = async (metric: string) => {
    const text = await registry.getSingleMetricAsString(`workqueue_${metric}`);
    return text
      .split('\n')
      .filter((line) => !/^#|bucket|^$/.test(line))
      .map((line) => line.replace(/^\w+?(_sum|_count)?\{name="endpoint_slice"\}/, '$1'));
  };
  queue.add('a');
  queue.add('a');
  queue.add('b');
  expect([await said('depth'), await said('adds_total')]).toEqual([[' 2'], [' 2']]);
  clock.step(2_000);
  expect(await queue.take()).toBe('a');
  queue.add('a');
  clock.step(3_000);
  expect([await said('depth'), await said('adds_total')]).toEqual([[' 2'], [' 3']]);
  expect([await said('unfinished_work_seconds'), await said('longest_running_processor_seconds')]).toEqual([
    [' 3'],
    [' 3'],
  ]);
  queue.done('a');
  queue.addRateLimited('c');
  expect(await said('queue_duration_seconds')).toEqual(['_sum 2', '_count 1']);
  expect(await said('work_duration_seconds')).toEqual(['_sum 3', '_count 1']);
  expect([await said('unfinished_work_seconds'), await said('retries_total')]).toEqual([[' 0'], [' 1']]);
  queue.close();
  expect(await said('depth')).toEqual([' 0']);
});
