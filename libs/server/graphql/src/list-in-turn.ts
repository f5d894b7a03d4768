import type { RequestContext, ResourceStore, Selection } from '@binnacle/server-registry';
import type { ListResult, ListRevision, StoredObject } from '@binnacle/server-storage';
import { countRows } from './count-rows.js';
import { parsing } from './cost/limits.js';
import type { GraphqlRequest } from './request.js';

/** An operation that was allowed to list. */
export interface Listing {
  readonly request: GraphqlRequest;
  readonly ctx: RequestContext;
}

/** Views of another kind are converted as they are read, so only so many at a time. */
const VIEWS_AT_ONCE = 100;

async function listViews(
  { ctx, request: { budget } }: Listing,
  store: ResourceStore,
  selection: Selection,
  first: ListRevision,
): Promise<ListResult> {
  const items: StoredObject[] = [];
  let revision = first;
  for (;;) {
    const after = items.at(-1)?.key;
    const page = await store.list(ctx, selection, { revision, limit: VIEWS_AT_ONCE, ...(after && { after }) });
    revision = { at: 'exact', revision: page.revision };
    items.push(...page.items);
    const bytes = page.items.reduce((sum, { body }) => sum + body.length, 0);
    budget.charge(parsing(bytes));
    await budget.lane.step(parsing(bytes));
    if (!page.more) return { revision: page.revision, items, more: false };
  }
}

/** Everything a selection holds, charged for what the store has to look at, which may be much more. */
export async function listInTurn(
  listing: Listing,
  store: ResourceStore,
  selection: Selection,
  revision: ListRevision,
): Promise<ListResult> {
  const { ctx, request } = listing;
  const { budget } = request;
  const looked = await countRows(ctx, store, selection.namespace ?? '');
  budget.scan(looked);
  await budget.lane.step(looked);
  return store.definition.storage
    ? listViews(listing, store, selection, revision)
    : store.list(ctx, selection, { revision });
}
