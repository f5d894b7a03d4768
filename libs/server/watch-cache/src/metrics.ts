import { Gauge, type MetricsRegistry } from '@binnacle/process-telemetry';
import type { CacheStats, WatchCache } from './watch-cache.js';

const GAUGES: Record<keyof CacheStats, [name: string, help: string]> = {
  clusters: ['binnacle_cache_clusters', 'Logical clusters in the cache.'],
  objects: ['binnacle_cache_objects', 'Objects in the cache.'],
  bytes: ['binnacle_cache_bytes', 'Bytes of encoded objects in the cache, recent changes included.'],
  watchers: ['binnacle_cache_watchers', 'Open watches.'],
  lag: ['binnacle_cache_lag_revisions', 'Revisions that are known to be committed and not yet in the cache.'],
};

/** Reports what a cache holds whenever it is asked. */
export function reportCache(registry: MetricsRegistry, cache: Pick<WatchCache, 'stats'>): void {
  for (const [stat, [name, help]] of Object.entries(GAUGES) as [keyof CacheStats, [string, string]][]) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(cache.stats()[stat]);
      },
    });
  }
}
