import type { IntOrString } from '@binnacle/machinery-meta';

const PERCENT = /^([+-]?\d+)%$/;

/** Undefined where the value is no percentage. */
export function percentOf(value: IntOrString): number | undefined {
  const match = typeof value === 'string' ? PERCENT.exec(value) : null;
  return match ? Number(match[1]) : undefined;
}

/**
 * The number an int-or-percent means for that total.
 * @throws RangeError where it is text but no percentage.
 */
export function scaledValue(value: IntOrString, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) {
    throw new RangeError('invalid value for IntOrString: invalid type: string is not a percentage');
  }
  const exact = (percent * total) / 100;
  return roundUp ? Math.ceil(exact) : Math.floor(exact);
}
