import type { ClientBase } from 'pg';

/** Of each cluster, in one round. */
const CHUNK = 2_000;

const EXPIRE = `
  with old as (
    select d.cluster, d.id from decision_logs l cross join lateral (
      select cluster, id, stored from decisions where cluster = l.cluster order by id limit ${CHUNK}
    ) d where l.kept > 0
      and (d.stored < $1 or not exists (select 1 from clusters c where c.id = l.cluster))
  ), gone as (
    delete from decisions d using old where d.cluster = old.cluster and d.id = old.id returning d.cluster, d.bytes
  )
  update decision_logs l set kept = l.kept - g.rows, bytes = l.bytes - g.bytes
  from (select cluster, count(*) as rows, sum(bytes) as bytes from gone group by cluster) g where g.cluster = l.cluster`;

/** Of clusters that are no more, for which something was stored in the moment they went. */
const FORGET =
  'delete from decision_logs l where kept = 0 and not exists (select 1 from clusters c where c.id = l.cluster)';

/** Takes the decisions that are older than they are kept, the oldest of each cluster. */
export async function expireDecisions(client: ClientBase, age: number, now: number): Promise<void> {
  await client.query(EXPIRE, [now - age]);
  await client.query(FORGET);
}
