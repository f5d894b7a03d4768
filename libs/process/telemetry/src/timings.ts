import type { Histogram, Registry } from 'prom-client';

interface TimingsOptions<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly Label[];
  /** Upper bounds in seconds, rising. */
  readonly buckets: readonly number[];
  readonly registers: readonly Registry[];
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly metricName: string;
  readonly value: number;
}

/** What took how long, of one kind. */
export class TimedSeries {
  count = 0;
  sum = 0;
  /** How many fell into each bucket; the last is for what took longer than all of them. */
  readonly counts: number[];

  constructor(
    readonly labels: Readonly<Record<string, string>>,
    private readonly buckets: readonly number[],
  ) {
    this.counts = new Array<number>(buckets.length + 1).fill(0);
  }

  observe(seconds: number): void {
    let at = 0;
    while (at < this.buckets.length && seconds > (this.buckets[at] as number)) at += 1;
    this.counts[at] = (this.counts[at] as number) + 1;
    this.count += 1;
    this.sum += seconds;
  }
}

/**
 * A histogram whose series are held by who observes: the library's finds its series anew at every observation, by a text made of
 * all its labels, which for what is observed several times a request costs more than some requests do.
 */
export class Timings<Label extends string> {
  readonly type = 'histogram';
  readonly aggregator = 'sum';
  readonly name: string;
  readonly help: string;
  private readonly series = new Map<string, TimedSeries>();

  constructor(private readonly options: TimingsOptions<Label>) {
    this.name = options.name;
    this.help = options.help;
    // The library asks nothing of a metric but what is here.
    for (const registry of options.registers) registry.registerMetric(this as unknown as Histogram);
  }

  /** The series of some labels, which the caller keeps: finding it is what takes the time. */
  of(labels: Readonly<Record<Label, string>>): TimedSeries {
    const { labelNames, buckets } = this.options;
    const id = JSON.stringify(labelNames.map((name) => labels[name]));
    let series = this.series.get(id);
    if (!series) this.series.set(id, (series = new TimedSeries(labels, buckets)));
    return series;
  }

  /** What the library asks for when somebody reads the metrics. */
  async get() {
    const { name, help, type, aggregator } = this;
    const values = [...this.series.values()]
      .filter(({ count }) => count > 0)
      .flatMap((series) => this.samplesOf(series));
    return Promise.resolve({ name, help, type, aggregator, values });
  }

  private samplesOf({ labels, counts, count, sum }: TimedSeries): Sample[] {
    const bucket = `${this.name}_bucket`;
    let below = 0;
    const buckets = this.options.buckets.map((le, at): Sample => {
      below += counts[at] as number;
      return { labels: { ...labels, le }, metricName: bucket, value: below };
    });
    return [
      ...buckets,
      { labels: { ...labels, le: '+Inf' }, metricName: bucket, value: count },
      { labels, metricName: `${this.name}_sum`, value: sum },
      { labels, metricName: `${this.name}_count`, value: count },
    ];
  }
}
