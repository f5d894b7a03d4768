/** One claim on what is to be divided. `target >= lowerBound >= 0` and `upperBound >= lowerBound`. */
export interface Claim {
  readonly target: number;
  readonly lowerBound: number;
  readonly upperBound: number;
}

export interface Allocation {
  readonly shares: readonly number[];
  /** What part of its target everybody gets that is not at a bound. */
  readonly fairFraction: number;
}

const LEAST_TARGET = 0.001;
const EPSILON = 1e-7;
/** Halvings until the fraction is exact to what a double holds. */
const HALVINGS = 100;

const targetOf = ({ target }: Claim): number => Math.max(target, LEAST_TARGET);

function shareAt(claim: Claim, fraction: number): number {
  return Math.max(claim.lowerBound, Math.min(claim.upperBound, fraction * targetOf(claim)));
}

function sumOf(claims: readonly Claim[], value: (claim: Claim) => number): number {
  return claims.reduce((sum, claim) => sum + value(claim), 0);
}

/** The sum grows with the fraction, so the fraction is found by halving. */
function fractionFor(total: number, claims: readonly Claim[]): number {
  let low = 0;
  let high = Math.max(...claims.map((claim) => claim.upperBound / targetOf(claim)));
  for (let round = 0; round < HALVINGS; round += 1) {
    const middle = (low + high) / 2;
    if (sumOf(claims, (claim) => shareAt(claim, middle)) < total) low = middle;
    else high = middle;
  }
  return high;
}

/**
 * Divides a total so that everybody gets the same part of its target, as far as the bounds allow; undefined where no
 * division keeps to them. Answers what apiserver pkg/util/flowcontrol computeConcurrencyAllocation does.
 */
export function allocate(total: number, claims: readonly Claim[]): Allocation | undefined {
  const least = sumOf(claims, ({ lowerBound }) => lowerBound);
  const most = sumOf(claims, ({ upperBound }) => upperBound);
  if (least - total > EPSILON || total - most > EPSILON) return undefined;
  if (claims.length === 0) return { shares: [], fairFraction: 0 };
  const fairFraction = fractionFor(total, claims);
  return { shares: claims.map((claim) => shareAt(claim, fairFraction)), fairFraction };
}
