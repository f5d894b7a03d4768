import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_DECISION_LIMITS } from '@binnacle/server-storage';
import type { ClientBase, Pool } from 'pg';
import { connect } from '../connect.js';
import { expireDecisions } from '../decisions/expire-decisions.js';
import { translated } from '../errors.js';
import { dropPartition, finishDrops, livePartition, obsoletePartitions, openPartition } from './partitions.js';
import { purgeDeleted } from './purge.js';

/** How much history is kept. Clusters may have limits of their own, see `setRetention`. */
export interface RetentionPolicy {
  /** Milliseconds. Never less than five minutes is kept. */
  readonly age: number;
  /** Bytes of bodies a cluster's history may hold. */
  readonly bytes: number;
  /** A partition takes changes for this long, in milliseconds, */
  readonly partitionAge: number;
  /** or until it is this large, in bytes. */
  readonly partitionBytes: number;
  /** Milliseconds that decisions of the scheduler are kept. */
  readonly decisionAge: number;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GIB = 1024 ** 3;

/** As upstream keeps history for at least as long. */
export const LEAST_AGE = 5 * MINUTE;

export const DEFAULT_RETENTION: RetentionPolicy = {
  age: 7 * 24 * HOUR,
  bytes: 8 * GIB,
  partitionAge: 6 * HOUR,
  partitionBytes: GIB,
  decisionAge: DEFAULT_DECISION_LIMITS.age,
};

const PURGE_LIMIT = 100_000;
/** The same for every release: one replica at a time does this. */
const RETENTION_LOCK = 4_902_310_762;

const MARK = `
  insert into marks (cluster, revision, time, log_bytes)
  select id, revision, $1, log_bytes from clusters c where deleted_at is null
    and not exists (select 1 from marks m where m.cluster = c.id and m.revision >= c.revision)
  on conflict do nothing`;
const COMPACT = `
  update clusters c set oldest = passed.revision from (
    select c.id, max(m.revision) as revision from clusters c join marks m on m.cluster = c.id
    where m.time <= $1 - greatest(${LEAST_AGE}, coalesce(c.keep_seconds * 1000::bigint, $2))
      or (m.time <= $1 - ${LEAST_AGE} and c.log_bytes - m.log_bytes >= coalesce(c.keep_bytes, $3))
    group by c.id
  ) passed where passed.id = c.id and c.oldest < passed.revision`;
const FORGET = [
  'delete from marks m using clusters c where c.id = m.cluster and m.revision < c.oldest',
  'delete from superseded s using clusters c where c.id = s.cluster and s.by <= c.oldest',
];

export interface RetentionReport {
  /** Clusters that gave up history. */
  readonly compacted: number;
  readonly droppedPartitions: readonly number[];
  /** Rows of deleted clusters that were removed. */
  readonly purgedRows: number;
}

/** One round of giving up history. Undefined when another replica is at it. */
export async function applyRetention(
  ctx: Context,
  pool: Pool,
  policy: RetentionPolicy,
): Promise<RetentionReport | undefined> {
  const client = await connect(ctx, pool);
  let failure: Error | undefined;
  try {
    const { rows } = await client.query<{ got: boolean }>('select pg_try_advisory_lock($1) as got', [RETENTION_LOCK]);
    if (!rows[0]?.got) return undefined;
    const report = await round(client, policy, ctx.clock.now());
    await client.query('select pg_advisory_unlock($1)', [RETENTION_LOCK]);
    return report;
  } catch (error) {
    failure = translated(error, 'history cannot be given up');
    throw failure;
  } finally {
    // A connection that failed may still hold the lock: it is closed.
    client.release(failure);
  }
}

async function round(client: ClientBase, policy: RetentionPolicy, now: number): Promise<RetentionReport> {
  await client.query(MARK, [now]);
  const { rowCount } = await client.query(COMPACT, [now, policy.age, policy.bytes]);
  const droppedPartitions = await turnPartitions(client, policy, now);
  for (const sql of FORGET) await client.query(sql);
  await expireDecisions(client, policy.decisionAge, now);
  return { compacted: rowCount ?? 0, droppedPartitions, purgedRows: await purgeDeleted(client, PURGE_LIMIT) };
}

/** Closes the live partition when it is due, and drops those that are history no more. */
async function turnPartitions(client: ClientBase, policy: RetentionPolicy, now: number): Promise<number[]> {
  await finishDrops(client);
  const live = await livePartition(client);
  const age = now - live.openedAt;
  if (age >= policy.partitionAge || live.bytes >= policy.partitionBytes) {
    await openPartition(client, now);
    return [];
  }
  const obsolete = await obsoletePartitions(client, live.epoch);
  for (const epoch of obsolete) await dropPartition(client, epoch, live.epoch);
  return obsolete;
}

const EVERY = MINUTE;

/** Applies the policy once a minute until the returned call. */
export function keepRetention(ctx: Context, pool: Pool, policy: RetentionPolicy): () => void {
  let stopped = false;
  let cancel: () => void = () => undefined;
  const later = () => {
    cancel = ctx.clock.after(EVERY, () => void run());
  };
  const run = async () => {
    try {
      const report = await applyRetention(ctx, pool, policy);
      if (report?.droppedPartitions.length) ctx.logger.info('dropped history', { ...report });
    } catch (error) {
      if (!stopped) ctx.logger.warn('retention failed', { error: String(error) });
    }
    if (!stopped) later();
  };
  later();
  return () => {
    stopped = true;
    cancel();
  };
}

/** A cluster's own limits: milliseconds and bytes; undefined returns to the policy's. */
export async function setRetention(
  pool: Pool,
  cluster: string,
  limits: { age?: number; bytes?: number },
): Promise<void> {
  const seconds = limits.age === undefined ? null : Math.ceil(limits.age / 1_000);
  const sql = 'update clusters set keep_seconds = $2, keep_bytes = $3 where name = $1 and deleted_at is null';
  try {
    await pool.query(sql, [cluster, seconds, limits.bytes ?? null]);
  } catch (error) {
    throw translated(error, 'the limits cannot be stored');
  }
}
