import type { Context } from '@binnacle/machinery-context';
import {
  checkClusterName,
  type ClusterInfo,
  expiredRevision,
  futureRevision,
  type Revision,
  StorageError,
  unknownCluster,
} from '@binnacle/server-storage';
import type { ClientBase, Pool } from 'pg';
import { HOLD_PARTITION, inTransaction } from './transactions.js';

const COLUMNS = 'id, name, revision, created_at, oldest, place';

type InfoRow = {
  id: string;
  name: string;
  revision: string;
  created_at: string;
  oldest: string;
  place: number;
};

export async function listClusters(ctx: Context, pool: Pool): Promise<readonly ClusterInfo[]> {
  const sql = `select ${COLUMNS} from clusters where deleted_at is null order by name`;
  return inTransaction(ctx, pool, 'the clusters cannot be listed', async (client) =>
    (await client.query<InfoRow>(sql)).rows.map(info),
  );
}

export async function createCluster(ctx: Context, pool: Pool, name: string): Promise<ClusterInfo> {
  return inTransaction(ctx, pool, 'the cluster cannot be created', async (client) => {
    const { row } = await insertCluster(client, name, 0, ctx.clock.now());
    return row;
  });
}

/** Gone at once for users; its rows go later, in the background. */
export async function deleteCluster(ctx: Context, pool: Pool, name: string): Promise<string> {
  return inTransaction(ctx, pool, 'the cluster cannot be deleted', async (client) => {
    const sql = 'update clusters set deleted_at = $2 where name = $1 and deleted_at is null returning id';
    const { rows } = await client.query<{ id: string }>(sql, [name, ctx.clock.now()]);
    const id = rows[0]?.id;
    if (id === undefined) throw unknownCluster(name);
    await client.query('select pg_notify($1, $2)', ['binnacle_log', `${id} -1`]);
    return id;
  });
}

/** Gives up history before a revision; partitions that hold nothing else any more go with the next retention run. */
export async function compactCluster(ctx: Context, pool: Pool, name: string, oldest: Revision): Promise<void> {
  await inTransaction(ctx, pool, 'the history cannot be given up', async (client) => {
    const sql = 'select id, revision from clusters where name = $1 and deleted_at is null for no key update';
    const { rows } = await client.query<{ id: string; revision: string }>(sql, [name]);
    const row = rows[0];
    if (!row) throw unknownCluster(name);
    if (oldest > Number(row.revision)) throw futureRevision(oldest, Number(row.revision));
    await client.query('update clusters set oldest = $2 where id = $1 and oldest < $2', [row.id, oldest]);
  });
}

// Copying the rows costs as much as reading them once; a fork that shared them with its source would keep the source's
// history from ever being dropped.
const COPY = `
  with kept as (
    select key, revision from objects where cluster = $1 and revision <= $3
    union all
    select key, previous from (
      select distinct on (key) key, previous from changes where cluster = $1 and revision > $3 order by key, revision
    ) undone where previous is not null
  ), live as (select epoch from log_state),
  copied as (
    insert into changes (cluster, revision, previous, time, epoch, type, key, actor, attributes, body)
    select $2, c.revision, c.previous, c.time, (select epoch from live), 1, c.key, c.actor, c.attributes, c.body
    from kept k cross join lateral (select * from changes where cluster = $1 and revision = k.revision limit 1) c
  )
  insert into objects (cluster, revision, epoch, key) select $2, revision, (select epoch from live), key from kept`;

/** A new cluster with what the source held at a revision. */
export async function forkCluster(
  ctx: Context,
  pool: Pool,
  source: string,
  at: Revision,
  name: string,
): Promise<ClusterInfo> {
  return inTransaction(ctx, pool, 'the cluster cannot be forked', async (client) => {
    // A lock takes no snapshot, so the one taken next sees which partition is live.
    await client.query(`set transaction isolation level repeatable read; ${HOLD_PARTITION}`);
    const sql = 'select id, revision, oldest from clusters where name = $1 and deleted_at is null';
    const { rows } = await client.query<{ id: string; revision: string; oldest: string }>(sql, [source]);
    const from = rows[0];
    if (!from) throw unknownCluster(source);
    if (at > Number(from.revision)) throw futureRevision(at, Number(from.revision));
    if (at < Number(from.oldest)) throw expiredRevision(at, Number(from.oldest));
    const now = ctx.clock.now();
    const { id, row } = await insertCluster(client, name, at, now);
    // Until when the state it begins with was not the fork's.
    await client.query('insert into marks (cluster, revision, time, log_bytes) values ($1, $2, $3, 0)', [id, at, now]);
    await client.query(COPY, [from.id, id, at]);
    return row;
  });
}

async function insertCluster(client: ClientBase, name: string, at: Revision, now: number) {
  checkClusterName(name);
  const sql = `insert into clusters (name, revision, oldest, epoch_base, epoch, created_at)
    select $1, $2, $2, $2, epoch, $3 from log_state on conflict do nothing returning ${COLUMNS}`;
  const { rows } = await client.query<InfoRow>(sql, [name, at, now]);
  const row = rows[0];
  if (!row) throw new StorageError('exists', `cluster ${JSON.stringify(name)} exists`);
  // Those who follow all clusters hear of it, as of any commit.
  await client.query('select pg_notify($1, $2)', ['binnacle_log', `${row.id} ${at}`]);
  return { id: row.id, row: info(row) };
}

function info(row: InfoRow): ClusterInfo {
  return {
    name: row.name,
    revision: Number(row.revision),
    createdAt: Number(row.created_at),
    oldest: Number(row.oldest),
    incarnation: row.id,
    place: row.place,
  };
}
