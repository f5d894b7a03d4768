import { Counter, Gauge, Histogram, type MetricsRegistry } from '@binnacle/process-telemetry';
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
  readonly total: { inc(): void };
  readonly duration: { observe(seconds: number): void };
}

/** Counts and times requests, under the names kube-apiserver's metrics have. */
export class RequestMetrics {
  private readonly total: Counter;
  private readonly duration: Histogram;
  private readonly longRunning: Gauge;
  private readonly known = new Map<string, Series>();

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    this.total = new Counter({
      name: 'apiserver_request_total',
      help: 'Requests answered, by what they were about and the status of the answer.',
      labelNames: [...TARGET, 'code'],
      registers,
    });
    this.duration = new Histogram({
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
    const { total, duration } = this.series(request, code);
    total.inc();
    duration.observe(seconds);
  }

  /** Found once for each kind of request, because finding costs more than counting. */
  private series(request: ApiRequest, code: number): Series {
    const target = targetOf(request);
    const known = this.known.get(nameOf(target, code));
    if (known) return known;
    // Whoever asks for what does not exist, again and again, must not fill the memory.
    const counted = this.known.size < MOST_SERIES ? target : { ...UNCOUNTED, verb: target.verb };
    const total = this.total.labels({ ...counted, code: String(code) });
    const series = { total, duration: this.duration.labels(counted) };
    if (counted === target) this.known.set(nameOf(target, code), series);
    return series;
  }

  /** Answers the call that says the stream has ended. */
  streaming(request: ApiRequest, code: number): () => void {
    const target = targetOf(request);
    this.total.inc({ ...target, code: String(code) });
    this.longRunning.inc(target);
    return () => this.longRunning.dec(target);
  }
}
