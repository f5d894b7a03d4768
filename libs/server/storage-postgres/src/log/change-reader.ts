import {
  CHANGE_PAGE_BYTES,
  type ChangeFilter,
  changePage,
  type ChangePage,
  type ChangeRange,
  expiredRevision,
  futureRevision,
  pageWindow,
  type Revision,
} from '@binnacle/server-storage';
import type { ClientBase } from 'pg';
import { readPoint } from '../reads.js';
import { changeOf, TYPES } from './log-reader.js';

type ChangeRow = Required<Parameters<typeof changeOf>[1]>;
/** A change with what it replaced, and how many were found. */
type FoundRow = [...ChangeRow, found: string];
const FOUND = 10;

type Order = ChangeRange['order'];

const RESOURCE = 'split_part(key, chr(31), 1)';
/** Whether a resource is of another than the core group. */
const GROUPED = `position('/' in ${RESOURCE}) > 0`;

/**
 * The changes of a window that a filter lets pass, each with what it replaced, until their bodies are too many. Bodies that
 * are over the limit are never read from where they lie: their sizes are known without. While a partition is emptied what was
 * replaced may be in two of them, hence the limit of 1.
 */
function pageOf(order: Order): { readonly name: string; readonly text: string } {
  const by = `order by revision ${order === 'newestFirst' ? 'desc' : 'asc'}`;
  const found = `
    select * from changes where cluster = $1 and revision > $2 and revision <= $3
      and ($4::text is null or $4 = case when ${GROUPED} then split_part(key, '/', 1) else '' end)
      and ($5::text is null or $5 = case when ${GROUPED} then split_part(${RESOURCE}, '/', 2) else ${RESOURCE} end)
      and ($6::text[] is null or split_part(key, chr(31), 2) = any($6))
      and ($7::text is null or split_part(key, chr(31), 3) = $7)
      and ($8::text is null or split_part(actor, chr(31), 1) = $8)
      and ($9::int is null or type = $9)
    ${by} limit $10`;
  const text = `
    select revision, key, type, time, actor, attributes, body, old_revision, old_attributes, old_body, found from (
      select c.*, count(*) over () as found, p.revision as old_revision, p.attributes as old_attributes, p.body as old_body,
        sum(octet_length(c.body) + coalesce(octet_length(p.body), 0))
          over (${by.replace('revision', 'c.revision')} rows between unbounded preceding and 1 preceding) as before
      from (${found}) c
        left join lateral (select * from changes where cluster = $1 and revision = c.previous limit 1) p on true
    ) sized where coalesce(before, 0) < $11 ${by}`;
  return { name: `changes_${order}`.toLowerCase(), text };
}

const PAGES: Readonly<Record<Order, { readonly name: string; readonly text: string }>> = {
  newestFirst: pageOf('newestFirst'),
  oldestFirst: pageOf('oldestFirst'),
};

function filterValues({ group, resource, namespaces, name, user, type }: ChangeFilter): unknown[] {
  const number = Object.entries(TYPES).find(([, known]) => known === type)?.[0];
  return [
    group ?? null,
    resource ?? null,
    namespaces ?? null,
    name ?? null,
    user ?? null,
    number === undefined ? null : Number(number),
  ];
}

/** What there is of a part of the log. Throws `future`, and `expired` where it was to begin before that. */
function kept(asked: ChangeRange, newest: Revision, oldest: Revision): ChangeRange {
  if (asked.upTo > newest) throw futureRevision(asked.upTo, newest);
  if (asked.order === 'oldestFirst' && asked.after < oldest) throw expiredRevision(asked.after, oldest);
  const after = Math.max(asked.after, oldest);
  return { ...asked, after, upTo: Math.max(asked.upTo, after) };
}

/** One page of changes; the client's transaction must be repeatable read. */
export async function readChanges(client: ClientBase, asked: ChangeRange): Promise<ChangePage> {
  const { id, revision, oldest } = await readPoint(client, asked.cluster, { at: 'latest' });
  const range = kept(asked, revision, oldest);
  const { after, upTo } = pageWindow(range);
  const { limit, filter = {} } = range;
  const values = [id, after, upTo, ...filterValues(filter), limit + 1, CHANGE_PAGE_BYTES];
  const { rows } = await client.query<FoundRow>({ ...PAGES[range.order], values, rowMode: 'array' });
  const changes = rows.slice(0, limit).map((row) => changeOf(range.cluster, row.slice(0, FOUND) as ChangeRow));
  return changePage(range, changes, Number(rows[0]?.[FOUND] ?? 0) > changes.length);
}
