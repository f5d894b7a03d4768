import { scopeRanges, type SortKeyRange, sortKey } from './keys.js';
import type { OrderedObjects } from './past-view.js';
import type { Bounds } from './sorted-map.js';
import { objectInScope } from './scoped-change.js';

import type { ListOptions, ListResult, Revision, Scope, StoredObject } from './types.js';

type Page = Pick<ListOptions, 'limit' | 'bytes' | 'after'>;

/** One page of a scope, in key order, from the objects of its resource at one revision. */
export function pageOf(objects: OrderedObjects, revision: Revision, scope: Scope, page: Page): ListResult {
  const search = new PageSearch(revision, scope, page);
  for (;;) {
    const found = search.goOn(objects, () => false);
    if (found) return found;
  }
}

/** How many objects are looked at before it is asked whether others should come in between. */
const LOOKS = 64;

/** Looks for one page and may be interrupted: few objects of a selector can lie far apart among many. */
export class PageSearch {
  private readonly items: StoredObject[] = [];
  private bytes = 0;
  private looked = 0;
  /** The last object that was looked at. */
  private last: string | undefined;

  constructor(
    private readonly revision: Revision,
    private readonly scope: Scope,
    private readonly page: Page,
  ) {
    this.last = page.after && sortKey(page.after);
  }

  /** Undefined where it stopped because that is due; `objects` must be those of the same revision each time. */
  goOn(objects: OrderedObjects, isDue: () => boolean): ListResult | undefined {
    const { revision, items, scope } = this;
    for (const range of scopeRanges(scope)) {
      for (const object of objects.range(after(range, this.last))) {
        if (objectInScope(scope, object) && !this.take(object)) return cut(objects, revision, scope, items);
        this.looked += 1;
        if (this.looked % LOOKS > 0 || !isDue()) continue;
        this.last = sortKey(object.key);
        return undefined;
      }
    }
    return { revision, items, more: false };
  }

  /** False where the page is full. */
  private take(object: StoredObject): boolean {
    const { limit, bytes = Number.POSITIVE_INFINITY } = this.page;
    if (this.items.length === (limit || Number.POSITIVE_INFINITY) || this.bytes > bytes) return false;
    this.items.push(object);
    this.bytes += object.body.length;
    return true;
  }
}

/** What of a range is behind a key. */
function after({ from, to }: SortKeyRange, last: string | undefined): Bounds {
  const isBehind = last !== undefined && (from === undefined || last >= from);
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }), ...(isBehind && { after: last }) };
}

function cut(objects: OrderedObjects, revision: Revision, scope: Scope, items: StoredObject[]): ListResult {
  const last = items[items.length - 1];
  if (!last || scope.matches || scope.name !== undefined) return { revision, items, more: true };
  const key = sortKey(last.key);
  const remaining = scopeRanges(scope).reduce((sum, range) => sum + objects.count(after(range, key)), 0);
  return { revision, items, more: true, remaining };
}
