import { scopeRange, sortKey } from './keys.js';
import type { OrderedObjects } from './past-view.js';
import { objectInScope } from './scoped-change.js';

import type { ListOptions, ListResult, Revision, Scope, StoredObject } from './types.js';

type Page = Pick<ListOptions, 'limit' | 'after'>;

/** One page of a scope, in key order, from the objects of its resource at one revision. */
export function pageOf(objects: OrderedObjects, revision: Revision, scope: Scope, page: Page): ListResult {
  const range = scopeRange(scope);
  const bounds = page.after ? { ...range, after: sortKey(page.after) } : range;
  const limit = page.limit || Number.POSITIVE_INFINITY;
  const items: StoredObject[] = [];
  for (const object of objects.range(bounds)) {
    if (!objectInScope(scope, object)) continue;
    if (items.length === limit) return cut(objects, revision, scope, items, bounds.to);
    items.push(object);
  }
  return { revision, items, more: false };
}

function cut(
  objects: OrderedObjects,
  revision: Revision,
  scope: Scope,
  items: StoredObject[],
  to: string | undefined,
): ListResult {
  const last = items[items.length - 1];
  if (!last || scope.matches || scope.name !== undefined) return { revision, items, more: true };
  return { revision, items, more: true, remaining: objects.count({ after: sortKey(last.key), ...(to && { to }) }) };
}
