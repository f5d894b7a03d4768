import type { Context } from '@binnacle/machinery-context';
import type { Account, AccountStore } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { rows } from './rows.js';

interface AccountRow {
  readonly name: string;
  readonly groups: string[];
  readonly scrypt: string;
  readonly uid: string | null;
  readonly must_change: boolean;
}

const SELECT = 'select name, groups, scrypt, uid, must_change from accounts';
const SAVE = `insert into accounts (name, groups, scrypt, uid, must_change) values ($1, $2, $3, $4, $5)
  on conflict (name) do update set groups = excluded.groups, scrypt = excluded.scrypt, uid = excluded.uid,
    must_change = excluded.must_change`;
/** Answers a row, of what is asked in one statement with the change. */
const CHANGE = `with changed as (update accounts set scrypt = $4, must_change = false
    where name = $1 and scrypt = $2 and uid is not distinct from $3 returning name) select name from changed`;

const valuesOf = ({ name, groups, scrypt, uid, mustChange }: Account): unknown[] => [
  name,
  groups,
  scrypt,
  uid ?? null,
  mustChange ?? false,
];

const accountOf = ({ name, groups, scrypt, uid, must_change: mustChange }: AccountRow): Account => ({
  name,
  groups,
  scrypt,
  ...(uid !== null && { uid }),
  ...(mustChange && { mustChange }),
});

export class PostgresAccounts implements AccountStore {
  constructor(private readonly source: DataSource) {}

  async find(_ctx: Context, name: string): Promise<Account | undefined> {
    const [row] = await rows<AccountRow>(this.source, `${SELECT} where name = $1`, [name]);
    return row && accountOf(row);
  }

  async list(_ctx: Context): Promise<readonly Account[]> {
    return (await rows<AccountRow>(this.source, `${SELECT} order by name`)).map(accountOf);
  }

  /** Whether there is any account; also to be asked of a database that has no tables yet. */
  async any(_ctx: Context): Promise<boolean> {
    const sql = "select to_regclass('accounts') is not null as made";
    const [table] = await rows<{ made: boolean }>(this.source, sql);
    return table?.made === true && (await rows(this.source, 'select 1 from accounts limit 1')).length > 0;
  }

  async save(_ctx: Context, account: Account): Promise<void> {
    await rows(this.source, SAVE, valuesOf(account));
  }

  async changePassword(_ctx: Context, { name, scrypt, uid }: Account, next: string): Promise<boolean> {
    const values = [name, scrypt, uid ?? null, next];
    return (await rows(this.source, CHANGE, values)).length > 0;
  }

  async saveFirst(_ctx: Context, accounts: readonly Account[]): Promise<boolean> {
    return this.source.transaction(async (manager) => {
      await manager.query('lock table accounts in share row exclusive mode');
      const [any] = (await manager.query('select 1 from accounts limit 1')) as unknown[];
      if (any) return false;
      for (const account of accounts) await manager.query(SAVE, valuesOf(account));
      return true;
    });
  }

  async remove(_ctx: Context, name: string, uid?: string): Promise<void> {
    const sql = 'delete from accounts where name = $1 and ($2::text is null or uid = $2)';
    await rows(this.source, sql, [name, uid ?? null]);
  }
}
