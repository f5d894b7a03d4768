import { type Context, sleep } from '@binnacle/machinery-context';
import type { Pool, PoolClient } from 'pg';
import { isCrowded } from './errors.js';

/** Milliseconds before asking again for a connection; the sum is how long it is tried. */
const PAUSES = [50, 100, 200, 400, 800, 1_600, 1_600];

/**
 * A connection of the pool. While others hold all the database has, or it is just starting, it is asked for again: nothing was sent,
 * and one of the pool's own may come back meanwhile. Rejects with what the driver said, or the signal's reason.
 */
export async function connect(ctx: Context, pool: Pool): Promise<PoolClient> {
  for (const pause of PAUSES) {
    try {
      return await pool.connect();
    } catch (error) {
      if (!isCrowded(error)) throw error;
      await sleep(ctx, pause);
    }
  }
  return pool.connect();
}
