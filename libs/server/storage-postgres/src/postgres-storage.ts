import type { Context } from '@binnacle/machinery-context';
import {
  type Change,
  checkWrite,
  type ClusterInfo,
  type Head,
  type Key,
  type ListOptions,
  type ListResult,
  type ListRevision,
  type LogListener,
  type Revision,
  type Scope,
  type Snapshot,
  type Storage,
  type StoredObject,
  type Watch,
  type WatchOptions,
  type Write,
} from '@binnacle/server-storage';
import type { DataSource } from 'typeorm';
import { type BackupOptions, backUp } from './backup/backup.js';
import { type RestoreOptions, type RestoreReport, restore } from './backup/restore.js';
import { ClusterIds } from './cluster-ids.js';
import { compactCluster, createCluster, deleteCluster, forkCluster, listClusters } from './clusters.js';
import { CommitConnections } from './commit/commit-connections.js';
import { CommitQueue } from './commit/commit-queue.js';
import { Committer } from './commit/committer.js';
import { type DoctorReport, examine } from './history/doctor.js';
import {
  applyRetention,
  keepRetention,
  type RetentionPolicy,
  type RetentionReport,
  setRetention,
} from './history/retention.js';
import { LogTails } from './log/log-tails.js';
import { readLog } from './log/log-reader.js';
import { watchLog } from './log/watch-log.js';
import { type Primary, PrimaryPool } from './primary-pool.js';
import { readOne, readPage } from './reads.js';
import { openSnapshot } from './snapshot.js';
import { inSnapshot } from './transactions.js';

/** Clusters with batches under way at once, each on its own connection. */
const PARALLEL_COMMITS = 4;
const COMMIT_PATIENCE = 60_000;
const READ_CONNECTIONS = 8;
const MAX_BATCH = 1_024;
const MAX_BATCH_BYTES = 16 << 20;
const MAX_QUEUED = 8_192;

export interface PostgresStorageParts {
  readonly primary: Primary;
  readonly dataSource: DataSource;
  readonly onCommit?: (size: number, milliseconds: number) => void;
  /** False to leave the past alone. */
  readonly retention: RetentionPolicy | false;
}

/** The store on Postgres. Made by `createPostgresStorage`. */
export class PostgresStorage implements Storage {
  readonly dataSource: DataSource;
  readonly reads: PrimaryPool;
  private readonly commits: PrimaryPool;
  private readonly ids: ClusterIds;
  private readonly tails: LogTails;
  private readonly stopRetention: () => void;
  private readonly queue: CommitQueue;

  constructor(ctx: Context, { primary, dataSource, onCommit, retention }: PostgresStorageParts) {
    this.dataSource = dataSource;
    this.commits = new PrimaryPool(primary, {
      max: PARALLEL_COMMITS,
      applicationName: 'binnacle commits',
      patience: COMMIT_PATIENCE,
      pipelined: true,
    });
    this.reads = new PrimaryPool(primary, { max: READ_CONNECTIONS, applicationName: 'binnacle reads' });
    this.ids = new ClusterIds(this.reads);
    this.tails = new LogTails(ctx, { primary, pool: this.reads });
    const committer = new Committer({
      connections: new CommitConnections(this.commits),
      ids: this.ids,
      listener: this.tails,
      ...(onCommit && { onCommit }),
    });
    this.queue = new CommitQueue(ctx, {
      commit: (cluster, batch) => committer.commit(cluster, batch),
      parallel: PARALLEL_COMMITS,
      maxBatch: MAX_BATCH,
      maxBatchBytes: MAX_BATCH_BYTES,
      maxQueued: MAX_QUEUED,
    });
    this.stopRetention = retention ? keepRetention(ctx, this.reads, retention) : () => undefined;
  }

  /** Writes that wait for their batch. */
  get queued(): number {
    return this.queue.length;
  }

  async get(_ctx: Context, key: Key, revision: ListRevision = { at: 'latest' }): Promise<StoredObject | undefined> {
    return inSnapshot(this.reads, 'the object cannot be read', (client) => readOne(client, key, revision));
  }

  async list(_ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    return inSnapshot(this.reads, 'the objects cannot be read', (client) => readPage(client, scope, options));
  }

  async watch(ctx: Context, scope: Scope, options: WatchOptions): Promise<Watch> {
    return watchLog(ctx, this, scope, options);
  }

  /** Everything has to be waited for. */
  peek(): undefined {
    return undefined;
  }

  peekAll(): undefined {
    return undefined;
  }

  async revision(ctx: Context, cluster: string): Promise<Revision> {
    return (await this.head(ctx, cluster)).revision;
  }

  async head(_ctx: Context, cluster: string): Promise<Head> {
    const head = await this.ids.head(cluster);
    // What is known to be committed need not wait for its notification.
    this.tails.noticed(head.incarnation, head.revision);
    return head;
  }

  async write(ctx: Context, write: Write): Promise<StoredObject> {
    checkWrite(ctx, write);
    return this.queue.add(write, ctx.signal);
  }

  async createCluster(ctx: Context, name: string): Promise<ClusterInfo> {
    return createCluster(ctx, this.commits, name);
  }

  async deleteCluster(ctx: Context, name: string): Promise<void> {
    const id = await deleteCluster(ctx, this.commits, name);
    this.ids.forget(name);
    this.tails.noticed(id, -1);
  }

  async listClusters(_ctx: Context): Promise<readonly ClusterInfo[]> {
    return listClusters(this.reads);
  }

  async compact(_ctx: Context, cluster: string, oldest: Revision): Promise<void> {
    await compactCluster(this.commits, cluster, oldest);
  }

  async forkCluster(ctx: Context, source: string, revision: Revision, name: string): Promise<ClusterInfo> {
    return forkCluster(ctx, this.reads, source, revision, name);
  }

  /** One round of giving up history now; undefined when another replica is at it. */
  async applyRetention(ctx: Context, policy: RetentionPolicy): Promise<RetentionReport | undefined> {
    return applyRetention(ctx, this.reads, policy);
  }

  async setRetention(_ctx: Context, cluster: string, limits: { age?: number; bytes?: number }): Promise<void> {
    await setRetention(this.reads, cluster, limits);
  }

  /** A consistent copy of one moment, as a stream of bytes. */
  backUp(ctx: Context, options?: BackupOptions): AsyncGenerator<Buffer> {
    return backUp(ctx, this.reads, options);
  }

  /** All of a backup, or nothing of it. */
  async restore(ctx: Context, source: AsyncIterable<Uint8Array>, options?: RestoreOptions): Promise<RestoreReport> {
    return restore(ctx, this.reads, source, options);
  }

  /** Checks the invariants of everything stored. */
  async examine(_ctx: Context): Promise<DoctorReport> {
    return examine(this.reads);
  }

  async snapshot(_ctx: Context, cluster: string): Promise<Snapshot> {
    return openSnapshot(this.reads, cluster);
  }

  async history(_ctx: Context, cluster: string, after: Revision, limit: number): Promise<readonly Change[]> {
    const { id } = await this.ids.resolve(cluster);
    return inSnapshot(this.reads, 'the history cannot be read', (client) =>
      readLog(client, { id, cluster, after, limit, withPrevious: true }),
    );
  }

  follow(cluster: string, after: Revision, listener: LogListener, incarnation?: string): () => void {
    if (incarnation !== undefined) return this.tails.follow(incarnation, cluster, after, listener);
    let stop: (() => void) | undefined;
    let stopped = false;
    this.ids.resolve(cluster).then(
      ({ id }) => {
        if (!stopped) stop = this.tails.follow(id, cluster, after, listener);
      },
      (error: Error) => stopped || listener.failed(error),
    );
    return () => {
      stopped = true;
      stop?.();
    };
  }

  async close(): Promise<void> {
    this.stopRetention();
    await this.queue.close();
    await this.tails.close();
    await Promise.all([this.commits.end(), this.reads.end(), this.dataSource.destroy()]);
  }
}
