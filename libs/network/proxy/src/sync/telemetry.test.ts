import { MetricsRegistry } from '@binnacle/process-telemetry';
import { expect, test } from 'vitest';
import { slice } from '../testing/builders.js';
import { ProxyHealth } from './proxy-health.js';
import { ProxyMetrics } from './proxy-metrics.js';
import { ProxierTelemetry } from './telemetry.js';

function start() {
  const registry = new MetricsRegistry();
  const shared = { metrics: new ProxyMetrics(registry), health: new ProxyHealth() };
  const valueOf = async (line: string) => {
    const found = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${line} `));
    return found === undefined ? undefined : Number(found.split(' ').at(-1));
  };
  return { shared, valueOf, registry, telemetry: new ProxierTelemetry(shared) };
}
const SYNC = 'kubeproxy_sync_proxy_rules';
const changed = (time: string) => {
  const one = slice([], []);
  one.metadata.annotations = { 'endpoints.kubernetes.io/last-change-trigger-time': time };
  return one;
};

test('changes wait until a round is over, in all clusters together', async () => {
  const { shared, valueOf, telemetry } = start();
  const other = new ProxierTelemetry(shared);
  telemetry.changed('service');
  telemetry.sliceSeen(slice([], []));
  other.sliceSeen(slice([], []));
  const counts = () =>
    Promise.all(
      ['service_changes_total', 'service_changes_pending', 'endpoint_changes_total', 'endpoint_changes_pending'].map(
        (name) => valueOf(`${SYNC}_${name}`),
      ),
    );
  expect(await counts()).toEqual([1, 1, 2, 2]);
  telemetry.queued(1_000);
  telemetry.synced(1_000, 1_250);
  expect(await counts()).toEqual([1, 0, 2, 1]);
  other.stop();
  expect(await counts()).toEqual([1, 0, 2, 0]);
  expect(await valueOf(`${SYNC}_duration_seconds_sum{ip_family="IPv4"}`)).toBe(0.25);
  expect(await valueOf(`${SYNC}_last_queued_timestamp_seconds{ip_family="IPv4"}`)).toBe(1);
  expect(await valueOf(`${SYNC}_last_timestamp_seconds{ip_family="IPv4"}`)).toBe(1.25);
});

test('how long endpoints took to be reached is measured from what led to them, where that came after the start', async () => {
  const { valueOf, telemetry } = start();
  telemetry.start(Date.parse('2026-01-01T00:00:10Z'));
  for (const time of ['2026-01-01T00:00:05Z', '2026-01-01T00:00:11.5Z', 'nonsense', ''])
    telemetry.sliceSeen(changed(time));
  const now = Date.parse('2026-01-01T00:00:12Z');
  telemetry.synced(now, now);
  telemetry.synced(now, now);
  const name = 'kubeproxy_network_programming_duration_seconds';
  expect(await valueOf(`${name}_count{ip_family="IPv4"}`)).toBe(1);
  expect(await valueOf(`${name}_bucket{le="0.5",ip_family="IPv4"}`)).toBe(1);
  expect(await valueOf(`${name}_bucket{le="0.25",ip_family="IPv4"}`)).toBe(0);
});

test('ports without a local endpoint are counted while there are any', async () => {
  const { valueOf, telemetry } = start();
  const count = (policy: string) =>
    valueOf(`${SYNC}_no_local_endpoints_total{ip_family="IPv4",traffic_policy="${policy}"}`);
  telemetry.setWithoutLocal('a/b', { internal: 1, external: 2 });
  telemetry.setWithoutLocal('a/c', { internal: 1, external: 0 });
  expect([await count('internal'), await count('external')]).toEqual([2, 2]);
  telemetry.setWithoutLocal('a/b');
  expect([await count('internal'), await count('external')]).toEqual([1, 0]);
  telemetry.stop();
  expect(await count('internal')).toBe(0);
});

test('its buckets are those of upstream', async () => {
  const { registry, telemetry } = start();
  telemetry.synced(0, 0);
  const bounds = (await registry.metrics())
    .split('\n')
    .flatMap((line) => new RegExp(`^${SYNC}_duration_seconds_bucket\\{le="([^"]+)"`).exec(line)?.[1] ?? []);
  expect([bounds[0], bounds[1], bounds.at(-2), bounds.length]).toEqual(['0.001', '0.002', '16.384', 16]);
});
