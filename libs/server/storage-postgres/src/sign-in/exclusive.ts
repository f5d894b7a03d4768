import type { Context } from '@binnacle/machinery-context';
import type { Exclusive } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { translated } from '../errors.js';

/** Any number will do that nothing else in the database locks. */
const LOCK = 7_240_155_301;

/** One after the other over all servers of a database. A server holds one connection for it, however many wait. */
export class PostgresExclusive implements Exclusive {
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly source: DataSource) {}

  run<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(() => this.alone(ctx, work));
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async alone<T>(ctx: Context, work: () => Promise<T>): Promise<T> {
    ctx.signal.throwIfAborted();
    const failed: { error?: unknown } = {};
    try {
      return await this.source.transaction(async (manager) => {
        await manager.query('select pg_advisory_xact_lock($1)', [LOCK]);
        try {
          return await work();
        } catch (error) {
          failed.error = error;
          throw error;
        }
      });
    } catch (error) {
      // What the work says is not the database's.
      throw failed.error === error ? error : translated(error, 'the sign-in tables cannot be locked');
    }
  }
}
