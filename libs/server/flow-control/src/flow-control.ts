import type { FlowSchema, PriorityLevelConfiguration } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import { type Clock, type Context, type Soon } from '@binnacle/machinery-context';
import { StatusError } from '@binnacle/machinery-meta';
import { WatchCounts } from './estimate/watch-counts.js';
import type { PriorityLevel } from './levels/priority-level.js';
import { PriorityLevels } from './levels/priority-levels.js';
import { Classifier } from './matching/classifier.js';
import { Entry } from './queueing/entry.js';
import type { FlowStats } from './queueing/flow-stats.js';
import { type FlowRequest, ONE_SEAT, type WorkEstimate } from './types.js';

/** How a request is told whether and when it is served, and by whose rules. */
export interface Classification {
  readonly schema: FlowSchema;
  readonly level: PriorityLevel;
  readonly stats: FlowStats;
}

/** A request that is being served. */
export interface Admission {
  /** Gives the seats back. Harmless to repeat. */
  release(): void;
}

export interface FlowControlOptions {
  /** How many requests, of one seat each, are served at a time; whatever is exempt is not counted. */
  readonly seats: number;
  /** How long a request may wait for its seat, in milliseconds. */
  readonly longestWait: number;
  /** Hears of every wait and every request that was served, in milliseconds. */
  readonly observe?: {
    waited(stats: FlowStats, milliseconds: number, served: boolean): void;
    served(stats: FlowStats, milliseconds: number): void;
  };
}

/** An answer to whoever finds no seat. */
function tooManyRequests(): StatusError {
  const text = 'Too many requests, please try again later.';
  return new StatusError(429, 'TooManyRequests', text, { retryAfterSeconds: 1 });
}

/**
 * API Priority and Fairness: divides the server among those who use it, so that none can take what another needs.
 * Behaves as apiserver pkg/util/flowcontrol.
 */
export class FlowControl {
  readonly levels: PriorityLevels;
  readonly watches = new WatchCounts();
  private classifier: Classifier<Classification>;

  constructor(
    private readonly clock: Clock,
    private readonly options: FlowControlOptions,
  ) {
    this.levels = new PriorityLevels(clock, options.seats);
    this.levels.digest([]);
    this.classifier = this.classifierOf([]);
  }

  /** Takes a new configuration over, at once and for everything that is waiting. */
  configure(levels: readonly PriorityLevelConfiguration[], schemas: readonly FlowSchema[]): void {
    this.levels.digest(levels);
    this.classifier = this.classifierOf(schemas);
  }

  /** Whose rules a request falls under; found once for each kind of request somebody makes. */
  classify(request: FlowRequest): Classification {
    return this.classifier.classify(request);
  }

  /**
   * Waits for a seat, or for several. Throws or rejects with TooManyRequests where there is none in time, and with the
   * signal's reason when it aborts first. Whoever is admitted must release.
   */
  admit(
    ctx: Pick<Context, 'signal'>,
    classification: Classification,
    request: FlowRequest,
    estimate: WorkEstimate = ONE_SEAT,
  ): Soon<Admission> {
    const { level, stats } = classification;
    const { queues } = level;
    const entry = new Entry(estimate, stats, level.isExempt ? estimate.finalSeats : queues.concurrencyLimit);
    const offered = queues.offer(entry, level.tellsFlowsApart ? flowOf(classification.schema, request) : '');
    if (offered === 'served') return this.admitted(level, entry);
    if (offered === 'waiting') return this.wait(ctx, level, entry);
    throw tooManyRequests();
  }

  /** Does the work of one request when there is a seat for it. */
  run<T>(
    ctx: Pick<Context, 'signal'>,
    request: FlowRequest,
    work: () => Soon<T>,
    estimate: WorkEstimate = ONE_SEAT,
  ): Promise<T> {
    return this.guarded(() => this.admit(ctx, this.classify(request), request, estimate), work);
  }

  private async guarded<T>(admit: () => Soon<Admission>, work: () => Soon<T>): Promise<T> {
    const admission = await admit();
    try {
      return await work();
    } finally {
      admission.release();
    }
  }

  private wait({ signal }: Pick<Context, 'signal'>, level: PriorityLevel, entry: Entry): Promise<Admission> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
      };
      const giveUp = (error: unknown): void => {
        end();
        level.queues.withdraw(entry);
        this.options.observe?.waited(entry.stats, this.clock.now() - entry.arrivedAt, false);
        reject(error as Error);
      };
      const onAbort = () => giveUp(signal.reason);
      const cancel = this.clock.after(this.options.longestWait, () => giveUp(tooManyRequests()));
      signal.addEventListener('abort', onAbort, { once: true });
      entry.onStart = () => {
        end();
        resolve(this.admitted(level, entry));
      };
      if (signal.aborted) onAbort();
    });
  }

  private admitted(level: PriorityLevel, entry: Entry): Admission {
    if (!level.isExempt) this.options.observe?.waited(entry.stats, entry.startedAt - entry.arrivedAt, true);
    return {
      release: () => {
        if (entry.state !== 'served') return;
        this.options.observe?.served(entry.stats, this.clock.now() - entry.startedAt);
        level.queues.finish(entry);
      },
    };
  }

  private classifierOf(schemas: readonly FlowSchema[]): Classifier<Classification> {
    return new Classifier(this.levels.usable(schemas), (schema) => {
      const level = this.levels.find(schema.spec?.priorityLevelConfiguration.name ?? '') ?? this.levels.catchAll;
      return { schema, level, stats: level.statsOf(schema.metadata.name ?? '') };
    });
  }
}

/** Tells flows of one schema apart. The same namespace of two logical clusters is two. */
function flowOf({ metadata, spec }: FlowSchema, { user, cluster, resource }: FlowRequest): string {
  const type = spec?.distinguisherMethod?.type;
  const name = metadata.name ?? '';
  if (type === 'ByUser') return `${name}\0${user.name}`;
  if (type !== 'ByNamespace') return `${name}\0`;
  return `${name}\0${cluster}/${resource?.namespace ?? ''}`;
}
