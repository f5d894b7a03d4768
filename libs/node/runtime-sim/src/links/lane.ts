import { chance } from '../random.js';
import type { Path } from './path.js';

/** As a system sends again what was not acknowledged; RFC 6298 has one second for the first packet of a connection. */
const LEAST_RETRY_MILLISECONDS = 200;
const FIRST_RETRY_MILLISECONDS = 1_000;
const MOST_RETRIES = 6;

/** Says when packets that go one way arrive. The same packets in the same order meet the same fate. */
export class Lane {
  /** Nothing leaves before. */
  begins = 0;
  private latest = 0;
  private packets = 0;

  constructor(
    private readonly way: 'in' | 'out',
    /** Whose packets these are. */
    private readonly name: string,
  ) {}

  /** When a datagram that leaves now arrives; undefined where it is lost. */
  datagram(path: Path, now: number, bytes: number): number | undefined {
    this.packets += 1;
    const at = this.leave(path, now, bytes) + this.delay(path, 0);
    return this.isLost(path, 0) ? undefined : at;
  }

  /** When bytes of a stream arrive: never before those that went before, and later where they must be sent again. */
  segment(path: Path, now: number, bytes: number): number {
    this.packets += 1;
    const late = this.retries(path, LEAST_RETRY_MILLISECONDS + 2 * path.delay);
    this.latest = Math.max(this.latest, this.leave(path, now, bytes) + this.delay(path, 0) + late);
    return this.latest;
  }

  /** How long it takes until who dials hears that somebody is there. */
  handshake(path: Path): number {
    this.packets += 1;
    return this.delay(path, 0) + this.delay(path, 1) + this.retries(path, FIRST_RETRY_MILLISECONDS);
  }

  /** The slowest bounds it: what waits there does not keep others waiting elsewhere. */
  private leave(path: Path, now: number, bytes: number): number {
    return Math.max(now, this.begins, ...path[this.way].map((meter) => meter.pass(now, bytes)));
  }

  private delay(path: Path, nth: number): number {
    return path.delay + path.jitter * (2 * this.chance(path, 'delay', nth) - 1);
  }

  private retries(path: Path, first: number): number {
    let late = 0;
    for (let tried = 0; tried < MOST_RETRIES && this.isLost(path, tried); tried += 1) late += first * 2 ** tried;
    return late;
  }

  private isLost(path: Path, tried: number): boolean {
    return path.loss > 0 && this.chance(path, 'loss', tried) < path.loss;
  }

  private chance({ seed }: Path, what: string, nth: number): number {
    return chance(seed, this.name, this.way, what, this.packets, nth);
  }
}
