import type { Context } from '@binnacle/machinery-context';
import type { Key } from '@binnacle/server-storage';
import type { ClientBase, Pool } from 'pg';
import { decodeKey } from '../encoding.js';
import { inTransaction } from '../transactions.js';

/** The body that is to be kept instead; undefined where it is to stay. */
export type RewriteBody = (key: Key, body: Buffer) => Buffer | undefined;

export interface RewriteReport {
  readonly looked: number;
  readonly written: number;
}

/** What is to be looked at. */
export interface Rewriting {
  /** Resources of which every body is; of others only sealed ones are. All without it. */
  readonly resources: readonly string[] | undefined;
  readonly rewrite: RewriteBody;
  readonly told?: (report: RewriteReport) => void;
}

/** Bodies looked at in one transaction: each is over soon, and nobody waits for it long. */
const PAGE = 200;
const ROWS = `
  select c.cluster, c.revision, c.key, c.body, k.name from changes c join clusters k on k.id = c.cluster
  where (c.cluster, c.revision) > ($1::bigint, $2::bigint)
    and ($3::text[] is null or split_part(c.key, chr(31), 1) = any($3) or c.body like 'k8s:enc:%')
  order by c.cluster, c.revision limit ${PAGE}`;
// A change that is being moved out of an old partition is in two.
const WRITE = `
  update changes c set body = n.body from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) as n (cluster, revision, old, body)
  where c.cluster = n.cluster and c.revision = n.revision and c.body = n.old`;

type Row = [cluster: string, revision: string, key: string, body: string, name: string];

interface Rewritten {
  readonly row: Row;
  readonly body: Buffer;
}

function rewritten(rows: readonly Row[], rewrite: RewriteBody): Rewritten[] {
  return rows.flatMap((row) => {
    const [, , key, body, name] = row;
    const next = rewrite(decodeKey(name, key), Buffer.from(body));
    return next ? [{ row, body: next }] : [];
  });
}

/**
 * Goes through what is kept, present and past, by pages, and puts other bodies in their place. Revisions and what caches hold
 * stay as they are. What is written meanwhile is written as it should be; an interrupted run is begun again.
 */
export async function rewriteBodies(
  ctx: Context,
  pool: Pool,
  { resources, rewrite, told }: Rewriting,
): Promise<RewriteReport> {
  let report: RewriteReport = { looked: 0, written: 0 };
  let at: readonly [cluster: string, revision: string] | undefined = ['0', '0'];
  while (at) {
    ctx.signal.throwIfAborted();
    const values: unknown[] = [...at, resources ?? null];
    const page: { readonly rows: readonly Row[]; readonly written: number } = await inTransaction(
      ctx,
      pool,
      'the bodies cannot be written anew',
      (client) => rewritePage(client, values, rewrite),
    );
    report = { looked: report.looked + page.rows.length, written: report.written + page.written };
    told?.(report);
    const last = page.rows.at(-1);
    at = last && page.rows.length === PAGE ? [last[0], last[1]] : undefined;
  }
  return report;
}

async function rewritePage(client: ClientBase, values: readonly unknown[], rewrite: RewriteBody) {
  const { rows } = await client.query<Row>({ text: ROWS, values: [...values], rowMode: 'array' });
  const changed = rewritten(rows, rewrite);
  const of = (member: 0 | 1 | 3) => changed.map(({ row }) => row[member]);
  if (changed.length > 0) await client.query(WRITE, [of(0), of(1), of(3), changed.map(({ body }) => body.toString())]);
  return { rows, written: changed.length };
}
