import { widest, type WorkEstimate } from '../types.js';
import type { FairQueue } from './fair-queue.js';
import type { FlowStats } from './flow-stats.js';

/** How long a request is taken to last before it is known, in milliseconds, as upstream guesses. */
export const GUESSED_DURATION = 3;

/** One request inside a priority level: first perhaps waiting, then being served. */
export class Entry {
  readonly seats: number;
  readonly initialSeats: number;
  readonly isLong: boolean;
  /** Seat-milliseconds it is thought to take. */
  readonly work: number;
  /** How long its seats stay taken after it has been served, in milliseconds. */
  readonly lingering: number;
  state: 'waiting' | 'served' | 'gone' = 'waiting';
  /** The queue's meter when it came. */
  arrivalR = 0;
  arrivedAt = 0;
  startedAt = 0;
  queue: FairQueue | undefined;
  /** Called when it is let through, where it had to wait. */
  onStart: (() => void) | undefined;

  constructor(
    estimate: WorkEstimate,
    readonly stats: FlowStats,
    mostSeats: number,
  ) {
    const { initialSeats, finalSeats, additionalLatency } = estimate;
    const final = finalSeats * additionalLatency;
    // What asks for more than there is takes all there is, for longer.
    const narrowed = Math.min(finalSeats, mostSeats);
    this.initialSeats = initialSeats;
    this.isLong = estimate.isLong ?? false;
    this.lingering = narrowed > 0 ? final / narrowed : 0;
    this.seats = widest({ ...estimate, finalSeats: narrowed });
    this.work = initialSeats * GUESSED_DURATION + final;
  }
}
