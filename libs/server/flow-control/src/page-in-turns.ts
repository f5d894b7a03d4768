import type { Context } from '@binnacle/machinery-context';
import { turns } from './turns.js';
import type { ListResult, OrderedObjects, PageSearch } from '@binnacle/server-storage';

/**
 * Finds a page while others come in between. `objects` are asked for again after each pause, since what they are read from has
 * moved on; undefined where they cannot be had any more.
 */
export async function pageInTurns(
  ctx: Context,
  objects: () => OrderedObjects | undefined,
  search: PageSearch,
): Promise<ListResult | undefined> {
  const pace = turns.begin(ctx);
  for (;;) {
    const state = objects();
    const found = state && search.goOn(state, () => pace.isDue);
    if (found || !state) return found;
    await pace.rest();
  }
}
