import { isForbidden } from '@binnacle/machinery-meta';
import type { Authorize } from '../request.js';

/** The right that somebody lacks. */
export interface MissingRight {
  readonly verb: string;
  readonly group: string;
  /** Plural name. */
  readonly resource: string;
  readonly subresource?: string;
  /** Empty for a kind that is in none, and for all of them. */
  readonly namespace: string;
  readonly name?: string;
}

const missing = new WeakMap<Error, MissingRight>();

/** Which right a refusal is for want of; undefined for a refusal by anything else. */
export const missingRight = (error: unknown): MissingRight | undefined =>
  error instanceof Error ? missing.get(error) : undefined;

/** Asks as before, and remembers of each refusal what was asked. */
export function noting(authorize: Authorize): Authorize {
  return async (ctx, attempt) => {
    try {
      return await authorize(ctx, attempt);
    } catch (error) {
      if (isForbidden(error)) missing.set(error, rightOf(attempt));
      throw error;
    }
  };
}

function rightOf({ verb, definition, subresource, namespace = '', name }: Parameters<Authorize>[1]): MissingRight {
  const { group, names } = definition;
  const part = { ...(subresource && { subresource }), ...(name && { name }) };
  return { verb, group, resource: names.plural, namespace, ...part };
}
