const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** So that a server whose clock is behind believes what was signed just now. */
const BACKDATE = 5 * MINUTE;
/** Of what lives shorter than this, the five minutes are not taken off the end. */
const SHORT = 480 * MINUTE;
const SHORTEST = 10 * MINUTE;

export interface Lifetimes {
  /** The longest that a certificate lives, and what it lives where nothing is asked. Milliseconds. */
  readonly longest: number;
  /** When the authority ends. Milliseconds since the epoch. */
  readonly authorityEnds: number;
}

export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

function lifetime(longest: number, asked: number | undefined): number {
  return asked === undefined ? longest : Math.min(longest, Math.max(SHORTEST, asked * SECOND));
}

/**
 * From when until when a certificate holds, milliseconds since the epoch; `asked` is in seconds. Throws where the authority
 * has ended. Behaves as kubernetes certificates/authority PermissiveSigningPolicy.
 */
export function validityOf(now: number, { longest, authorityEnds }: Lifetimes, asked?: number): Validity {
  const notBefore = now - BACKDATE;
  if (now >= authorityEnds) {
    throw new Error(
      `refusing to sign a certificate that expired in the past: NotAfter=${new Date(authorityEnds).toISOString()}`,
    );
  }
  const lives = lifetime(longest, asked);
  const notAfter = now + (lives < SHORT ? lives : lives - BACKDATE);
  return { notBefore, notAfter: Math.min(notAfter, authorityEnds) };
}
