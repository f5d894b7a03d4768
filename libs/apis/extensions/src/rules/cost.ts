import { type FieldError, type FieldPath, forbidden } from '@binnacle/machinery-validation';
import type { JsonSchema } from '../schema/types.js';

/** What one expression, and all of a definition's version, may cost by estimate. */
export const EXPRESSION_COST_LIMIT = 10_000_000;
export const SCHEMA_COST_LIMIT = 100_000_000;
const MOST_TOLD = 4;
const UNBOUNDED = 2 ** 64;

export function multiplied(cost: number, times: number): number {
  return Math.min(cost * times, UNBOUNDED);
}

/** How often the parts of a value of this schema may stand in it; undefined where nothing says so. */
export function mostParts({ type, additionalProperties, maxProperties, maxItems }: JsonSchema): number | undefined {
  if (type === 'array') return maxItems === undefined ? undefined : Math.max(maxItems, 0);
  if (type !== 'object' || additionalProperties === undefined) return 1;
  return maxProperties === undefined ? undefined : Math.max(maxProperties, 0);
}

export function costMessage(what: string, cost: number, limit: number): string {
  const factor = cost / limit;
  const digits = factor < 1.5 ? factor.toFixed(6) : factor.toFixed(1);
  const told = factor > 100 ? 'more than 100x' : `${digits}x`;
  const advice =
    'try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared';
  return `${what} exceeds budget by factor of ${told} (${advice})`;
}

/** Sums up what all expressions of a schema may cost, and remembers the dearest. */
export class TotalCost {
  private total = 0;
  private dearest: { readonly path: FieldPath; readonly cost: number }[] = [];

  observe(path: FieldPath, cost: number): void {
    this.total = Math.min(this.total + cost, UNBOUNDED);
    if (cost < SCHEMA_COST_LIMIT / 100) return;
    this.dearest.push({ path, cost });
    this.dearest.sort((left, right) => right.cost - left.cost);
    this.dearest.length = Math.min(this.dearest.length, MOST_TOLD);
  }

  validate(path: FieldPath): FieldError[] {
    if (this.total <= SCHEMA_COST_LIMIT) return [];
    const why = 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema';
    const what = 'x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema';
    return [
      ...this.dearest.map((rule) => forbidden(rule.path, why)),
      forbidden(path, costMessage(what, this.total, SCHEMA_COST_LIMIT)),
    ];
  }
}
