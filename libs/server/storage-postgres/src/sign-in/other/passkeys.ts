import type { Context } from '@binnacle/machinery-context';
import type { Passkey, PasskeyStore, PasskeyUse, PersonKey } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { removed, rows } from '../rows.js';

interface PasskeyRow {
  readonly id: string;
  readonly account: string;
  readonly uid: string;
  readonly name: string;
  readonly relying_party: string;
  readonly public_key: string;
  readonly counter: string;
  readonly transports: string[];
  readonly backed_up: boolean;
  readonly suspect: boolean;
  readonly created_at: Date;
  readonly last_used: Date | null;
  readonly handle: string | null;
}

const ADD = `insert into passkeys
    (id, account, uid, name, relying_party, public_key, counter, transports, backed_up, created_at, handle)
  select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11
    where (select count(*) from passkeys where account = $2 and uid = $3) < $12
  on conflict (id) do nothing returning 1`;
const USE = `with used as (
    update passkeys set counter = $2, backed_up = $3, last_used = $4
    where id = $1 and not suspect and (counter < $2 or (counter = 0 and $2 = 0)) returning 1)
  select 1 from used`;

const passkeyOf = (row: PasskeyRow): Passkey => ({
  id: row.id,
  account: row.account,
  uid: row.uid,
  name: row.name,
  relyingParty: row.relying_party,
  publicKey: row.public_key,
  counter: Number(row.counter),
  transports: row.transports,
  backedUp: row.backed_up,
  suspect: row.suspect,
  createdAt: row.created_at.getTime(),
  lastUsedAt: row.last_used?.getTime(),
  ...(row.handle !== null && { handle: row.handle }),
});

const valuesOf = (passkey: Passkey): unknown[] => [
  passkey.id,
  passkey.account,
  passkey.uid,
  passkey.name,
  passkey.relyingParty,
  passkey.publicKey,
  passkey.counter,
  passkey.transports,
  passkey.backedUp,
  new Date(passkey.createdAt),
  passkey.handle ?? null,
];

export class PostgresPasskeys implements PasskeyStore {
  constructor(private readonly source: DataSource) {}

  async find(_ctx: Context, id: string): Promise<Passkey | undefined> {
    const [row] = await rows<PasskeyRow>(this.source, 'select * from passkeys where id = $1', [id]);
    return row && passkeyOf(row);
  }

  async listOf(_ctx: Context, { account, uid }: PersonKey): Promise<readonly Passkey[]> {
    const sql = 'select * from passkeys where account = $1 and uid = $2 order by created_at, id';
    return (await rows<PasskeyRow>(this.source, sql, [account, uid])).map(passkeyOf);
  }

  async add(_ctx: Context, passkey: Passkey, most: number): Promise<boolean> {
    return (await rows(this.source, ADD, [...valuesOf(passkey), most])).length > 0;
  }

  async markUsed(ctx: Context, id: string, { counter, backedUp }: PasskeyUse): Promise<boolean> {
    const used = await rows(this.source, USE, [id, counter, backedUp, new Date(ctx.clock.now())]);
    return used.length > 0;
  }

  async markSuspect(_ctx: Context, id: string): Promise<void> {
    await rows(this.source, 'update passkeys set suspect = true where id = $1', [id]);
  }

  async rename(_ctx: Context, { account, uid }: PersonKey, id: string, name: string): Promise<boolean> {
    const sql = `with named as (update passkeys set name = $4 where account = $1 and uid = $2 and id = $3 returning 1)
      select 1 from named`;
    return (await rows(this.source, sql, [account, uid, id, name])).length > 0;
  }

  removeOf(_ctx: Context, { account, uid }: PersonKey, id?: string): Promise<number> {
    const sql = 'delete from passkeys where account = $1 and uid = $2 and ($3::text is null or id = $3)';
    return removed(this.source, sql, [account, uid, id ?? null]);
  }
}
