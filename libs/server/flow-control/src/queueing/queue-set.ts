import type { Clock } from '@binnacle/machinery-context';
import { Dealer } from './dealer.js';
import { type Entry, GUESSED_DURATION } from './entry.js';
import { FairQueue } from './fair-queue.js';
import type { Rejection } from './flow-stats.js';
import { Integrator } from './integrator.js';

export interface Queuing {
  readonly queues: number;
  readonly handSize: number;
  readonly queueLengthLimit: number;
}

/** Whether requests are limited, and what becomes of those there is no seat for. */
export type Limits = { readonly kind: 'exempt' } | { readonly kind: 'reject' } | ({ readonly kind: 'queue' } & Queuing);

export type Offered = 'served' | 'waiting' | Rejection;

function sameDeck(dealer: Dealer | undefined, { queues, handSize }: Queuing): boolean {
  return dealer?.deck === queues && dealer.handSize === handSize;
}

/**
 * The seats of one priority level and the queues in front of them. Flows are served in turn, by the work they bring.
 * Behaves as apiserver pkg/util/flowcontrol/fairqueuing/queueset. Queues come into being when they are needed, so that
 * their number costs nothing.
 */
export class QueueSet {
  seatsInUse = 0;
  seatsWaiting = 0;
  executing = 0;
  waiting = 0;
  readonly demand: Integrator;
  private readonly queues = new Map<number, FairQueue>();
  private readonly backlogged = new Set<FairQueue>();
  private activeQueues = 0;
  private longSeats = 0;
  private dealer: Dealer | undefined;
  private limits: Limits = { kind: 'reject' };
  private limit = 0;
  /** Seat-milliseconds each busy queue could have had since the start: the R of fair queuing. */
  private currentR = 0;
  private lastTime: number;
  private robin = 0;
  private enqueues = 0;

  constructor(private readonly clock: Clock) {
    this.demand = new Integrator(clock);
    this.lastTime = clock.now();
  }

  get isIdle(): boolean {
    return this.waiting === 0 && this.executing === 0;
  }

  get concurrencyLimit(): number {
    return this.limit;
  }

  get queuesInUse(): readonly FairQueue[] {
    return [...this.queues.values()];
  }

  /** Takes effect at once; queues that are too many go when they are empty. */
  configure(limits: Limits, limit: number): void {
    this.syncTime();
    this.limits = limits;
    this.limit = limit;
    if (limits.kind === 'queue' && !sameDeck(this.dealer, limits)) {
      this.dealer = new Dealer(limits.queues, limits.handSize);
    }
    this.dispatch();
  }

  /** Lets a request through, keeps it waiting until `onStart`, or turns it away. `flow` tells flows apart. */
  offer(entry: Entry, flow: string): Offered {
    this.syncTime();
    entry.arrivedAt = this.lastTime;
    const { limits } = this;
    if (limits.kind === 'queue' && this.dealer) return this.enqueue(entry, limits, this.dealer.handOf(flow));
    if (limits.kind !== 'exempt' && (this.isHeldBack(entry) || !this.accommodates(entry.seats))) {
      entry.state = 'gone';
      entry.stats.rejected['concurrency-limit'] += 1;
      return 'concurrency-limit';
    }
    this.serve(entry);
    return 'served';
  }

  /** A waiting request goes away: its client left, or it has waited for too long. */
  withdraw(entry: Entry): void {
    if (entry.state !== 'waiting' || !entry.queue) return;
    this.syncTime();
    this.leaveQueue(entry, entry.queue);
    entry.queue.boundNextDispatch();
    entry.state = 'gone';
    entry.stats.rejected['time-out'] += 1;
    this.tidy(entry.queue);
    this.noteDemand();
  }

  /** A request has been served. Whoever can be served now is. */
  finish(entry: Entry): void {
    if (entry.state !== 'served') return;
    this.syncTime();
    entry.state = 'gone';
    this.executing -= 1;
    entry.stats.executing -= 1;
    if (entry.queue) this.settle(entry, entry.queue);
    if (entry.lingering > 0) this.clock.after(entry.lingering, () => this.releaseSeats(entry));
    else this.releaseSeats(entry);
  }

  private enqueue(entry: Entry, queuing: Queuing, hand: readonly number[]): Offered {
    const queue = this.shortest(hand);
    const isStuck = this.seatsInUse >= this.limit || this.isHeldBack(queue.oldest);
    if (isStuck && queue.waiting.size >= queuing.queueLengthLimit) {
      entry.state = 'gone';
      entry.stats.rejected['queue-full'] += 1;
      this.tidy(queue);
      return 'queue-full';
    }
    if (!queue.isActive) {
      queue.nextDispatchR = this.currentR;
      this.activeQueues += 1;
    }
    entry.queue = queue;
    entry.arrivalR = this.currentR;
    queue.add(entry);
    this.backlogged.add(queue);
    this.waiting += 1;
    this.seatsWaiting += entry.seats;
    entry.stats.waiting += 1;
    entry.stats.waitingSeats += entry.seats;
    queue.boundNextDispatch();
    this.noteDemand();
    this.dispatch();
    return entry.state === 'waiting' ? 'waiting' : 'served';
  }

  /** Of the queues a flow was dealt, that with the least work; not always looked at in the same order. */
  private shortest(hand: readonly number[]): FairQueue {
    const offset = this.enqueues % hand.length;
    this.enqueues += 1;
    let best = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < hand.length; at += 1) {
      const index = hand[(offset + at) % hand.length] ?? 0;
      const work = this.queues.get(index)?.waitingWork ?? 0;
      if (work >= least) continue;
      best = index;
      least = work;
    }
    return this.queueAt(best);
  }

  private queueAt(index: number): FairQueue {
    let queue = this.queues.get(index);
    if (!queue) this.queues.set(index, (queue = new FairQueue(index)));
    return queue;
  }

  private dispatch(): void {
    while (this.waiting > 0 && this.seatsInUse < this.limit && this.dispatchOne());
  }

  /** Serves the request that would be done first if all queues were served at once; false where there is no seat for it. */
  private dispatchOne(): boolean {
    const queue = this.earliest();
    const entry = queue?.oldest;
    if (!queue || !entry || !this.accommodates(entry.seats)) return false;
    this.robin = queue.index;
    queue.executing += 1;
    this.leaveQueue(entry, queue);
    queue.seatsInUse += entry.seats;
    queue.nextDispatchR += entry.work;
    queue.boundNextDispatch();
    this.serve(entry);
    entry.onStart?.();
    return true;
  }

  private earliest(): FairQueue | undefined {
    let best: FairQueue | undefined;
    let bestFinish = Number.POSITIVE_INFINITY;
    for (const queue of this.backlogged) {
      if (this.isHeldBack(queue.oldest)) continue;
      const finish = queue.nextDispatchR + (queue.oldest?.work ?? 0);
      if (finish > bestFinish || (finish === bestFinish && best && !this.isBefore(queue, best))) continue;
      best = queue;
      bestFinish = finish;
    }
    return best;
  }

  /** Whether a queue's turn comes before another's, counted on from the one that was served last. */
  private isBefore(a: FairQueue, b: FairQueue): boolean {
    const aIsAhead = a.index > this.robin;
    return aIsAhead === b.index > this.robin ? a.index < b.index : aIsAhead;
  }

  /**
   * Long requests take no more than half of the seats: they keep them for so long that whoever asks for little would
   * otherwise wait for the end of somebody else's list. Upstream's seats turn over faster, on many processors.
   */
  private isHeldBack(entry: Entry | undefined): boolean {
    if (!entry?.isLong || this.longSeats === 0) return false;
    return this.longSeats + entry.seats > Math.max(1, Math.floor(this.limit / 2));
  }

  private accommodates(seats: number): boolean {
    // Wider than all there is: served alone.
    if (seats > this.limit) return this.executing === 0;
    return this.seatsInUse + seats <= this.limit;
  }

  private serve(entry: Entry): void {
    entry.state = 'served';
    entry.startedAt = this.lastTime;
    this.executing += 1;
    this.seatsInUse += entry.seats;
    if (entry.isLong) this.longSeats += entry.seats;
    entry.stats.dispatched += 1;
    entry.stats.executing += 1;
    entry.stats.executingSeats += entry.seats;
    this.noteDemand();
  }

  private leaveQueue(entry: Entry, queue: FairQueue): void {
    const wasActive = queue.isActive;
    queue.remove(entry);
    if (queue.waiting.size === 0) this.backlogged.delete(queue);
    if (wasActive && !queue.isActive) this.activeQueues -= 1;
    this.waiting -= 1;
    this.seatsWaiting -= entry.seats;
    entry.stats.waiting -= 1;
    entry.stats.waitingSeats -= entry.seats;
  }

  /** What it really took replaces the guess. */
  private settle(entry: Entry, queue: FairQueue): void {
    const took = this.lastTime - entry.startedAt;
    queue.executing -= 1;
    if (!queue.isActive) this.activeQueues -= 1;
    queue.nextDispatchR -= entry.initialSeats * (GUESSED_DURATION - took);
    queue.boundNextDispatch();
  }

  private releaseSeats(entry: Entry): void {
    this.syncTime();
    this.seatsInUse -= entry.seats;
    if (entry.isLong) this.longSeats -= entry.seats;
    entry.stats.executingSeats -= entry.seats;
    if (entry.queue) {
      entry.queue.seatsInUse -= entry.seats;
      this.tidy(entry.queue);
    }
    this.noteDemand();
    this.dispatch();
  }

  /** An idle queue starts at the meter's present when it is used again: nothing of it need be kept. */
  private tidy(queue: FairQueue): void {
    if (queue.isEmpty) this.queues.delete(queue.index);
  }

  private syncTime(): void {
    const now = this.clock.now();
    if (this.activeQueues > 0) {
      const rate = Math.min(this.seatsInUse + this.seatsWaiting, this.limit) / this.activeQueues;
      this.currentR += rate * (now - this.lastTime);
    }
    this.lastTime = now;
  }

  private noteDemand(): void {
    this.demand.set(this.seatsInUse + this.seatsWaiting);
  }
}
