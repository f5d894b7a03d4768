import { newBadRequest } from '@binnacle/machinery-meta';
import type { ResourceStore, Selection } from '@binnacle/server-registry';
import type { ListRevision, StoredObject } from '@binnacle/server-storage';
import { type Listing, listInTurn } from '../list-in-turn.js';
import type { Found, GraphqlRequest } from '../request.js';
import { type SelectionArguments, selectionFrom } from '../selection.js';
import { shown } from './path.js';
import { type Arrangement, Scan } from './scan.js';

export interface PageArguments extends SelectionArguments, Arrangement {
  readonly first?: number | null;
  readonly after?: string | null;
  /** Reads the past: the state as it was at this resourceVersion. */
  readonly resourceVersion?: string | null;
}

/** One page of a list, all of its pages read at one and the same revision. */
export interface Page {
  readonly nodes: readonly Found[];
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
  const match = /^(\d{1,15}):(\d{1,9})$/.exec(Buffer.from(text.slice(0, 100), 'base64url').toString());
  if (!match) throw newBadRequest(`invalid cursor "${shown(text)}"; use the endCursor of the page before`);
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
    throw newBadRequest(`invalid resourceVersion "${shown(args.resourceVersion)}"`);
  return { revision: Number(args.resourceVersion) };
}

/** The rows of a list up to the end of a page, and how many there are in all. */
interface Rows {
  readonly revision: number;
  readonly total: number;
  readonly rows: readonly StoredObject[];
}

interface Reading extends Listing {
  readonly store: ResourceStore;
  readonly selection: Selection;
  readonly revision: ListRevision;
}

/** A list in the store's own order, by namespace and name, is read only up to the end of the page. */
async function readUpTo({ request, ctx, store, selection, revision }: Reading, end: number): Promise<Rows> {
  const list = await store.list(ctx, selection, { revision, limit: Math.max(1, end) });
  request.budget.scan(list.items.length);
  return { revision: list.revision, total: list.items.length + (list.remaining ?? 0), rows: list.items };
}

async function readRows(reading: Reading, args: PageArguments, end: number): Promise<Rows> {
  const arranged = args.filter || args.sort?.length;
  if (!arranged && !reading.selection.matches) return readUpTo(reading, end);
  const scan = new Scan(reading.request, reading.store, args);
  const list = await listInTurn(reading, reading.store, reading.selection, reading.revision);
  const rows = arranged ? await scan.run(list.items) : list.items;
  return { revision: list.revision, total: rows.length, rows };
}

/** Lists, filters, sorts and cuts, in that order, so that sort and total are those of the whole list. */
export async function readPage(request: GraphqlRequest, store: ResourceStore, args: PageArguments): Promise<Page> {
  const { namespace } = args;
  const attempt = { verb: 'list', definition: store.definition, ...(namespace && { namespace }) } as const;
  const ctx = await request.authorize(request.ctx, attempt);
  const size = pageSize(args.first);
  const { revision: wanted, offset = 0 } = startOf(args);
  const revision = wanted === undefined ? ({ at: 'latest' } as const) : ({ at: 'exact', revision: wanted } as const);
  const reading = { request, ctx, store, selection: selectionFrom(store.definition, args), revision };
  const { total, rows, revision: read } = await readRows(reading, args, offset + size);
  const page = rows.slice(offset, offset + size);
  request.budget.reach(page.length);
  const end = offset + page.length;
  return {
    nodes: page.map((stored) => ({ store, stored })),
    totalCount: total,
    resourceVersion: String(read),
    endCursor: page.length > 0 ? formatCursor({ revision: read, offset: end }) : (args.after ?? null),
    hasNextPage: end < total,
  };
}
