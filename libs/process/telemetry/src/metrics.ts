import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

export { Counter, Gauge, Histogram, Registry as MetricsRegistry } from 'prom-client';

/** A metrics registry that already reports the process: CPU, memory, event loop lag. */
export function createMetrics(component: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ component });
  // The default of 10 ms wakes an idle process a hundred times a second.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 200 });
  return registry;
}

/** Reports how many logical clusters a program knows, and in how many of them it works now. */
export function reportClusters(
  registry: Registry,
  clusters: { readonly counts: Record<'known' | 'awake', number> },
): void {
  for (const what of ['known', 'awake'] as const) {
    new Gauge({
      name: `binnacle_clusters_${what}`,
      help: what === 'known' ? 'Logical clusters there are.' : 'Logical clusters that do not rest.',
      registers: [registry],
      collect() {
        this.set(clusters.counts[what]);
      },
    });
  }
}
