import type { Context } from '@binnacle/machinery-context';
import type { Account, AccountStore, Session, SessionStore } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { translated } from './errors.js';

type SessionRow = { id_hash: string; account: string; created_at: Date; expires_at: Date; last_seen: Date };

const SAVE = `insert into accounts (name, groups, scrypt) values ($1, $2, $3)
  on conflict (name) do update set groups = excluded.groups, scrypt = excluded.scrypt`;

async function rows<T>(source: DataSource, sql: string, values: readonly unknown[] = []): Promise<T[]> {
  try {
    return await source.query(sql, [...values]);
  } catch (error) {
    throw translated(error, 'the sign-in tables cannot be used');
  }
}

export class PostgresAccounts implements AccountStore {
  constructor(private readonly source: DataSource) {}

  async find(_ctx: Context, name: string): Promise<Account | undefined> {
    return (await rows<Account>(this.source, 'select name, groups, scrypt from accounts where name = $1', [name]))[0];
  }

  async list(_ctx: Context): Promise<readonly Account[]> {
    return rows<Account>(this.source, 'select name, groups, scrypt from accounts order by name');
  }

  /** Whether there is any account; also to be asked of a database that has no tables yet. */
  async any(_ctx: Context): Promise<boolean> {
    const sql = "select to_regclass('accounts') is not null as made";
    const [table] = await rows<{ made: boolean }>(this.source, sql);
    return table?.made === true && (await rows(this.source, 'select 1 from accounts limit 1')).length > 0;
  }

  async save(_ctx: Context, account: Account): Promise<void> {
    await rows(this.source, SAVE, [account.name, account.groups, account.scrypt]);
  }

  async saveFirst(_ctx: Context, accounts: readonly Account[]): Promise<boolean> {
    return this.source.transaction(async (manager) => {
      await manager.query('lock table accounts in share row exclusive mode');
      const [any] = (await manager.query('select 1 from accounts limit 1')) as unknown[];
      if (any) return false;
      for (const { name, groups, scrypt } of accounts) await manager.query(SAVE, [name, groups, scrypt]);
      return true;
    });
  }

  async remove(_ctx: Context, name: string): Promise<void> {
    await rows(this.source, 'delete from accounts where name = $1', [name]);
  }
}

export class PostgresSessions implements SessionStore {
  constructor(private readonly source: DataSource) {}

  async create(_ctx: Context, session: Session): Promise<void> {
    const times = [session.createdAt, session.expiresAt, session.lastSeen].map((time) => new Date(time));
    const sql = `insert into sessions (id_hash, account, created_at, expires_at, last_seen) values ($1, $2, $3, $4, $5)`;
    await rows(this.source, sql, [session.idHash, session.account, ...times]);
  }

  async find(ctx: Context, idHash: string): Promise<Session | undefined> {
    const sql = 'select * from sessions where id_hash = $1 and expires_at > $2';
    const [row] = await rows<SessionRow>(this.source, sql, [idHash, new Date(ctx.clock.now())]);
    return row && sessionOf(row);
  }

  async touch(ctx: Context, idHash: string, expiresAt: number): Promise<void> {
    const sql = 'update sessions set last_seen = $2, expires_at = $3 where id_hash = $1';
    await rows(this.source, sql, [idHash, new Date(ctx.clock.now()), new Date(expiresAt)]);
  }

  async remove(_ctx: Context, idHash: string): Promise<void> {
    await rows(this.source, 'delete from sessions where id_hash = $1', [idHash]);
  }

  /** Signs an account out everywhere. */
  async removeOf(_ctx: Context, account: string): Promise<void> {
    await rows(this.source, 'delete from sessions where account = $1', [account]);
  }

  async removeExpired(ctx: Context): Promise<number> {
    const sql = 'with gone as (delete from sessions where expires_at <= $1 returning 1) select count(*) from gone';
    const [row] = await rows<{ count: string }>(this.source, sql, [new Date(ctx.clock.now())]);
    return Number(row?.count ?? 0);
  }
}

function sessionOf(row: SessionRow): Session {
  return {
    idHash: row.id_hash,
    account: row.account,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    lastSeen: row.last_seen.getTime(),
  };
}
