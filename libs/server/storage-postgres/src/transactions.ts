import { type Context, endReason, hasEnded, throwIfEnded, untilEnded } from '@binnacle/machinery-context';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { connect } from './connect.js';
import { DatabaseSilentError, translated } from './errors.js';

/** Locked before the snapshot is taken, the log cannot lose a partition that the snapshot still points into. */
export const BEGIN_SNAPSHOT =
  'begin isolation level repeatable read read only; lock table only changes in access share mode';

/** Taken before anything else by whoever writes changes itself: the partition it writes to stays the live one. */
export const HOLD_PARTITION = 'lock table log_state in share mode';

/** Runs reads that all see one moment. Who asked may give up before they are done. */
export async function inSnapshot<T>(
  ctx: Context,
  pool: Pool,
  what: string,
  body: (client: ClientBase) => Promise<T>,
): Promise<T> {
  return untilEnded(ctx, transact(ctx, pool, { what, begin: BEGIN_SNAPSHOT }, body));
}

/** Runs writes; waited for to their end, so that their outcome is known. */
export async function inTransaction<T>(
  ctx: Context,
  pool: Pool,
  what: string,
  body: (client: ClientBase) => Promise<T>,
): Promise<T> {
  return transact(ctx, pool, { what, begin: 'begin' }, body);
}

async function transact<T>(
  ctx: Context,
  pool: Pool,
  { what, begin }: { readonly what: string; readonly begin: string },
  body: (client: ClientBase) => Promise<T>,
): Promise<T> {
  let client: PoolClient | undefined;
  try {
    throwIfEnded(ctx);
    client = await connect(ctx, pool);
    throwIfEnded(ctx);
    await client.query(begin);
    const result = await body(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    await giveBack(client, error);
    if (hasEnded(ctx) && error === endReason(ctx)) throw error;
    throw translated(error, what);
  }
}

/** Ends the transaction that failed; a connection that cannot even do that is thrown away, one that broke is not asked. */
export async function giveBack(client: PoolClient | undefined, failure?: unknown): Promise<void> {
  if (!client) return;
  try {
    if (failure instanceof DatabaseSilentError) throw failure;
    await client.query('rollback');
    client.release();
  } catch (error) {
    client.release(error as Error);
  }
}
