import { Counter, createMetrics, Gauge, Histogram, type MetricsRegistry } from './metrics.js';

/** Is told what happens in a queue, as client-workqueue tells it. Durations are milliseconds. */
interface QueueMeter {
  added(): void;
  taken(waited: number): (worked: number) => void;
  retried(): void;
  dropped(count: number): void;
}

/** Is told what control loops do, as client-controller tells it. */
export interface LoopMeter {
  reconciled(controller: string, outcome: 'done' | 'error', milliseconds: number): void;
  queue(controller: string): QueueMeter;
}

export interface ControllerMetrics {
  readonly registry: MetricsRegistry;
  readonly observer: LoopMeter;
}

/** Upstream's names of queues by those of loops, where they are others. */
export type QueueNames = Readonly<Record<string, string>>;

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
export function queueMetrics(
  registry: MetricsRegistry,
  names: QueueNames,
  now: () => number,
): (loop: string) => QueueMeter {
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
    const labels = { name: names[loop] ?? loop };
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

/** What is counted of the controllers, besides the process itself. */
export function createControllerMetrics(
  program: string,
  names: QueueNames,
  isLeader: () => boolean,
): ControllerMetrics {
  const registry = createMetrics(program);
  new Gauge({
    name: 'leader_election_master_status',
    help: 'Whether this process leads.',
    registers: [registry],
    collect() {
      this.set(isLeader() ? 1 : 0);
    },
  });
  const reconciles = new Histogram({
    name: 'controller_reconcile_duration_seconds',
    help: 'How long reconciles took, and how they ended.',
    labelNames: ['controller', 'outcome'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const observer: LoopMeter = {
    reconciled: (controller, outcome, milliseconds) => reconciles.observe({ controller, outcome }, milliseconds / 1000),
    queue: queueMetrics(registry, names, Date.now),
  };
  return { registry, observer };
}
