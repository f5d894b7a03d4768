import { Counter, Gauge, type MetricsRegistry, Timings } from '@binnacle/process-telemetry';
import type { ObserveRoundTrip } from '@binnacle/server-egress';
import type { WebhookObserver } from './webhook/webhook-authorizer.js';

const PREFIX = 'apiserver_authorization_';
const WEBHOOK = ['name', 'result'] as const;
const AUTHORIZER = ['type', 'name'] as const;
const MATCH_BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.1, 0.2, 0.25];
const WEBHOOK_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Decisions of one authorizer, counted by hand: there is one for every request. */
export interface DecisionCount {
  readonly type: string;
  readonly name: string;
  allowed: number;
  denied: number;
}

/** What authorization tells of itself, under the names kube-apiserver's metrics have. */
export class AuthorizationMetrics {
  private readonly counts: DecisionCount[] = [];
  private readonly evaluations: Counter;
  private readonly durations: Timings<(typeof WEBHOOK)[number]>;
  private readonly failOpen: Counter;
  private readonly matchErrors: Counter;
  private readonly exclusions: Counter;
  private readonly matching: Timings<(typeof AUTHORIZER)[number]>;
  private readonly reloads: Counter;
  private readonly lastReload: Gauge;

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    const counter = (name: string, help: string, labelNames: readonly string[]): Counter =>
      new Counter({ name: `${PREFIX}${name}`, help, labelNames: [...labelNames], registers });
    this.reportDecisions(registers);
    this.evaluations = counter('webhook_evaluations_total', 'Round-trips to authorization webhooks.', WEBHOOK);
    this.failOpen = counter(
      'webhook_evaluations_fail_open_total',
      'NoOpinion results due to webhook timeout or error.',
      WEBHOOK,
    );
    this.durations = new Timings<(typeof WEBHOOK)[number]>({
      ...{ name: `${PREFIX}webhook_duration_seconds`, help: 'Request latency in seconds.' },
      ...{ labelNames: [...WEBHOOK], buckets: WEBHOOK_BUCKETS, registers },
    });
    this.matchErrors = counter(
      'match_condition_evaluation_errors_total',
      'Total number of errors when an authorization webhook encounters a match condition error split by authorizer type and name.',
      AUTHORIZER,
    );
    this.exclusions = counter(
      'match_condition_exclusions_total',
      'Total number of exclusions when an authorization webhook is skipped because match conditions exclude it.',
      AUTHORIZER,
    );
    this.matching = new Timings<(typeof AUTHORIZER)[number]>({
      name: `${PREFIX}match_condition_evaluation_seconds`,
      help: 'Authorization match condition evaluation time in seconds, split by authorizer type and name.',
      ...{ labelNames: [...AUTHORIZER], buckets: MATCH_BUCKETS, registers },
    });
    this.reloads = counter(
      'config_controller_automatic_reloads_total',
      'Total number of automatic reloads of authorization configuration split by status.',
      ['status'],
    );
    this.lastReload = new Gauge({
      name: `${PREFIX}config_controller_automatic_reload_last_timestamp_seconds`,
      help: 'Timestamp of the last automatic reload of authorization configuration split by status.',
      ...{ labelNames: ['status'], registers },
    });
  }

  /** What one authorizer counts its decisions in; the same for equal names. */
  countOf(type: string, name: string): DecisionCount {
    let count = this.counts.find((known) => known.type === type && known.name === name);
    if (!count) this.counts.push((count = { type, name, allowed: 0, denied: 0 }));
    return count;
  }

  roundTrips(name: string): ObserveRoundTrip {
    return (result, seconds) => {
      this.evaluations.inc({ name, result });
      this.durations.of({ name, result }).observe(seconds);
    };
  }

  observerOf(name: string): WebhookObserver {
    const labels = { type: 'Webhook', name };
    return {
      matched: (result, seconds) => {
        this.matching.of(labels).observe(seconds);
        if (result === 'failed') this.matchErrors.inc(labels);
        if (result === 'excluded') this.exclusions.inc(labels);
      },
      failedOpen: (result) => this.failOpen.inc({ name, result }),
    };
  }

  /** The configuration was read anew, at a time in milliseconds since the epoch. */
  reloaded(status: 'success' | 'failure', now: number): void {
    this.reloads.inc({ status });
    this.lastReload.set({ status }, now / 1000);
  }

  private reportDecisions(registers: MetricsRegistry[]): void {
    const { counts } = this;
    new Counter({
      name: `${PREFIX}decisions_total`,
      help: 'Total number of terminal decisions made by an authorizer split by authorizer type, name, and decision.',
      labelNames: [...AUTHORIZER, 'decision'],
      registers,
      collect() {
        this.reset();
        for (const { type, name, ...of } of counts) {
          for (const decision of ['allowed', 'denied'] as const)
            if (of[decision] > 0) this.inc({ type, name, decision }, of[decision]);
        }
      },
    });
  }
}
