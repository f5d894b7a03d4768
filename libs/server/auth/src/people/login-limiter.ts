import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@binnacle/machinery-context';

/** Who tries to sign in, as far as can be told before the password is looked at. */
export interface LoginAttempt {
  readonly account: string;
  /** Where it comes from, an IP address. */
  readonly address: string;
  /** A browser that has signed in to this account before, and can prove it. */
  readonly device?: string | undefined;
}

/** How a kind of guessing is slowed down: so many for nothing, then pauses that double. */
interface Pace {
  readonly free: number;
  readonly firstPause: number;
  readonly longestPause: number;
}

const SECOND = 1000;
/** By one browser that belongs here, or else from one address, at one account. */
const OWN: Pace = { free: 5, firstPause: 2 * SECOND, longestPause: 60 * SECOND };
/** From one address at whatever accounts. */
const ADDRESS: Pace = { free: 30, firstPause: SECOND, longestPause: 30 * SECOND };
/** At one account from whatever addresses: soft, or whoever knows a name could keep its owner out. */
const ACCOUNT: Pace = { free: 50, firstPause: SECOND, longestPause: 5 * SECOND };
/** Guesses are forgotten when there was none for so long. */
const FORGOTTEN_AFTER = 60 * 60 * SECOND;
const MOST_KEYS = 10_000;

interface Guesses {
  count: number;
  /** Milliseconds since the epoch until which nothing more is tried. */
  blockedUntil: number;
  last: number;
}

/** The guesses of one kind, by key; the least recent are forgotten when there are too many. */
class GuessCounter {
  private readonly known = new Map<string, Guesses>();

  constructor(
    private readonly clock: Clock,
    private readonly pace: Pace,
  ) {}

  get size(): number {
    return this.known.size;
  }

  waitMilliseconds(key: string): number {
    return Math.max(0, (this.known.get(key)?.blockedUntil ?? 0) - this.clock.now());
  }

  add(key: string): void {
    const now = this.clock.now();
    const before = this.known.get(key);
    const isFresh = before !== undefined && now - before.last < FORGOTTEN_AFTER;
    const count = (isFresh ? before.count : 0) + 1;
    this.known.delete(key);
    this.known.set(key, { count, last: now, blockedUntil: now + this.pauseAfter(count) });
    const [oldest] = this.known.keys();
    if (this.known.size > MOST_KEYS && oldest !== undefined) this.known.delete(oldest);
  }

  /** It was no guess after all. */
  takeBack(key: string): void {
    const guesses = this.known.get(key);
    if (!guesses) return;
    guesses.count -= 1;
    guesses.blockedUntil = 0;
    if (guesses.count <= 0) this.known.delete(key);
  }

  forget(key: string): void {
    this.known.delete(key);
  }

  private pauseAfter(count: number): number {
    const over = count - this.pace.free;
    return over < 0 ? 0 : Math.min(this.pace.longestPause, this.pace.firstPause * 2 ** Math.min(over, 20));
  }
}

interface Counted {
  readonly counter: GuessCounter;
  readonly key: string;
}

/**
 * Slows guessing down. A guess is counted before its password is looked at, so that many at once do not slip through.
 * Names and addresses are kept as short hashes: what somebody made up costs no more than what is real.
 */
export class LoginLimiter {
  private readonly salt = randomBytes(16);
  private readonly own: GuessCounter;
  private readonly addresses: GuessCounter;
  private readonly accounts: GuessCounter;

  constructor(clock: Clock) {
    this.own = new GuessCounter(clock, OWN);
    this.addresses = new GuessCounter(clock, ADDRESS);
    this.accounts = new GuessCounter(clock, ACCOUNT);
  }

  /** Hashes kept, of all kinds. */
  get size(): number {
    return this.own.size + this.addresses.size + this.accounts.size;
  }

  /** Counts a guess and answers 0, or the seconds until the next may be made. */
  begin(attempt: LoginAttempt): number {
    const counted = this.countersOf(attempt);
    const wait = Math.max(...counted.map(({ counter, key }) => counter.waitMilliseconds(key)));
    if (wait > 0) return Math.ceil(wait / SECOND);
    for (const { counter, key } of counted) counter.add(key);
    return 0;
  }

  /** It was the right password. What others guessed at the account stays counted. */
  succeeded(attempt: LoginAttempt): void {
    const [own, ...general] = this.countersOf(attempt);
    own?.counter.forget(own.key);
    for (const { counter, key } of general) counter.takeBack(key);
  }

  /** The password has not been looked at. */
  takeBack(attempt: LoginAttempt): void {
    for (const { counter, key } of this.countersOf(attempt)) counter.takeBack(key);
  }

  /** Who has been here before is not held up by what others do. */
  private countersOf({ account, address, device }: LoginAttempt): Counted[] {
    if (device) return [{ counter: this.own, key: this.hash(account, 'device', device) }];
    return [
      { counter: this.own, key: this.hash(account, 'address', address) },
      { counter: this.addresses, key: this.hash(address) },
      { counter: this.accounts, key: this.hash(account) },
    ];
  }

  private hash(...parts: readonly string[]): string {
    return createHash('sha256').update(this.salt).update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
  }
}
