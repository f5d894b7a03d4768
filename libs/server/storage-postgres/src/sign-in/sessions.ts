import type { Context } from '@binnacle/machinery-context';
import type { Session, SessionStore, SignInMethod } from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { removed, removeExpired, rows } from './rows.js';

interface SessionRow {
  readonly id_hash: string;
  readonly account: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly last_seen: Date;
  readonly address: string;
  readonly user_agent: string;
  readonly method: SignInMethod;
  readonly teams: string[];
}

const CREATE = `insert into sessions (id_hash, account, created_at, expires_at, last_seen, address, user_agent, method, teams)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`;
const PRUNE = `delete from sessions where account = $1 and id_hash in
  (select id_hash from sessions where account = $1 order by last_seen desc, created_at desc offset $2)`;

const sessionOf = (row: SessionRow): Session => ({
  idHash: row.id_hash,
  account: row.account,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  lastSeen: row.last_seen.getTime(),
  address: row.address,
  userAgent: row.user_agent,
  method: row.method,
  teams: row.teams,
});

export class PostgresSessions implements SessionStore {
  constructor(private readonly source: DataSource) {}

  async create(_ctx: Context, session: Session, most?: number): Promise<void> {
    const { idHash, account, address = '', userAgent = '', method = 'password', teams = [] } = session;
    const times = [session.createdAt, session.expiresAt, session.lastSeen].map((time) => new Date(time));
    await rows(this.source, CREATE, [idHash, account, ...times, address, userAgent, method, teams]);
    if (most !== undefined) await rows(this.source, PRUNE, [account, most]);
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

  async list(ctx: Context, account: string): Promise<readonly Session[]> {
    const sql = 'select * from sessions where account = $1 and expires_at > $2 order by created_at desc, id_hash';
    return (await rows<SessionRow>(this.source, sql, [account, new Date(ctx.clock.now())])).map(sessionOf);
  }

  removeOf(_ctx: Context, account: string): Promise<number> {
    return removed(this.source, 'delete from sessions where account = $1', [account]);
  }

  removeExpired(ctx: Context): Promise<number> {
    return removeExpired(ctx, this.source, 'sessions');
  }
}
