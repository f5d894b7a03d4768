import { randomInt } from 'node:crypto';
import type { RequestContext } from '../request-context.js';
import type { Claimant, Claims } from './claims.js';

/** The values an allocator gives out, by position. */
export interface ValueRange {
  readonly size: number;
  /** Shown by a write that is only tried. It is never given out. */
  readonly dummy: string;
  /** Positions from here on are given out first; those below are kept for who asks for one by name. */
  readonly dynamicFrom: number;
  valueAt(position: number): string;
  contains(value: string): boolean;
  /** For messages, for example `30000-32767`. */
  toString(): string;
}

const RANDOM_ATTEMPTS = 8;

export type ClaimOutcome = 'taken' | 'outOfRange' | 'claimed';

/** Gives out values of a range, each to one Service. */
export class Allocator {
  constructor(
    readonly range: ValueRange,
    readonly claims: Claims,
  ) {}

  /** Claims the value somebody asked for. With `dryRun` it only looks. */
  async claim(ctx: RequestContext, value: string, claimant: Claimant, dryRun: boolean): Promise<ClaimOutcome> {
    if (!this.range.contains(value)) return 'outOfRange';
    const free = dryRun ? !(await this.claims.isTaken(ctx, value)) : await this.claims.take(ctx, value, claimant);
    return free ? 'claimed' : 'taken';
  }

  /** Claims any free value; undefined where the range is full. */
  async claimAny(ctx: RequestContext, claimant: Claimant): Promise<string | undefined> {
    const { dynamicFrom, size } = this.range;
    for (let attempt = 0; attempt < RANDOM_ATTEMPTS; attempt += 1) {
      const value = this.range.valueAt(randomInt(dynamicFrom, size));
      if ((await this.claim(ctx, value, claimant, false)) === 'claimed') return value;
    }
    return this.scan(ctx, claimant);
  }

  private async scan(ctx: RequestContext, claimant: Claimant): Promise<string | undefined> {
    const taken = new Set((await this.claims.list(ctx)).map(({ value }) => value));
    const { dynamicFrom, size } = this.range;
    for (let step = 0; step < size; step += 1) {
      const value = this.range.valueAt((dynamicFrom + step) % size);
      if (!taken.has(value) && (await this.claim(ctx, value, claimant, false)) === 'claimed') return value;
    }
    return undefined;
  }
}
