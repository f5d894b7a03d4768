import type { ClientBase } from 'pg';

const CHUNK = 2_000;

/** Removes rows of deleted clusters, at most about `limit` of them; returns how many. */
export async function purgeDeleted(client: ClientBase, limit: number): Promise<number> {
  const sql = 'select id from clusters where deleted_at is not null order by deleted_at';
  const { rows } = await client.query<{ id: string }>(sql);
  let removed = 0;
  for (const { id } of rows) {
    removed += await purgeCluster(client, id, limit - removed);
    if (removed >= limit) break;
  }
  return removed;
}

/** Tables whose rows belong to a cluster, and what else identifies them. */
const TABLES = { objects: 'key', changes: 'revision', superseded: 'revision', marks: 'revision', decisions: 'id' };

async function purgeCluster(client: ClientBase, id: string, limit: number): Promise<number> {
  let removed = 0;
  for (const [table, column] of Object.entries(TABLES)) {
    const sql = `delete from ${table} where cluster = $1
      and ${column} in (select ${column} from ${table} where cluster = $1 order by ${column} limit ${CHUNK})`;
    for (;;) {
      if (removed >= limit) return removed;
      const { rowCount } = await client.query(sql, [id]);
      if (!rowCount) break;
      removed += rowCount;
    }
  }
  await client.query('delete from decision_logs where cluster = $1', [id]);
  await client.query('delete from clusters where id = $1', [id]);
  return removed;
}
