import type { Context } from '@binnacle/machinery-context';
import type { Pool, PoolClient } from 'pg';
import { connect } from '../connect.js';

interface Lent {
  readonly client: Promise<PoolClient>;
  users: number;
}

/**
 * Lends each cluster that is being written one connection, for as long as it has batches under way. They follow one
 * another on it, and the next need not wait for the answer to the one before.
 */
export class CommitConnections {
  private readonly lent = new Map<string, Lent>();

  /** The pool's clients must be pipelined. */
  constructor(
    private readonly ctx: Context,
    private readonly pool: Pool,
  ) {}

  async use<T>(cluster: string, action: (client: PoolClient) => Promise<T>): Promise<T> {
    const lent = this.lent.get(cluster) ?? { client: connect(this.ctx, this.pool), users: 0 };
    this.lent.set(cluster, lent);
    lent.users += 1;
    try {
      return await action(await lent.client);
    } finally {
      lent.users -= 1;
      if (lent.users === 0) await this.giveBack(cluster, lent);
    }
  }

  private async giveBack(cluster: string, lent: Lent): Promise<void> {
    this.lent.delete(cluster);
    // Where there was no connection to be had, `use` has said so.
    const client = await lent.client.catch(() => undefined);
    client?.release();
  }
}
