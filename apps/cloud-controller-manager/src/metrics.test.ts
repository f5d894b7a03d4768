import { MetricsRegistry } from '@binnacle/process-telemetry';
import { expect, test } from 'vitest';
import { cloudMetrics, reportAddresses } from './metrics.js';

test('what happens is counted by upstream’s names', async () => {
  const registry = new MetricsRegistry();
  const instruments = cloudMetrics(registry);
  instruments.hostsUpdated('done', 0.5);
  instruments.hostsUpdated('error', 20_000);
  instruments.taintRemoved(3);
  instruments.nodeInitialized(5);
  instruments.routesSynced();
  reportAddresses(registry, () => ({ held: 3, all: 254 }));
  const lines = (await registry.metrics()).split('\n').filter((line) => /^[a-z]/.test(line) && !/_bucket/.test(line));
  expect(lines).toEqual([
    'service_controller_loadbalancer_sync_total 2',
    'service_controller_nodesync_error_total 1',
    'service_controller_update_loadbalancer_host_latency_seconds_sum 20000.5',
    'service_controller_update_loadbalancer_host_latency_seconds_count 2',
    'node_controller_cloud_provider_taint_removal_delay_seconds_sum 3',
    'node_controller_cloud_provider_taint_removal_delay_seconds_count 1',
    'node_controller_initial_node_sync_delay_seconds_sum 5',
    'node_controller_initial_node_sync_delay_seconds_count 1',
    'route_controller_route_sync_total 1',
    'binnacle_load_balancer_addresses{state="held"} 3',
    'binnacle_load_balancer_addresses{state="free"} 251',
  ]);
});
