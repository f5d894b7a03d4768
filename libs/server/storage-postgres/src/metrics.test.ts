import { MetricsRegistry } from '@binnacle/process-telemetry';
import { expect, it } from 'vitest';
import { StoreMetrics } from './metrics.js';

it('counts batches, times commits and tells how much waits', async () => {
  const registry = new MetricsRegistry();
  const metrics = new StoreMetrics(registry);
  metrics.watch({ queued: 7 });
  metrics.onCommit(3, 2.5);
  const text = await registry.metrics();
  expect(text).toContain('binnacle_store_batch_writes_sum 3');
  expect(text).toContain('binnacle_store_commit_seconds_bucket{le="0.004"} 1');
  expect(text).toContain('binnacle_store_queued_writes 7');
});
