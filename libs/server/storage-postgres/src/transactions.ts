import type { ClientBase, Pool, PoolClient } from 'pg';
import { translated } from './errors.js';

/** Locked before the snapshot is taken, the log cannot lose a partition that the snapshot still points into. */
export const BEGIN_SNAPSHOT =
  'begin isolation level repeatable read read only; lock table only changes in access share mode';

/** Taken before anything else by whoever writes changes itself: the partition it writes to stays the live one. */
export const HOLD_PARTITION = 'lock table log_state in share mode';

/** Runs reads that all see one moment. */
export async function inSnapshot<T>(pool: Pool, what: string, body: (client: ClientBase) => Promise<T>): Promise<T> {
  return withClient(pool, what, async (client) => {
    await client.query(BEGIN_SNAPSHOT);
    const result = await body(client);
    await client.query('commit');
    return result;
  });
}

export async function inTransaction<T>(pool: Pool, what: string, body: (client: ClientBase) => Promise<T>): Promise<T> {
  return withClient(pool, what, async (client) => {
    await client.query('begin');
    const result = await body(client);
    await client.query('commit');
    return result;
  });
}

async function withClient<T>(pool: Pool, what: string, body: (client: ClientBase) => Promise<T>): Promise<T> {
  let client: PoolClient | undefined;
  try {
    client = await pool.connect();
    const result = await body(client);
    client.release();
    return result;
  } catch (error) {
    await giveBack(client);
    throw translated(error, what);
  }
}

/** Ends the transaction that failed; a connection that cannot even do that is thrown away. */
export async function giveBack(client: PoolClient | undefined): Promise<void> {
  if (!client) return;
  try {
    await client.query('rollback');
    client.release();
  } catch (error) {
    client.release(error as Error);
  }
}
