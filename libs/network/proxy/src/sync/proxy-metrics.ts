import { Counter, Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';

const FAMILY = { ip_family: 'IPv4' };
const POLICIES = ['internal', 'external'] as const;
const SYNC = 'kubeproxy_sync_proxy_rules';

const doubling = (first: number, count: number): number[] => Array.from({ length: count }, (_, at) => first * 2 ** at);
const rising = (first: number, step: number, count: number): number[] =>
  Array.from({ length: count }, (_, at) => first + step * at);

/** As kubernetes pkg/proxy/metrics has them, in seconds. */
const SYNC_BUCKETS = doubling(0.001, 15);
const PROGRAMMING_BUCKETS = [
  ...rising(0.25, 0.25, 2),
  ...rising(1, 1, 59),
  ...rising(60, 5, 12),
  ...rising(120, 30, 7),
];

export type ChangedKind = 'endpoint' | 'service';
/** How many ports have a traffic policy Local and no endpoint here, though they have some elsewhere. */
export type WithoutLocal = Readonly<Record<'internal' | 'external', number>>;

/** What upstream's kube-proxy tells of its work, under the same names; of all clusters together. */
export class ProxyMetrics {
  private readonly duration: Histogram<'ip_family'>;
  private readonly programming: Histogram<'ip_family'>;
  private readonly queued: Gauge<'ip_family'>;
  private readonly synced: Gauge<'ip_family'>;
  private readonly changes: Readonly<Record<ChangedKind, Counter>>;
  private readonly pending: Readonly<Record<ChangedKind, Gauge>>;
  private readonly withoutLocal: Gauge<'traffic_policy' | 'ip_family'>;
  private readonly answers: Readonly<Record<'healthz' | 'livez', Counter<'code'>>>;

  constructor(private readonly registry: MetricsRegistry) {
    this.duration = this.histogram(`${SYNC}_duration_seconds`, 'SyncProxyRules latency in seconds', SYNC_BUCKETS);
    this.programming = this.histogram(
      'kubeproxy_network_programming_duration_seconds',
      'In Cluster Network Programming Latency in seconds',
      PROGRAMMING_BUCKETS,
    );
    this.queued = this.gauge('last_queued_timestamp_seconds', 'The last time a sync of proxy rules was queued');
    this.synced = this.gauge('last_timestamp_seconds', 'The last time proxy rules were successfully synced');
    this.changes = { endpoint: this.counted('endpoint'), service: this.counted('service') };
    this.pending = { endpoint: this.waiting('endpoint'), service: this.waiting('service') };
    this.withoutLocal = new Gauge({
      name: `${SYNC}_no_local_endpoints_total`,
      help: 'Number of services with a Local traffic policy and no endpoints',
      labelNames: ['traffic_policy', 'ip_family'],
      registers: [registry],
    });
    for (const policy of POLICIES) this.withoutLocal.set({ ...FAMILY, traffic_policy: policy }, 0);
    this.answers = { healthz: this.answered('healthz'), livez: this.answered('livez') };
  }

  private histogram(name: string, help: string, buckets: number[]): Histogram<'ip_family'> {
    return new Histogram({ name, help, buckets, labelNames: ['ip_family'], registers: [this.registry] });
  }

  private gauge(name: string, help: string): Gauge<'ip_family'> {
    return new Gauge({ name: `${SYNC}_${name}`, help, labelNames: ['ip_family'], registers: [this.registry] });
  }

  private counted(kind: ChangedKind): Counter {
    const what = kind === 'endpoint' ? 'Endpoint' : 'Service';
    const help = `Cumulative proxy rules ${what} changes`;
    return new Counter({ name: `${SYNC}_${kind}_changes_total`, help, registers: [this.registry] });
  }

  private waiting(kind: ChangedKind): Gauge {
    const help = `Pending proxy rules ${kind === 'endpoint' ? 'Endpoint' : 'Service'} changes`;
    return new Gauge({ name: `${SYNC}_${kind}_changes_pending`, help, registers: [this.registry] });
  }

  private answered(path: string): Counter<'code'> {
    const help = `Cumulative proxy ${path} HTTP status`;
    const name = `kubeproxy_proxy_${path}_total`;
    return new Counter({ name, help, labelNames: ['code'], registers: [this.registry] });
  }

  changed(kind: ChangedKind): void {
    this.changes[kind].inc();
    this.pending[kind].inc();
  }

  /** So many changes wait no longer. */
  settled(kind: ChangedKind, count: number): void {
    if (count > 0) this.pending[kind].dec(count);
  }

  wasQueued(now: number): void {
    this.queued.set(FAMILY, now / 1000);
  }

  wasSynced(began: number, now: number): void {
    this.duration.observe(FAMILY, Math.max(0, now - began) / 1000);
    this.synced.set(FAMILY, now / 1000);
  }

  /** From when endpoints had changed until traffic went there, in milliseconds. */
  wasProgrammed(milliseconds: number): void {
    this.programming.observe(FAMILY, Math.max(0, milliseconds) / 1000);
  }

  changeWithoutLocal(before: WithoutLocal, after: WithoutLocal): void {
    for (const policy of POLICIES) {
      const difference = after[policy] - before[policy];
      if (difference !== 0) this.withoutLocal.inc({ ...FAMILY, traffic_policy: policy }, difference);
    }
  }

  answeredHealth(path: 'healthz' | 'livez', code: number): void {
    this.answers[path].inc({ code: String(code) });
  }
}
