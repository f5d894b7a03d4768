import type { Clock } from '@binnacle/machinery-context';
import { newTooManyRequests } from '@binnacle/machinery-meta';

const MOST_KEYS = 10_000;

export interface AllowanceOptions {
  readonly most: number;
  /** In which so many are allowed. */
  readonly milliseconds: number;
}

interface Used {
  count: number;
  readonly until: number;
}

/** So much of something for each key in a while, such as an address. */
export class Allowance {
  private readonly used = new Map<string, Used>();

  constructor(
    private readonly clock: Clock,
    private readonly options: AllowanceOptions,
  ) {}

  /** Throws TooManyRequests. */
  take(key: string): void {
    const now = this.clock.now();
    const before = this.used.get(key);
    const used = before && before.until > now ? before : { count: 0, until: now + this.options.milliseconds };
    if (used.count >= this.options.most)
      throw newTooManyRequests('too many attempts, please try again later', Math.ceil((used.until - now) / 1000));
    used.count += 1;
    this.used.delete(key);
    if (this.used.size >= MOST_KEYS) this.used.delete(this.used.keys().next().value ?? '');
    this.used.set(key, used);
  }

  /** It was none of those that are counted. */
  giveBack(key: string): void {
    const used = this.used.get(key);
    if (used && used.count > 0) used.count -= 1;
  }
}
