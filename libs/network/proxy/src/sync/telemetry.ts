import type { EndpointSlice } from '@binnacle/apis-kubernetes/discovery/v1';
import type { ProxyHealth } from './proxy-health.js';
import type { ChangedKind, ProxyMetrics, WithoutLocal } from './proxy-metrics.js';
import type { SyncObserver } from './sync-queue.js';

/** Written by the endpoint slice controller: when what led to the change happened. */
const LAST_CHANGE_TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time';
const NONE: WithoutLocal = { internal: 0, external: 0 };
/** Of one round. A round that takes so many is measured well enough by them. */
const MOST_TRIGGERS = 10_000;

/** What all proxiers of a process report to. */
export interface ProxyTelemetry {
  readonly metrics?: ProxyMetrics;
  readonly health?: ProxyHealth;
}

/** What one proxier tells of its work. */
export class ProxierTelemetry implements SyncObserver {
  private readonly pending: Record<ChangedKind, number> = { endpoint: 0, service: 0 };
  private readonly withoutLocal = new Map<string, WithoutLocal>();
  private triggers: number[] = [];
  private startedAt = Number.POSITIVE_INFINITY;

  constructor(private readonly shared: ProxyTelemetry) {}

  start(now: number): void {
    this.startedAt = now;
  }

  changed(kind: ChangedKind): void {
    this.pending[kind] += 1;
    this.shared.metrics?.changed(kind);
  }

  /** What was there before the proxy was is not measured. Behaves as kubernetes EndpointsChangeTracker.EndpointSliceUpdate. */
  sliceSeen({ metadata }: EndpointSlice): void {
    this.changed('endpoint');
    const time = Date.parse(metadata.annotations?.[LAST_CHANGE_TRIGGER_TIME] ?? '');
    if (time > this.startedAt && this.triggers.length < MOST_TRIGGERS) this.triggers.push(time);
  }

  queued(now: number): void {
    this.shared.metrics?.wasQueued(now);
    this.shared.health?.queued(this, now);
  }

  synced(began: number, now: number): void {
    const { metrics, health } = this.shared;
    health?.updated(this, now);
    metrics?.wasSynced(began, now);
    for (const time of this.triggers) metrics?.wasProgrammed(now - time);
    this.triggers = [];
    this.settle();
  }

  private settle(): void {
    for (const kind of ['endpoint', 'service'] as const) {
      this.shared.metrics?.settled(kind, this.pending[kind]);
      this.pending[kind] = 0;
    }
  }

  /** Of a Service; nothing of one that is not carried any more. */
  setWithoutLocal(service: string, now: WithoutLocal = NONE): void {
    this.shared.metrics?.changeWithoutLocal(this.withoutLocal.get(service) ?? NONE, now);
    if (now.internal + now.external > 0) this.withoutLocal.set(service, now);
    else this.withoutLocal.delete(service);
  }

  isHealthy(now: number): boolean {
    return this.shared.health?.isHealthy(now) ?? true;
  }

  /** The proxier works no more. */
  stop(): void {
    this.shared.health?.forget(this);
    this.triggers = [];
    this.settle();
    for (const service of this.withoutLocal.keys()) this.setWithoutLocal(service);
  }
}
