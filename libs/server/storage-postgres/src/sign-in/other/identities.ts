import type { Context } from '@binnacle/machinery-context';
import type { IdentityStore, LinkedIdentity, PersonKey } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { removed, rows } from '../rows.js';

interface IdentityRow {
  readonly id: string;
  readonly issuer: string;
  readonly subject: string;
  readonly account: string;
  readonly uid: string;
  readonly provider: string;
  readonly email: string | null;
  readonly linked_at: Date;
  readonly last_used: Date | null;
}

/** What somebody of the same name had before is taken over, since its owner is gone. */
const ADD = `insert into identities as old (id, issuer, subject, account, uid, provider, email, linked_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8)
  on conflict (issuer, subject) do update set id = excluded.id, uid = excluded.uid, provider = excluded.provider,
    email = excluded.email, linked_at = excluded.linked_at, last_used = null
  where old.account = excluded.account and old.uid <> excluded.uid returning 1`;

const identityOf = ({ linked_at: linked, last_used: used, email, ...row }: IdentityRow): LinkedIdentity => ({
  ...row,
  email: email ?? undefined,
  linkedAt: linked.getTime(),
  lastUsedAt: used?.getTime(),
});

export class PostgresIdentities implements IdentityStore {
  constructor(private readonly source: DataSource) {}

  async find(_ctx: Context, issuer: string, subject: string): Promise<LinkedIdentity | undefined> {
    const sql = 'select * from identities where issuer = $1 and subject = $2';
    const [row] = await rows<IdentityRow>(this.source, sql, [issuer, subject]);
    return row && identityOf(row);
  }

  async listOf(_ctx: Context, { account, uid }: PersonKey): Promise<readonly LinkedIdentity[]> {
    const sql = 'select * from identities where account = $1 and uid = $2 order by linked_at, id';
    return (await rows<IdentityRow>(this.source, sql, [account, uid])).map(identityOf);
  }

  async add(_ctx: Context, { email, linkedAt, ...identity }: LinkedIdentity): Promise<boolean> {
    const { id, issuer, subject, account, uid, provider } = identity;
    const values = [id, issuer, subject, account, uid, provider, email ?? null, new Date(linkedAt)];
    return (await rows(this.source, ADD, values)).length > 0;
  }

  async markUsed(ctx: Context, id: string, email: string | undefined): Promise<void> {
    const sql = 'update identities set last_used = $2, email = $3 where id = $1';
    await rows(this.source, sql, [id, new Date(ctx.clock.now()), email ?? null]);
  }

  removeOf(_ctx: Context, { account, uid }: PersonKey, id?: string): Promise<number> {
    const sql = 'delete from identities where account = $1 and uid = $2 and ($3::text is null or id = $3)';
    return removed(this.source, sql, [account, uid, id ?? null]);
  }
}
