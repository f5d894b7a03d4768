import type { ScopedResourceSelectorRequirement } from '../core/v1/index.js';
import type { ResourceList } from './resource-list.js';

/** A write of an object, as far as quotas go. */
export interface QuotaRequest<T> {
  readonly operation: string;
  readonly subresource: string;
  readonly object: T;
  readonly old?: T | undefined;
}

/** What quotas know of objects of one kind. */
export interface Evaluator<T = object> {
  /** Whether a write can use up more than before. */
  handles(request: QuotaRequest<T>): boolean;
  /** Whether something of this name is counted of these objects. */
  counts(name: string): boolean;
  /** Why an object does not say enough of itself to be counted. */
  missing?(names: readonly string[], object: T): string | undefined;
  matchesScope(scope: ScopedResourceSelectorRequirement, object: T): boolean;
  /** What an object uses at a time (milliseconds since the epoch). */
  usage(object: T, now: number): ResourceList;
}

/** Whether what an object has fits what a selector asks for; it may have several, or nothing. */
export function fits({ operator, values = [] }: ScopedResourceSelectorRequirement, has: readonly string[]): boolean {
  switch (operator) {
    case 'Exists':
      return has.length > 0;
    case 'DoesNotExist':
      return has.length === 0;
    case 'In':
      return has.some((value) => values.includes(value));
    default:
      return has.length === 0 || has.some((value) => !values.includes(value));
  }
}
