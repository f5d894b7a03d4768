import { type Context, sleep } from '@binnacle/machinery-context';
import {
  type Change,
  type ClusterListener,
  isStorageError,
  type LogListener,
  type Revision,
  StorageError,
  unknownCluster,
} from '@binnacle/server-storage';
import type pg from 'pg';
import { within } from '../abandon.js';
import { connect } from '../connect.js';
import { DatabaseSilentError } from '../errors.js';
import { connectToPrimary, type Primary } from '../primary-pool.js';
import { ClusterMoves, DELETED } from './cluster-moves.js';
import { ClusterTail } from './cluster-tail.js';
import { readLog } from './log-reader.js';

const CHUNK = 500;
const RETRY_AFTER = 200;
/** Milliseconds for the database to say goodbye. */
const GOODBYE = 2_000;
/** Lost notifications are made up for at least this often. */
const CHECK_EVERY = 10_000;
const HEADS = {
  name: 'heads',
  text: 'select id, revision from clusters where id = any($1) and deleted_at is null',
  rowMode: 'array' as const,
};

interface Followed {
  readonly name: string;
  readonly tail: ClusterTail;
}

export interface LogTailsOptions {
  readonly primary: Primary;
  readonly pool: pg.Pool;
}

/** The ends of the logs that somebody in this process follows, kept current by notifications. */
export class LogTails {
  private readonly tails = new Map<string, Followed>();
  /** Batches of this process under way, by cluster. */
  private readonly committing = new Map<string, number>();
  private listening = false;
  private closed = false;
  private client: pg.Client | undefined;
  private cancelCheck: (() => void) | undefined;
  private readonly moves: ClusterMoves;

  constructor(
    private readonly ctx: Context,
    private readonly options: LogTailsOptions,
  ) {
    this.moves = new ClusterMoves(ctx, options.pool);
  }

  followClusters(listener: ClusterListener): Promise<() => void> {
    this.listen();
    return this.moves.follow(listener);
  }

  follow(id: string, name: string, after: Revision, listener: LogListener): () => void {
    const { tail } = this.followed(id, name);
    this.listen();
    const stop = tail.follow(after, listener);
    return () => {
      stop();
      if (tail.idle) this.tails.delete(id);
    };
  }

  /** A batch of this process is sent. */
  sent(id: string): void {
    this.committing.set(id, (this.committing.get(id) ?? 0) + 1);
  }

  /** It is done: what it stored has been published. Where its outcome is not known, the log tells. */
  landed(id: string, outcome: 'known' | 'unknown'): void {
    const left = (this.committing.get(id) ?? 1) - 1;
    if (left > 0) this.committing.set(id, left);
    else this.committing.delete(id);
    const tail = this.tails.get(id)?.tail;
    if (outcome === 'unknown') tail?.catchUp(tail.newest + 1);
    if (left === 0) tail?.landed();
  }

  published(id: string, base: Revision, changes: readonly Change[]): void {
    this.tails.get(id)?.tail.published(base, changes);
    this.moves.published(id, base, changes);
  }

  /** A revision that is known to be committed, from wherever. */
  noticed(id: string, revision: Revision): void {
    this.moves.noticed(id, revision);
    const followed = this.tails.get(id);
    if (!followed) return;
    if (revision !== DELETED) return followed.tail.notified(revision);
    this.tails.delete(id);
    followed.tail.fail(unknownCluster(followed.name));
  }

  async close(): Promise<void> {
    this.closed = true;
    this.cancelCheck?.();
    this.moves.close();
    const error = new StorageError('unavailable', 'the store was closed');
    for (const { tail } of this.tails.values()) tail.fail(error);
    this.tails.clear();
    const goodbye = this.client?.end().catch(() => undefined);
    if (goodbye) await within(this.ctx, GOODBYE, goodbye);
  }

  private followed(id: string, name: string): Followed {
    let followed = this.tails.get(id);
    if (followed && !followed.tail.idle) return followed;
    followed = { name, tail: new ClusterTail(this.sourceOf(id, name)) };
    this.tails.set(id, followed);
    return followed;
  }

  private sourceOf(id: string, cluster: string) {
    return {
      read: (after: Revision, upTo?: Revision) =>
        this.read({ id, cluster, after, ...(upTo !== undefined && { upTo }) }),
      committing: () => this.committing.has(id),
      // Nobody waits for this to fail: when the context ends, the next read does.
      pause: () => sleep(this.ctx, RETRY_AFTER).catch(() => undefined),
      isFinal: (error: unknown) =>
        this.closed ||
        this.ctx.signal.aborted ||
        isStorageError(error, 'expired') ||
        isStorageError(error, 'unknownCluster'),
    };
  }

  private async read(range: { id: string; cluster: string; after: Revision; upTo?: Revision }): Promise<Change[]> {
    const client = await connect(this.ctx, this.options.pool);
    let failure: Error | undefined;
    try {
      return await readLog(client, { ...range, limit: CHUNK, withPrevious: false });
    } catch (error) {
      failure = error instanceof DatabaseSilentError ? error : undefined;
      throw error;
    } finally {
      client.release(failure);
    }
  }

  /** Starts listening once, for as long as the store is open. */
  private listen(): void {
    if (this.listening) return;
    this.listening = true;
    void this.keepListening();
    this.checkLater();
  }

  private async keepListening(): Promise<void> {
    while (!this.closed) {
      try {
        await this.listenOnce();
      } catch (error) {
        this.ctx.logger.warn('cannot listen for commits', { error: String(error) });
      }
      if (!this.closed) await sleep(this.ctx, RETRY_AFTER).catch(() => undefined);
    }
  }

  /** Until the connection is lost. */
  private async listenOnce(): Promise<void> {
    const client = await connectToPrimary(this.options.primary, 'binnacle listener');
    this.client = client;
    if (this.closed) return client.end();
    const lost = new Promise<void>((resolve) => client.once('end', resolve));
    client.on('notification', ({ payload = '' }) => this.heard(payload));
    await client.query('listen binnacle_log');
    await this.check();
    await lost;
    this.client = undefined;
  }

  private heard(payload: string): void {
    const [id = '', revision = ''] = payload.split(' ');
    this.noticed(id, Number(revision));
  }

  private checkLater(): void {
    this.cancelCheck = this.ctx.clock.after(CHECK_EVERY, () => {
      void this.check().then(() => !this.closed && this.checkLater());
    });
  }

  /** A listener whose server is gone hears as little as one to whom nothing is said: what answers nothing is given up. */
  private callListener(): void {
    this.client?.query('select').catch(() => undefined);
  }

  /** Compares every tail with the database, in one question. */
  private async check(): Promise<void> {
    this.callListener();
    const asked = [...this.tails.keys()];
    if (asked.length === 0) return;
    try {
      const { rows } = await this.options.pool.query<[string, string]>({ ...HEADS, values: [asked] });
      const heads = new Map(rows.map(([id, revision]) => [id, Number(revision)]));
      for (const id of asked) this.noticed(id, heads.get(id) ?? DELETED);
    } catch (error) {
      this.ctx.logger.warn('cannot check for commits', { error: String(error) });
    }
  }
}
