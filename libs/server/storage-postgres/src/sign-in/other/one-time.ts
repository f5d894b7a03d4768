import type { Context } from '@binnacle/machinery-context';
import type { OneTimeStore } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { removeExpired, rows } from '../rows.js';

const TAKE = 'insert into used_once (mark, expires_at) values ($1, $2) on conflict (mark) do nothing returning 1';

export class PostgresOneTime implements OneTimeStore {
  constructor(private readonly source: DataSource) {}

  async take(_ctx: Context, mark: string, expiresAt: number): Promise<boolean> {
    return (await rows(this.source, TAKE, [mark, new Date(expiresAt)])).length > 0;
  }

  removeExpired(ctx: Context): Promise<number> {
    return removeExpired(ctx, this.source, 'used_once');
  }
}
