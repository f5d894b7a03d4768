import type { Context } from '@binnacle/machinery-context';
import type {
  PersonKey,
  TerminalPoll,
  TerminalRequest,
  TerminalRequestStore,
  TerminalState,
} from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { removed, removeExpired, rows } from '../rows.js';

interface RequestRow {
  readonly code_hash: string;
  readonly user_code_hash: string;
  readonly client: string;
  readonly address: string;
  readonly created_at: Date;
  readonly expires_at: Date;
  readonly state: TerminalState;
  readonly account: string | null;
  readonly uid: string | null;
  readonly teams: string[];
}

type PollRow = RequestRow & { readonly polled_before: Date | null };

const ADD = `insert into terminal_requests (code_hash, user_code_hash, client, address, created_at, expires_at)
  select $1, $2, $3, $4, $5, $6 where (select count(*) from terminal_requests where expires_at > $5) < $7
  on conflict do nothing returning 1`;
const SETTLE = `with settled as (
    update terminal_requests set state = $3, account = $4, uid = $5, teams = $6
    where user_code_hash = $1 and expires_at > $2 and state = 'pending' returning 1)
  select 1 from settled`;
/** What it was before is read from the row as the statement found it. */
const POLL = `with polled as (
    update terminal_requests as now set polled_at = $2 from terminal_requests as before
    where now.code_hash = $1 and before.code_hash = now.code_hash and now.expires_at > $2
    returning now.*, before.polled_at as polled_before)
  select * from polled`;
const TAKE = `with taken as (
    delete from terminal_requests where code_hash = $1 and expires_at > $2 and state = 'approved' returning *)
  select * from taken`;

const requestOf = (row: RequestRow): TerminalRequest => ({
  codeHash: row.code_hash,
  userCodeHash: row.user_code_hash,
  client: row.client,
  address: row.address,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  state: row.state,
  teams: row.teams,
  ...(row.account !== null && row.uid !== null && { person: { account: row.account, uid: row.uid } }),
});

export class PostgresTerminalRequests implements TerminalRequestStore {
  constructor(private readonly source: DataSource) {}

  async add(_ctx: Context, request: TerminalRequest, most: number): Promise<boolean> {
    const { codeHash, userCodeHash, client, address, createdAt, expiresAt } = request;
    const times = [createdAt, expiresAt].map((time) => new Date(time));
    return (await rows(this.source, ADD, [codeHash, userCodeHash, client, address, ...times, most])).length > 0;
  }

  async findByUserCode(ctx: Context, userCodeHash: string): Promise<TerminalRequest | undefined> {
    const sql = 'select * from terminal_requests where user_code_hash = $1 and expires_at > $2';
    const [row] = await rows<RequestRow>(this.source, sql, [userCodeHash, new Date(ctx.clock.now())]);
    return row && requestOf(row);
  }

  async settle(
    ctx: Context,
    userCodeHash: string,
    { state, person, teams = [] }: Parameters<TerminalRequestStore['settle']>[2],
  ): Promise<boolean> {
    const outcome = [state, person?.account ?? null, person?.uid ?? null, teams];
    const now = new Date(ctx.clock.now());
    return (await rows(this.source, SETTLE, [userCodeHash, now, ...outcome])).length > 0;
  }

  async poll(ctx: Context, codeHash: string): Promise<TerminalPoll | undefined> {
    const [row] = await rows<PollRow>(this.source, POLL, [codeHash, new Date(ctx.clock.now())]);
    return row && { ...requestOf(row), polledAt: row.polled_before?.getTime() };
  }

  async take(ctx: Context, codeHash: string): Promise<TerminalRequest | undefined> {
    const [row] = await rows<RequestRow>(this.source, TAKE, [codeHash, new Date(ctx.clock.now())]);
    return row && requestOf(row);
  }

  removeOf(_ctx: Context, { account, uid }: PersonKey): Promise<number> {
    const sql = 'delete from terminal_requests where account = $1 and uid = $2';
    return removed(this.source, sql, [account, uid]);
  }

  removeExpired(ctx: Context): Promise<number> {
    return removeExpired(ctx, this.source, 'terminal_requests');
  }
}
