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

/** Gives out values, each to one Service. */
export interface Values {
  readonly claims: Claims;
  /** Shown by a write that is only tried. */
  readonly dummy: string;
  contains(value: string): boolean;
  /** Claims the value somebody asked for. With `dryRun` it only looks. */
  claim(ctx: RequestContext, value: string, claimant: Claimant, dryRun: boolean): Promise<ClaimOutcome>;
  /** Claims any free value; undefined where there is none. */
  claimAny(ctx: RequestContext, claimant: Claimant): Promise<string | undefined>;
  /** For messages. */
  toString(): string;
}

/** Gives out the values of several ranges: what one has no room for the next may have. */
export class JoinedAllocator implements Values {
  constructor(
    private readonly parts: readonly Allocator[],
    readonly claims: Claims,
  ) {}

  get dummy(): string {
    return this.parts[0]?.dummy ?? '';
  }

  contains(value: string): boolean {
    return this.parts.some((part) => part.contains(value));
  }

  async claim(ctx: RequestContext, value: string, claimant: Claimant, dryRun: boolean): Promise<ClaimOutcome> {
    const part = this.parts.find((each) => each.contains(value));
    return part ? await part.claim(ctx, value, claimant, dryRun) : 'outOfRange';
  }

  async claimAny(ctx: RequestContext, claimant: Claimant): Promise<string | undefined> {
    for (const part of this.parts) {
      const value = await part.claimAny(ctx, claimant);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  toString(): string {
    return this.parts.join(', ');
  }
}

/** Gives out the values of one range. */
export class Allocator implements Values {
  constructor(
    readonly range: ValueRange,
    readonly claims: Claims,
  ) {}

  get dummy(): string {
    return this.range.dummy;
  }

  contains(value: string): boolean {
    return this.range.contains(value);
  }

  toString(): string {
    return this.range.toString();
  }

  async claim(ctx: RequestContext, value: string, claimant: Claimant, dryRun: boolean): Promise<ClaimOutcome> {
    if (!this.range.contains(value)) return 'outOfRange';
    const free = dryRun ? !(await this.claims.isTaken(ctx, value)) : await this.claims.take(ctx, value, claimant);
    return free ? 'claimed' : 'taken';
  }

  async claimAny(ctx: RequestContext, claimant: Claimant): Promise<string | undefined> {
    const { dynamicFrom, size } = this.range;
    if (size === 0) return undefined;
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
