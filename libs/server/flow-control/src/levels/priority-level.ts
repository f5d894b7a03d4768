import type { PriorityLevelConfiguration } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import type { Clock } from '@binnacle/machinery-context';
import { FlowStats } from '../queueing/flow-stats.js';
import type { Moments } from '../queueing/integrator.js';
import { type Limits, QueueSet } from '../queueing/queue-set.js';

/** Half of what was asked for five minutes ago still counts, with an adjustment every ten seconds. */
const SMOOTHING = 0.977;
/** A single request may take this part of its level. */
const WIDEST_PART = 0.15;

/** What a level may have, in seats. */
export interface SeatBounds {
  readonly nominal: number;
  readonly lower: number;
  readonly upper: number;
}

export interface DemandStats {
  readonly average: number;
  readonly deviation: number;
  readonly highWatermark: number;
  readonly smoothed: number;
}

const NO_DEMAND: DemandStats = { average: 0, deviation: 0, highWatermark: 0, smoothed: 0 };

function limitsOf({ spec }: PriorityLevelConfiguration): Limits {
  if (spec?.type === 'Exempt') return { kind: 'exempt' };
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = spec?.limited?.limitResponse?.queuing ?? {};
  return queues > 0 ? { kind: 'queue', queues, handSize, queueLengthLimit } : { kind: 'reject' };
}

/** One priority level as it works: its configuration, its seats and its queues. */
export class PriorityLevel {
  readonly queues: QueueSet;
  bounds: SeatBounds = { nominal: 0, lower: 0, upper: 0 };
  demand: DemandStats = NO_DEMAND;
  /** What was last aimed at when seats were divided. */
  target = 0;
  /** No object asks for it any more; it goes when nothing of it is being served. */
  quiescing = false;
  private limits: Limits;
  private readonly stats = new Map<string, FlowStats>();

  constructor(
    public object: PriorityLevelConfiguration,
    clock: Clock,
  ) {
    this.queues = new QueueSet(clock);
    this.limits = limitsOf(object);
  }

  get name(): string {
    return this.object.metadata.name ?? '';
  }

  get uid(): string {
    return this.object.metadata.uid ?? '';
  }

  get isExempt(): boolean {
    return this.limits.kind === 'exempt';
  }

  get shares(): number {
    const { limited, exempt } = this.object.spec ?? {};
    return (limited ?? exempt)?.nominalConcurrencyShares ?? 0;
  }

  /** The most seats one request may take; 0 where the level says nothing about it. */
  get mostSeats(): number {
    if (this.limits.kind !== 'queue') return 0;
    const { nominal } = this.bounds;
    const part = Math.min(Math.ceil(nominal * WIDEST_PART), Math.floor(nominal / this.limits.handSize));
    return Math.max(1, part);
  }

  /** Requests of one flow share a queue's turn; where there is but one queue, all are one flow. */
  get tellsFlowsApart(): boolean {
    return this.limits.kind === 'queue' && this.limits.queues > 1;
  }

  replaceObject(object: PriorityLevelConfiguration): void {
    this.object = object;
    this.limits = limitsOf(object);
    this.quiescing = false;
  }

  /** Divides the server: the level's part of `total` seats, by its shares of all `shares`. */
  allot(total: number, shares: number): void {
    const { limited, exempt } = this.object.spec ?? {};
    const nominal = shares > 0 ? Math.ceil((total * this.shares) / shares) : 0;
    const lendable = Math.round((nominal * ((limited ?? exempt)?.lendablePercent ?? 0)) / 100);
    const borrowing = limited?.borrowingLimitPercent;
    const borrowed = borrowing === undefined ? total : Math.round((nominal * borrowing) / 100);
    this.bounds = { nominal, lower: nominal - lendable, upper: nominal + borrowed };
  }

  /** Takes effect at once. */
  limitTo(seats: number): void {
    this.queues.configure(this.limits, seats);
  }

  /** Looks back on the period that has passed. */
  noteDemand({ average, deviation, max, duration }: Moments): void {
    const highWatermark = Math.round(max);
    const envelope = average + deviation;
    const decayed = SMOOTHING * this.demand.smoothed + (1 - SMOOTHING) * envelope;
    if (duration <= 0) this.demand = { ...this.demand, highWatermark };
    else this.demand = { average, deviation, highWatermark, smoothed: Math.max(envelope, decayed) };
  }

  statsOf(flowSchema: string): FlowStats {
    let stats = this.stats.get(flowSchema);
    if (!stats) this.stats.set(flowSchema, (stats = new FlowStats(this.name, flowSchema)));
    return stats;
  }

  allStats(): Iterable<FlowStats> {
    return this.stats.values();
  }
}
