import { Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';
import type { PostgresStorage } from './postgres-storage.js';

const BATCHES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024];
const SECONDS = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1, 4];

/** What a store reports of its commits: pass `onCommit` when it is made, then `watch` it. */
export class StoreMetrics {
  private readonly batches: Histogram;
  private readonly latency: Histogram;

  constructor(private readonly registry: MetricsRegistry) {
    this.batches = new Histogram({
      name: 'binnacle_store_batch_writes',
      help: 'Writes committed together.',
      buckets: BATCHES,
      registers: [registry],
    });
    this.latency = new Histogram({
      name: 'binnacle_store_commit_seconds',
      help: 'Time from sending a batch until it is durable.',
      buckets: SECONDS,
      registers: [registry],
    });
  }

  readonly onCommit = (size: number, milliseconds: number): void => {
    this.batches.observe(size);
    this.latency.observe(milliseconds / 1_000);
  };

  watch(storage: Pick<PostgresStorage, 'queued'>): void {
    new Gauge({
      name: 'binnacle_store_queued_writes',
      help: 'Writes that wait for their batch.',
      registers: [this.registry],
      collect() {
        this.set(storage.queued);
      },
    });
  }
}
