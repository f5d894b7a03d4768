import type { Quantity } from '@binnacle/machinery-meta';
import { canonicalQuantity, isQuantity } from '@binnacle/machinery-quantity';

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
