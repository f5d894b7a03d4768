/** Cancels a scheduled callback; calling it twice is harmless. */
export type CancelTimer = () => void;

/** The only source of time. Products get a clock that reads the machine; tests get a fake one that they step. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Calls `callback` once, `delay` milliseconds from now. */
  after(delay: number, callback: () => void): CancelTimer;
}

/** RFC 3339 in whole seconds, UTC, as `metav1.Time`. */
export function formatTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** RFC 3339 with six fractional digits, as `metav1.MicroTime`. */
export function formatMicroTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 23)}000Z`;
}
