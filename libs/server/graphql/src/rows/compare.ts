import { compareQuantities, isQuantity } from '@binnacle/machinery-quantity';

const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/;
/** A quantity with a suffix, such as 500m or 1Gi; plain numbers are compared as such anyway. */
const SUFFIXED = /^-?\d+(\.\d+)?([numkMGTPE]|[KMGTPE]i)$/;

function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'string' && PLAIN_NUMBER.test(value) ? Number(value) : undefined;
}

function isAmount(value: unknown): value is string | number {
  if (typeof value === 'number') return true;
  return typeof value === 'string' && (PLAIN_NUMBER.test(value) || (SUFFIXED.test(value) && isQuantity(value)));
}

/**
 * Orders two values as a person would: numbers by size, quantities by amount (1Gi after 900Mi), everything else as text
 * without regard to the reader's language. What is absent comes last.
 */
export function compareValues(left: unknown, right: unknown): number {
  if (left == null || right == null) return Number(left == null) - Number(right == null);
  const [a, b] = [asNumber(left), asNumber(right)];
  if (a !== undefined && b !== undefined) return a - b;
  if (isAmount(left) && isAmount(right)) return compareQuantities(left, right);
  const [x, y] = [textOf(left), textOf(right)];
  return x < y ? -1 : Number(x > y);
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
