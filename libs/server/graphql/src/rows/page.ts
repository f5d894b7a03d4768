import { newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import type { ResourceStore } from '@binnacle/server-registry';
import { type SelectionArguments, selectionFrom } from '../selection.js';
import type { GraphqlRequest, Located } from '../request.js';
import { compileFilter, type Filter } from './filter.js';
import { compileSort, type SortKey } from './sort.js';

export interface PageArguments extends SelectionArguments {
  readonly filter?: Filter | null;
  readonly sort?: readonly SortKey[] | null;
  readonly first?: number | null;
  readonly after?: string | null;
  /** Reads the past: the state as it was at this resourceVersion. */
  readonly resourceVersion?: string | null;
}

/** One page of a list, all of its pages read at one and the same revision. */
export interface Page {
  readonly nodes: readonly Located[];
  readonly totalCount: number;
  readonly resourceVersion: string;
  readonly endCursor: string | null;
  readonly hasNextPage: boolean;
}

interface Cursor {
  readonly revision: number;
  readonly offset: number;
}

export const DEFAULT_PAGE = 100;
export const LARGEST_PAGE = 1000;

function formatCursor({ revision, offset }: Cursor): string {
  return Buffer.from(`${revision}:${offset}`).toString('base64url');
}

function parseCursor(text: string): Cursor {
  const match = /^(\d{1,15}):(\d{1,9})$/.exec(Buffer.from(text, 'base64url').toString());
  if (!match) throw newBadRequest(`invalid cursor "${text}"; use the endCursor of the page before`);
  return { revision: Number(match[1]), offset: Number(match[2]) };
}

function pageSize(first: number | null | undefined): number {
  const size = first ?? DEFAULT_PAGE;
  if (size >= 0 && size <= LARGEST_PAGE) return size;
  throw newBadRequest(`first must be from 0 to ${LARGEST_PAGE}, not ${size}`);
}

function startOf(args: PageArguments): Partial<Cursor> {
  if (args.after) return parseCursor(args.after);
  if (!args.resourceVersion) return {};
  if (!/^[1-9]\d{0,14}$/.test(args.resourceVersion))
    throw newBadRequest(`invalid resourceVersion "${args.resourceVersion}"`);
  return { revision: Number(args.resourceVersion) };
}

/** Lists, filters, sorts and cuts, in that order, so that sort and total are those of the whole list. */
export async function readPage(request: GraphqlRequest, store: ResourceStore, args: PageArguments): Promise<Page> {
  const { ctx } = request;
  const { namespace } = args;
  await request.authorize(ctx, { verb: 'list', definition: store.definition, ...(namespace && { namespace }) });
  const size = pageSize(args.first);
  const { revision: wanted, offset = 0 } = startOf(args);
  const revision = wanted === undefined ? ({ at: 'latest' } as const) : ({ at: 'exact', revision: wanted } as const);
  const list = await store.list(ctx, selectionFrom(store.definition, args), { revision });
  const { total, rows } = arrange(list.items, (item) => store.decode(item), args, { from: offset, to: offset + size });
  request.related.reach(rows.length);
  const end = offset + rows.length;
  return {
    nodes: rows.map((object) => ({ store, object })),
    totalCount: total,
    resourceVersion: String(list.revision),
    endCursor: rows.length > 0 ? formatCursor({ revision: list.revision, offset: end }) : (args.after ?? null),
    hasNextPage: end < total,
  };
}

interface Arranged {
  readonly total: number;
  readonly rows: readonly UnstructuredObject[];
}

/** A list in the store's own order, by namespace and name, needs only the objects of the page itself. */
function arrange<T>(
  items: readonly T[],
  decode: (item: T) => UnstructuredObject,
  { filter, sort }: PageArguments,
  { from, to }: { from: number; to: number },
): Arranged {
  if (!filter && !sort?.length) return { total: items.length, rows: items.slice(from, to).map(decode) };
  const objects = items.map(decode);
  const rows = filter ? objects.filter(compileFilter(filter)) : objects;
  if (sort?.length) rows.sort(compileSort(sort));
  return { total: rows.length, rows: rows.slice(from, to) };
}
