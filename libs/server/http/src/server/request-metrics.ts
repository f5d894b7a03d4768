import { Counter, Gauge, type MetricsRegistry, type TimedSeries, Timings } from '@binnacle/process-telemetry';
import type { ApiRequest } from '../request/api-request.js';

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const TARGET = ['verb', 'group', 'version', 'resource', 'subresource'] as const;

type Target = Record<(typeof TARGET)[number], string>;

function targetOf({ info }: ApiRequest): Target {
  const { group = '', version = '', resource = '', subresource = '' } = info.resource ?? {};
  return { verb: info.verb.toUpperCase(), group, version, resource, subresource };
}

const MOST_SERIES = 5_000;
const UNCOUNTED = { group: '', version: '', resource: 'other', subresource: '' };

function nameOf({ verb, group, version, resource, subresource }: Target, code: number): string {
  return `${code} ${verb} ${group}/${version}/${resource}/${subresource}`;
}

interface Series {
  readonly labels: Target & { readonly code: string };
  /** Counted by hand, and told when somebody asks. */
  count: number;
  readonly duration: TimedSeries;
}

/** Counts and times requests, under the names kube-apiserver's metrics have. */
export class RequestMetrics {
  private readonly duration: Timings<(typeof TARGET)[number]>;
  private readonly longRunning: Gauge;
  private readonly known = new Map<string, Series>();

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    const { known } = this;
    new Counter({
      name: 'apiserver_request_total',
      help: 'Requests answered, by what they were about and the status of the answer.',
      labelNames: [...TARGET, 'code'],
      registers,
      collect() {
        this.reset();
        for (const { labels, count } of known.values()) this.inc(labels, count);
      },
    });
    this.duration = new Timings({
      name: 'apiserver_request_duration_seconds',
      help: 'How long requests took, watches and other streams left out.',
      labelNames: [...TARGET],
      buckets: BUCKETS,
      registers,
    });
    this.longRunning = new Gauge({
      name: 'apiserver_longrunning_requests',
      help: 'Watches and other streams that are open.',
      labelNames: [...TARGET],
      registers,
    });
  }

  answered(request: ApiRequest, code: number, seconds: number): void {
    const series = this.series(request, code);
    series.count += 1;
    series.duration.observe(seconds);
  }

  /** Found once for each kind of request, because finding costs more than counting. */
  private series(request: ApiRequest, code: number): Series {
    const target = targetOf(request);
    const name = nameOf(target, code);
    const known = this.known.get(name);
    if (known) return known;
    // Whoever asks for what does not exist, again and again, must not fill the memory.
    if (this.known.size < MOST_SERIES) return this.newSeries(name, target, code);
    const other = { ...UNCOUNTED, verb: target.verb };
    const otherName = nameOf(other, code);
    return this.known.get(otherName) ?? this.newSeries(otherName, other, code);
  }

  private newSeries(name: string, target: Target, code: number): Series {
    const series = { labels: { ...target, code: String(code) }, count: 0, duration: this.duration.of(target) };
    this.known.set(name, series);
    return series;
  }

  /** Answers the call that says the stream has ended. */
  streaming(request: ApiRequest, code: number): () => void {
    const target = targetOf(request);
    this.series(request, code).count += 1;
    this.longRunning.inc(target);
    return () => this.longRunning.dec(target);
  }
}
