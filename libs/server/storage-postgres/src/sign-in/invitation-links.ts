import type { Context } from '@binnacle/machinery-context';
import type { InvitationLink, InvitationLinkStore } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { removeExpired, rows } from './rows.js';

interface LinkRow {
  readonly hash: string;
  readonly uid: string;
  readonly name: string;
  readonly expires_at: Date;
}

const SAVE = `insert into invitation_links (hash, uid, name, expires_at) values ($1, $2, $3, $4)
  on conflict (uid) do update set hash = excluded.hash, name = excluded.name, expires_at = excluded.expires_at`;
const TAKE = `with taken as (delete from invitation_links where hash = $1 and expires_at > $2 returning *)
  select * from taken`;

const linkOf = ({ hash, uid, name, expires_at: end }: LinkRow): InvitationLink => ({
  hash,
  uid,
  name,
  expiresAt: end.getTime(),
});

export class PostgresInvitationLinks implements InvitationLinkStore {
  constructor(private readonly source: DataSource) {}

  async save(_ctx: Context, { hash, uid, name, expiresAt }: InvitationLink): Promise<void> {
    await rows(this.source, SAVE, [hash, uid, name, new Date(expiresAt)]);
  }

  find(ctx: Context, hash: string): Promise<InvitationLink | undefined> {
    return this.one(ctx, 'select * from invitation_links where hash = $1 and expires_at > $2', hash);
  }

  take(ctx: Context, hash: string): Promise<InvitationLink | undefined> {
    return this.one(ctx, TAKE, hash);
  }

  async remove(_ctx: Context, uid: string): Promise<void> {
    await rows(this.source, 'delete from invitation_links where uid = $1', [uid]);
  }

  removeExpired(ctx: Context): Promise<number> {
    return removeExpired(ctx, this.source, 'invitation_links');
  }

  private async one(ctx: Context, sql: string, hash: string): Promise<InvitationLink | undefined> {
    const [row] = await rows<LinkRow>(this.source, sql, [hash, new Date(ctx.clock.now())]);
    return row && linkOf(row);
  }
}
