import type { Context } from '@binnacle/machinery-context';
import type { Token, TokenStore } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { translated } from '../errors.js';
import { removed, removeExpired, rows } from './rows.js';

interface TokenRow {
  readonly hash: string;
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly clusters: string[];
  readonly read_only: boolean;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_used: Date | null;
}

const CREATE = `insert into tokens (hash, id, account, name, clusters, read_only, created_at, expires_at)
  select $1, $2, $3, $4, $5, $6, $7, $8
  where (select count(*) from tokens where account = $3 and expires_at > $7) < $9 returning 1`;

const tokenOf = (row: TokenRow): Token => ({
  hash: row.hash,
  id: row.id,
  account: row.account,
  name: row.name,
  clusters: row.clusters,
  readOnly: row.read_only,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  ...(row.last_used && { lastUsed: row.last_used.getTime() }),
});

export class PostgresTokens implements TokenStore {
  constructor(private readonly source: DataSource) {}

  /** Those of one account are added one after the other, so that no two are counted for one. */
  async create(_ctx: Context, token: Token, most: number): Promise<boolean> {
    const { hash, id, account, name, clusters, readOnly } = token;
    const times = [new Date(token.createdAt), new Date(token.expiresAt)];
    try {
      return await this.source.transaction(async (manager) => {
        await manager.query('select 1 from accounts where name = $1 for update', [account]);
        const values = [hash, id, account, name, clusters, readOnly, ...times, most];
        return ((await manager.query(CREATE, values)) as unknown[]).length > 0;
      });
    } catch (error) {
      throw translated(error, 'the token cannot be kept');
    }
  }

  async find(ctx: Context, hash: string): Promise<Token | undefined> {
    const sql = 'select * from tokens where hash = $1 and expires_at > $2';
    const [row] = await rows<TokenRow>(this.source, sql, [hash, new Date(ctx.clock.now())]);
    return row && tokenOf(row);
  }

  async touch(ctx: Context, hash: string): Promise<void> {
    await rows(this.source, 'update tokens set last_used = $2 where hash = $1', [hash, new Date(ctx.clock.now())]);
  }

  async list(ctx: Context, account: string): Promise<readonly Token[]> {
    const sql = 'select * from tokens where account = $1 and expires_at > $2 order by created_at desc, id';
    return (await rows<TokenRow>(this.source, sql, [account, new Date(ctx.clock.now())])).map(tokenOf);
  }

  removeOf(_ctx: Context, account: string, id?: string): Promise<number> {
    const statement = 'delete from tokens where account = $1 and ($2::text is null or id = $2)';
    return removed(this.source, statement, [account, id ?? null]);
  }

  removeExpired(ctx: Context): Promise<number> {
    return removeExpired(ctx, this.source, 'tokens');
  }
}
