import { expiredTime, type Revision, unknownCluster } from '@binnacle/server-storage';
import type { ClientBase } from 'pg';

const NOT_KNOWN = Number.MAX_SAFE_INTEGER;

// Revisions have no gaps and their times do not go back, so halving finds the last one before a time with few looks at the
// log's one index. Where that is the oldest kept, its own row or a mark tells since when the state was so.
const SEARCH = `
  with recursive place as (
    select id, revision, oldest, created_at from clusters where name = $1 and deleted_at is null
  ), search (low, high) as (
    select oldest, revision from place
    union all
    select case when c.time <= $2 then middle else low end, case when c.time <= $2 then high else middle - 1 end
    from search cross join lateral (select (low + high + 1) / 2 as middle) m
      cross join lateral (
        select time from changes where cluster = (select id from place) and revision = middle limit 1
      ) c
    where low < high
  )
  select s.low, p.oldest, greatest(p.created_at, coalesce(
      least(
        (select time from changes where cluster = p.id and revision = p.oldest limit 1),
        (select time from marks where cluster = p.id and revision = p.oldest)
      ),
      case when p.oldest = 0 then p.created_at else ${NOT_KNOWN} end
    )) as since
  from place p left join search s on s.low = s.high`;

type Row = [revision: string | null, oldest: string, since: string];

/** See `HistoryStore`; the client's transaction must be repeatable read. */
export async function revisionAt(client: ClientBase, cluster: string, time: number): Promise<Revision> {
  const query = { name: 'revision_at', text: SEARCH, values: [cluster, time], rowMode: 'array' as const };
  const [row] = (await client.query<Row>(query)).rows;
  if (!row) throw unknownCluster(cluster);
  const [revision, oldest, since] = [row[0] === null ? undefined : Number(row[0]), Number(row[1]), Number(row[2])];
  if (revision === undefined) throw new Error(`the log of cluster ${JSON.stringify(cluster)} has gaps`);
  if (revision === oldest && time < since) throw expiredTime(time);
  return revision;
}
