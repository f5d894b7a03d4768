import type { Context } from '@binnacle/machinery-context';
import type { ClientBase, Pool } from 'pg';
import { inSnapshot } from '../transactions.js';

export interface Finding {
  /** Empty where it concerns the whole store. */
  readonly cluster: string;
  /** What is promised and does not hold. */
  readonly invariant: string;
  /** How many rows break it, and one of them. */
  readonly count: number;
  readonly example: string;
}

export interface DoctorReport {
  readonly clusters: number;
  readonly objects: number;
  readonly changes: number;
  readonly findings: readonly Finding[];
}

const UNSAFE_SETTINGS = `
  select name, setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'`;

/** Each selects `cluster` (the id) and `example` of every row that breaks the invariant. */
const INVARIANTS: Record<string, string> = {
  'every object points at a change of its key that is no deletion': `
    select o.cluster, o.key || ' at ' || o.revision as example from objects o
    where not exists (select 1 from changes c where c.epoch = o.epoch and c.cluster = o.cluster
      and c.revision = o.revision and c.key = o.key and c.type <> 3)`,
  'every object points at the newest change of its key': `
    select o.cluster, o.key || ' at ' || o.revision || ', changed at ' || n.newest as example from objects o
      join (select cluster, key, max(revision) as newest from changes group by cluster, key) n
        on n.cluster = o.cluster and n.key = o.key
    where n.newest <> o.revision`,
  'what was stored last and not deleted is an object': `
    select c.cluster, c.key || ' at ' || c.revision as example from changes c join clusters k on k.id = c.cluster
    where c.type <> 3 and c.revision > k.oldest
      and not exists (select 1 from objects o where o.cluster = c.cluster and o.key = c.key)
      and not exists (select 1 from changes n where n.cluster = c.cluster and n.key = c.key and n.revision > c.revision)`,
  'revisions have no gaps and are used once': `
    select cluster, revision || ' follows ' || coalesce(before::text, 'nothing') as example from (
      select c.cluster, c.revision, lag(c.revision, 1, k.oldest) over (partition by c.cluster order by c.revision) as before
      from changes c join clusters k on k.id = c.cluster where c.revision > k.oldest
    ) pairs where revision <> before + 1`,
  'the counter of a cluster is its newest revision': `
    select k.id as cluster, 'counts ' || k.revision || ', newest is ' || n.newest as example from clusters k
      cross join lateral (
        select coalesce(max(c.revision), k.oldest) as newest from changes c where c.cluster = k.id and c.revision > k.oldest
      ) n
    where k.revision <> n.newest`,
  'history goes back no further than it exists': `
    select id as cluster, oldest || ' > ' || revision as example from clusters where oldest > revision`,
  'every body is an encoded object': `
    select cluster, key || ' at ' || revision as example from changes 
    where body not like '{"metadata":{%}' and body not like 'k8s:enc:%:v1:%:%'`,
  'what a cluster keeps of decisions is what is counted': `
    select l.cluster, 'counts ' || l.kept || ' of ' || l.bytes || ' bytes' as example from decision_logs l
      cross join lateral (
        select count(*) as kept, coalesce(sum(d.bytes), 0) as bytes from decisions d where d.cluster = l.cluster
      ) there
    where l.kept <> there.kept or l.bytes <> there.bytes`,
  'what a change replaced is still there': `
    select c.cluster, c.revision || ' replaced ' || c.previous as example from changes c join clusters k on k.id = c.cluster
    where c.revision > k.oldest and c.previous is not null
      and not exists (select 1 from changes p where p.cluster = c.cluster and p.revision = c.previous and p.key = c.key)`,
};

/** Checks the invariants of the whole store at one moment. Reads everything: meant to be asked for, not to be polled. */
export async function examine(ctx: Context, pool: Pool): Promise<DoctorReport> {
  return inSnapshot(ctx, pool, 'the store cannot be examined', async (client) => {
    const findings: Finding[] = await settingsOf(client);
    for (const [invariant, sql] of Object.entries(INVARIANTS)) {
      const { rows } = await client.query<{ cluster: string; count: string; example: string }>(`
        select k.name as cluster, count(*) as count, min(replace(broken.example, chr(31), '/')) as example
        from (${sql}) broken join clusters k on k.id = broken.cluster and k.deleted_at is null group by k.name`);
      findings.push(...rows.map((row) => ({ ...row, invariant, count: Number(row.count) })));
    }
    const { rows } = await client.query<{ clusters: string; objects: string; changes: string }>(`
      select (select count(*) from clusters where deleted_at is null) as clusters,
        (select count(*) from objects) as objects, (select count(*) from changes) as changes`);
    const [totals] = rows;
    const [clusters, objects, changes] = [totals?.clusters, totals?.objects, totals?.changes].map(Number);
    return { clusters: clusters ?? 0, objects: objects ?? 0, changes: changes ?? 0, findings };
  });
}

/** Settings under which the database acknowledges what it may lose. */
async function settingsOf(client: ClientBase): Promise<Finding[]> {
  const { rows } = await client.query<{ name: string; setting: string }>(UNSAFE_SETTINGS);
  const invariant = 'what is acknowledged is on disk';
  return rows.map(({ name, setting }) => ({ cluster: '', invariant, count: 1, example: `${name} is ${setting}` }));
}
