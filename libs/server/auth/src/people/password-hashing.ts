import { newTooManyRequests } from '@binnacle/machinery-meta';

/** Hashes computed at a time: each takes 16 MiB and a thread of the four that files and names are looked up with. */
const TOGETHER = 2;
const MOST_WAITING = 32;
/** Of one address; the others are not to wait behind it. */
const MOST_WAITING_EACH = 8;
const RETRY_SECONDS = 2;

interface Waiter {
  readonly from: string;
  start(): void;
}

/** Lets few passwords be hashed at a time, and few wait for it. */
export class PasswordHashing {
  private waiting: Waiter[] = [];
  private running = 0;
  /** Hashes begun since the start. */
  begun = 0;

  get queued(): number {
    return this.waiting.length;
  }

  /** Rejects with TooManyRequests where too many wait already; the work has not begun then. */
  async run<T>(from: string, work: () => Promise<T>): Promise<T> {
    if (this.running >= TOGETHER) await this.turn(from);
    else this.running += 1;
    this.begun += 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next.start();
      else this.running -= 1;
    }
  }

  private turn(from: string): Promise<void> {
    const own = this.waiting.filter((waiter) => waiter.from === from).length;
    if (own >= MOST_WAITING_EACH || this.waiting.length >= MOST_WAITING) {
      throw newTooManyRequests('too many people sign in at the moment, please try again later', RETRY_SECONDS);
    }
    return new Promise((resolve) => this.waiting.push({ from, start: resolve }));
  }
}
