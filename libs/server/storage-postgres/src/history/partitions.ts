import type { ClientBase } from 'pg';

const ATTACHED = `
  select substring(c.relname from 9)::int as epoch, i.inhdetachpending as detaching
  from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'changes'::regclass order by 1`;

/** Partitions that were detached and not yet dropped. */
const LOOSE = `
  select c.relname as name from pg_class c join pg_class parent on parent.oid = 'changes'::regclass
  where c.relname ~ '^changes_[0-9]+$' and c.relkind = 'r' and c.relnamespace = parent.relnamespace
    and not exists (select 1 from pg_inherits i where i.inhrelid = c.oid)`;

/** Milliseconds that commits may be held up for a partition to be opened. */
const PATIENCE = 100;
const LOCK_NOT_AVAILABLE = '55P03';
/** Rows moved in one transaction; writers to them wait that long. */
const CHUNK = 500;
const COLUMNS = 'cluster, revision, previous, time, type, key, actor, attributes, body';

export interface LivePartition {
  readonly epoch: number;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
  readonly bytes: number;
}

export async function livePartition(client: ClientBase): Promise<LivePartition> {
  const { rows } = await client.query<{ epoch: number; opened_at: string; bytes: string }>(
    `select epoch, opened_at, pg_total_relation_size('changes_' || epoch) as bytes from log_state`,
  );
  const row = rows[0];
  if (!row) throw new Error('the log has no partition');
  return { epoch: row.epoch, openedAt: Number(row.opened_at), bytes: Number(row.bytes) };
}

/** False where somebody still writes to the live partition, a restore perhaps. Nobody may wait behind us for long. */
export async function openPartition(client: ClientBase, now: number): Promise<boolean> {
  try {
    await client.query(`begin; set local lock_timeout = ${PATIENCE}; lock table log_state in exclusive mode`);
    await client.query('select open_epoch($1)', [now]);
    await client.query('commit');
    return true;
  } catch (error) {
    await client.query('rollback');
    if ((error as { code?: string }).code === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}

/** Partitions before the live one of which no cluster's history needs anything but what is still alive. */
export async function obsoletePartitions(client: ClientBase, live: number): Promise<number[]> {
  const obsolete: number[] = [];
  const { rows } = await client.query<{ epoch: number }>(ATTACHED);
  for (const { epoch } of rows.filter((row) => row.epoch < live)) {
    const needed = `select 1 from clusters c where c.deleted_at is null
      and exists (select 1 from changes_${epoch} p where p.cluster = c.id and p.revision > c.oldest) limit 1`;
    if ((await client.query(needed)).rowCount === 0) obsolete.push(epoch);
  }
  return obsolete;
}

/** Copies what must survive into the live partition, then drops the rest with its table. */
export async function dropPartition(client: ClientBase, epoch: number, live: number): Promise<void> {
  while (await holdsAlive(client, epoch)) await moveAlive(client, epoch, live);
  // Only now: what was alive a moment ago may have been replaced before its turn to move came.
  await keepReplaced(client, epoch, live);
  await client.query(`alter table changes detach partition changes_${epoch} concurrently`);
  await client.query(`drop table changes_${epoch}`);
}

/** Finishes what a run that was killed left behind. */
export async function finishDrops(client: ClientBase): Promise<void> {
  const attached = (await client.query<{ epoch: number; detaching: boolean }>(ATTACHED)).rows;
  for (const { epoch } of attached.filter((row) => row.detaching)) {
    await client.query(`alter table changes detach partition changes_${epoch} finalize`);
  }
  const loose = (await client.query<{ name: string }>(LOOSE)).rows;
  for (const { name } of loose) await client.query(`drop table ${name}`);
}

/** What was alive until a revision that is still history. */
async function keepReplaced(client: ClientBase, epoch: number, live: number): Promise<void> {
  await client.query(`
    insert into changes_${live} (epoch, ${COLUMNS})
    select ${live}, ${columnsOf('p')} from superseded s join clusters c on c.id = s.cluster and s.by > c.oldest
      join changes_${epoch} p on p.cluster = s.cluster and p.revision = s.revision
    where c.deleted_at is null on conflict do nothing`);
}

async function holdsAlive(client: ClientBase, epoch: number): Promise<boolean> {
  return Boolean((await client.query(`select 1 from objects where epoch = ${epoch} limit 1`)).rowCount);
}

/** A chunk of what is alive now. Rows that writers hold are left for the next, so that neither waits for the other. */
async function moveAlive(client: ClientBase, epoch: number, live: number): Promise<void> {
  await client.query(`
    with chosen as (
      select cluster, key, revision from objects where epoch = ${epoch} limit ${CHUNK} for no key update skip locked
    ), moved as (
      insert into changes_${live} (epoch, ${COLUMNS})
      select ${live}, ${columnsOf('p')} from chosen join changes_${epoch} p using (cluster, revision) on conflict do nothing
    )
    update objects o set epoch = ${live} from chosen where o.cluster = chosen.cluster and o.key = chosen.key`);
}

function columnsOf(alias: string): string {
  return COLUMNS.split(', ')
    .map((column) => `${alias}.${column}`)
    .join(', ');
}
