import type { Context } from '@binnacle/machinery-context';
import { StorageError } from '@binnacle/server-storage';
import type { ClientBase, Pool, PoolClient } from 'pg';
import { reasonOf } from '../errors.js';
import { giveBack } from '../transactions.js';

/** How long a result is good for, in milliseconds, whoever asks. */
const FRESH = 1_000;
/** Less than the kubelet waits for the answer of a probe. */
export const PROBE_PATIENCE = 4_000;

/** Emptied by every commit, so that every probe has to get its pages from the file system anew. Nobody else sees it. */
const PREPARE = `create temp table binnacle_probe (filler text) on commit delete rows;
  alter table binnacle_probe alter column filler set storage plain`;
/** Some pages of a table, and a commit that reaches the disk and the synchronous standby. It changes nothing. */
const PROBE = `begin;
  insert into binnacle_probe select repeat('x', 7000) from generate_series(1, 4);
  select pg_logical_emit_message(true, 'binnacle', 'probe'),
    pg_is_in_recovery() or current_setting('transaction_read_only')::bool as read_only;
  commit`;

interface Result {
  readonly at: number;
  readonly failure?: StorageError;
}

/** Tries whether a write would succeed now, by one that leaves nothing behind. Whoever asks at the same time shares the answer. */
export class WriteProbe {
  private readonly prepared = new WeakSet<ClientBase>();
  private running: Promise<Result> | undefined;
  private last: Result | undefined;

  /** One connection is enough, kept for as long as the store is open: its patience should be `PROBE_PATIENCE`. */
  constructor(private readonly pool: Pool) {}

  /** Rejects with `unavailable`, and why, within the probe's patience. */
  async check(ctx: Context): Promise<void> {
    const fresh = this.last && ctx.clock.now() - this.last.at < FRESH ? this.last : undefined;
    const { failure } = fresh ?? (await this.share(ctx));
    if (failure) throw failure;
  }

  private share(ctx: Context): Promise<Result> {
    this.running ??= inTime(ctx, this.attempt(ctx)).then((result) => {
      this.running = undefined;
      this.last = result;
      return result;
    });
    return this.running;
  }

  private async attempt(ctx: Context): Promise<Result> {
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      await this.run(client);
      client.release();
      return { at: ctx.clock.now() };
    } catch (error) {
      await giveBack(client, error);
      return failed(ctx, reasonOf(error), error);
    }
  }

  private async run(client: PoolClient): Promise<void> {
    if (!this.prepared.has(client)) await client.query(PREPARE);
    this.prepared.add(client);
    const results = (await client.query(PROBE)) as unknown as { rows: { read_only?: boolean }[] }[];
    if (results[2]?.rows[0]?.read_only) throw Object.assign(new Error('read-only'), { code: '25006' });
  }
}

function failed(ctx: Context, reason: string, cause?: unknown): Result {
  return { at: ctx.clock.now(), failure: new StorageError('unavailable', reason, { retryAfterSeconds: 1 }, { cause }) };
}

/** The connection ends in the end; who asks does not wait for that. */
function inTime(ctx: Context, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve) => {
    const cancel = ctx.clock.after(PROBE_PATIENCE, () => resolve(failed(ctx, 'the database does not answer')));
    void work.then(resolve).finally(cancel);
  });
}
