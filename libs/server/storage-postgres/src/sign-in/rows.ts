import type { Context } from '@binnacle/machinery-context';
import type { DataSource } from 'typeorm';
import { translated } from '../errors.js';

/** What a statement answers. Rejects with a StorageError. */
export async function rows<T>(source: DataSource, sql: string, values: readonly unknown[] = []): Promise<T[]> {
  try {
    return await source.query(sql, [...values]);
  } catch (error) {
    throw translated(error, 'the sign-in tables cannot be used');
  }
}

/** How many rows a `delete … returning` took away. */
export async function removed(source: DataSource, statement: string, values: readonly unknown[]): Promise<number> {
  const sql = `with gone as (${statement} returning 1) select count(*) from gone`;
  const [row] = await rows<{ count: string }>(source, sql, values);
  return Number(row?.count ?? 0);
}

/** Takes away what has expired of a table. */
export function removeExpired(ctx: Context, source: DataSource, table: string): Promise<number> {
  return removed(source, `delete from ${table} where expires_at <= $1`, [new Date(ctx.clock.now())]);
}
