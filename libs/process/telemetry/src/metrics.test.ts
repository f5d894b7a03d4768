import { describe, expect, test } from 'vitest';
import { Counter, createMetrics, reportClusters } from './index.js';

describe('metrics', () => {
  test('tell of the process and of the program, under its name', async () => {
    const registry = createMetrics('kube-test');
    new Counter({ name: 'mine_total', help: 'mine', registers: [registry] }).inc(3);
    const text = await registry.metrics();
    expect(text).toContain('mine_total{component="kube-test"} 3');
    expect(text).toMatch(/process_resident_memory_bytes\{component="kube-test"\} \d+/);
    registry.clear();
  });

  test('tell how many clusters there are at the moment they are asked', async () => {
    const registry = createMetrics('kube-test');
    const counts = { known: 2, awake: 1 };
    reportClusters(registry, { counts });
    counts.known = 5;
    const text = await registry.metrics();
    expect(text).toContain('binnacle_clusters_known{component="kube-test"} 5');
    expect(text).toContain('binnacle_clusters_awake{component="kube-test"} 1');
    registry.clear();
  });

  test('of two programs in one process stand apart', async () => {
    const [one, other] = [createMetrics('one'), createMetrics('other')];
    new Counter({ name: 'x_total', help: 'x', registers: [one] }).inc();
    expect(await other.metrics()).not.toContain('x_total');
    for (const registry of [one, other]) registry.clear();
  });
});
