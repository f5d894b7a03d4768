import { type Quantity, quote } from '@binnacle/machinery-meta';
import { canonicalQuantity, compareQuantities, isQuantity, toMillis } from '@binnacle/machinery-quantity';
import { type FieldError, type FieldPath, invalid, MUST_NOT_BE_NEGATIVE } from '@binnacle/machinery-validation';

export type ResourceList = Record<string, Quantity>;

/** Writes amounts as upstream stores them; what is no quantity stays for validation to report. */
export function canonicalise(...lists: (ResourceList | undefined)[]): void {
  for (const list of lists)
    for (const [resource, amount] of Object.entries(list ?? {}))
      if (list && isQuantity(amount)) list[resource] = canonicalQuantity(amount);
}

export function canonicalised(amount: Quantity): Quantity {
  return isQuantity(amount) ? canonicalQuantity(amount) : amount;
}

/** Behaves as kubernetes ValidatePositiveQuantityValue. */
export function validatePositiveQuantity(amount: Quantity, path: FieldPath): FieldError[] {
  const positive = isQuantity(amount) && compareQuantities(amount, 0) > 0;
  return positive ? [] : [invalid(path, String(amount), 'must be greater than zero')];
}

/** Behaves as kubernetes ValidateNonnegativeQuantity. */
export function validateNonNegativeQuantity(amount: Quantity, path: FieldPath): FieldError[] {
  const negative = isQuantity(amount) && compareQuantities(amount, 0) < 0;
  return negative ? [invalid(path, String(amount), MUST_NOT_BE_NEGATIVE)] : [];
}

/** What to tell of an amount of bytes that is no whole number: a byte cannot be divided. */
export function fractionWarnings(amount: Quantity | undefined, path: FieldPath): string[] {
  if (!isQuantity(amount) || toMillis(amount) % 1000 === 0) return [];
  return [`${path}: fractional byte value ${quote(String(amount))} is invalid, must be an integer`];
}
