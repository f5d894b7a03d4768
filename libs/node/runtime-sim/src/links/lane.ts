import { chance } from '../random.js';
import type { Path } from './path.js';

/** As a system sends again what was not acknowledged; RFC 6298 has one second for the first packet of a connection. */
const LEAST_RETRY_MILLISECONDS = 200;
const FIRST_RETRY_MILLISECONDS = 1_000;
const MOST_RETRIES = 6;

/** Says when packets that go one way arrive. The same packets in the same order meet the same fate. */
export class Lane {
  /** When the last bit of what went before has left. */
  private free = 0;
  private latest = 0;
  private packets = 0;

  constructor(
    private readonly path: Path,
    private readonly rate: number,
    /** Whose packets these are, and which way they go. */
    private readonly name: string,
  ) {}

  /** When a datagram that leaves now arrives; undefined where it is lost. */
  datagram(now: number, bytes: number): number | undefined {
    this.packets += 1;
    const at = this.leave(now, bytes) + this.delay(0);
    return this.isLost(0) ? undefined : at;
  }

  /** When bytes of a stream arrive: never before those that went before, and later where they must be sent again. */
  segment(now: number, bytes: number): number {
    this.packets += 1;
    const at = this.leave(now, bytes) + this.delay(0) + this.retries(LEAST_RETRY_MILLISECONDS + 2 * this.path.delay);
    this.latest = Math.max(this.latest, at);
    return this.latest;
  }

  /** How long it takes until who dials hears that somebody is there. */
  handshake(): number {
    this.packets += 1;
    return this.delay(0) + this.delay(1) + this.retries(FIRST_RETRY_MILLISECONDS);
  }

  private leave(now: number, bytes: number): number {
    this.free = Math.max(this.free, now) + (bytes * 8_000) / this.rate;
    return this.free;
  }

  private delay(nth: number): number {
    const { delay, jitter } = this.path;
    return delay + jitter * (2 * this.chance('delay', nth) - 1);
  }

  private retries(first: number): number {
    let late = 0;
    for (let tried = 0; tried < MOST_RETRIES && this.isLost(tried); tried += 1) late += first * 2 ** tried;
    return late;
  }

  private isLost(tried: number): boolean {
    return this.path.loss > 0 && this.chance('loss', tried) < this.path.loss;
  }

  private chance(what: string, nth: number): number {
    return chance(this.path.seed, this.name, what, this.packets, nth);
  }
}
