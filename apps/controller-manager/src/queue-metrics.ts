import type { LoopObserver } from '@binnacle/client-controller';
import { Counter, Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';

type QueueObserver = ReturnType<LoopObserver['queue']>;

/** Upstream's names of queues, where they are others than those of our loops. */
const QUEUE_NAMES: Readonly<Record<string, string>> = {
  'bootstrap-signer': 'bootstrap_signer_queue',
  'certificatesigningrequest-approving': 'certificate',
  'certificatesigningrequest-signing': 'certificate',
  'clusterrole-aggregation': 'ClusterRoleAggregator',
  endpoints: 'endpoint',
  endpointslice: 'endpoint_slice',
  endpointslicemirroring: 'endpoint_slice_mirroring',
  'ephemeral-volume': 'ephemeral_volume',
  'garbage-collector': 'garbage_collector_attempt_to_delete',
  'horizontal-pod-autoscaler': 'horizontalpodautoscaler',
  'job-orphan-pods': 'job_orphan_pod',
  'node-lifecycle': 'node_lifecycle_controller',
  persistentvolume: 'volumes',
  'persistentvolume-binder': 'claims',
  'persistentvolume-protection': 'pvprotection',
  'persistentvolumeclaim-protection': 'pvcprotection',
  resourcequota: 'resourcequota_primary',
  'root-ca-certificate-publisher': 'root_ca_cert_publisher',
  'service-cidr': 'ipaddresses',
  'serviceaccount-token': 'serviceaccount_tokens_service',
  'stale-disruption-target': 'stale_pod_disruption',
  'taint-eviction': 'noexec_taint_pod',
  'token-cleaner': 'token_cleaner',
  ttl: 'ttlcontroller',
  'ttl-after-finished': 'ttl_jobs_to_delete',
  'volume-expander': 'volume_expand',
  'volumeattributesclass-protection': 'vacprotection',
};

/** Upstream's, from ten nanoseconds; its clock is finer than ours, so that the first buckets say the same. */
const BUCKETS = Array.from({ length: 10 }, (_, power) => Number(`1e${power - 8}`));

/** How long each key that a worker has now has been worked on, in seconds, by queue. */
class Running {
  private readonly since = new Map<string, Set<{ readonly at: number }>>();

  constructor(private readonly now: () => number) {}

  begin(name: string): () => void {
    const work = { at: this.now() };
    const known = this.since.get(name) ?? new Set();
    this.since.set(name, known.add(work));
    return () => void known.delete(work);
  }

  *seconds(): Generator<readonly [name: string, running: readonly number[]]> {
    const now = this.now();
    for (const [name, works] of this.since) yield [name, [...works].map(({ at }) => (now - at) / 1000)];
  }
}

function gauges(registry: MetricsRegistry, running: Running): void {
  const gauge = (name: string, help: string, of: (seconds: readonly number[]) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['name'],
      registers: [registry],
      collect() {
        for (const [queue, seconds] of running.seconds()) this.set({ name: queue }, of(seconds));
      },
    });
  gauge('workqueue_unfinished_work_seconds', 'How long all keys that are worked on have been, together.', (all) =>
    all.reduce((sum, each) => sum + each, 0),
  );
  gauge(
    'workqueue_longest_running_processor_seconds',
    'How long the key that is worked on the longest has been.',
    (all) => Math.max(0, ...all),
  );
}

/** Counts what happens in the queues of loops, by upstream's names; those of a loop in all logical clusters are one. */
export function queueMetrics(registry: MetricsRegistry, now: () => number): (loop: string) => QueueObserver {
  const common = { labelNames: ['name'], registers: [registry] };
  const depth = new Gauge({ ...common, name: 'workqueue_depth', help: 'Keys that wait.' });
  const adds = new Counter({ ...common, name: 'workqueue_adds_total', help: 'Keys that came to wait.' });
  const retries = new Counter({ ...common, name: 'workqueue_retries_total', help: 'Keys that are tried again.' });
  const histogram = (name: string, help: string) => new Histogram({ ...common, name, help, buckets: BUCKETS });
  const waits = histogram('workqueue_queue_duration_seconds', 'How long keys waited for a worker.');
  const works = histogram('workqueue_work_duration_seconds', 'How long keys were worked on.');
  const running = new Running(now);
  gauges(registry, running);
  return (loop) => {
    const labels = { name: QUEUE_NAMES[loop] ?? loop };
    return {
      added: () => {
        depth.inc(labels);
        adds.inc(labels);
      },
      taken: (waited) => {
        depth.dec(labels);
        waits.observe(labels, waited / 1000);
        const end = running.begin(labels.name);
        return (worked) => {
          end();
          works.observe(labels, worked / 1000);
        };
      },
      retried: () => retries.inc(labels),
      dropped: (count) => depth.dec(labels, count),
    };
  };
}
