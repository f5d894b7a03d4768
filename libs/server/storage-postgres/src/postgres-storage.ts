import { type Context, endingOf, untilEnded } from '@binnacle/machinery-context';
import {
  type Change,
  type ChangePage,
  type ChangeRange,
  checkWrite,
  type ClusterInfo,
  type ClusterListener,
  type DecisionLimits,
  type DecisionStore,
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
import { within } from './abandon.js';
import { type BackupOptions, backUp } from './backup/backup.js';
import { type RestoreOptions, type RestoreReport, restore } from './backup/restore.js';
import { ClusterIds } from './cluster-ids.js';
import { compactCluster, createCluster, deleteCluster, forkCluster, listClusters } from './clusters.js';
import { CommitConnections } from './commit/commit-connections.js';
import { CommitQueue } from './commit/commit-queue.js';
import { Committer } from './commit/committer.js';
import { PostgresDecisions } from './decisions/postgres-decisions.js';
import { type DoctorReport, examine } from './history/doctor.js';
import { rewriteBodies, type RewriteReport, type Rewriting } from './history/rewrite-bodies.js';
import {
  applyRetention,
  keepRetention,
  type RetentionPolicy,
  type RetentionReport,
  setRetention,
} from './history/retention.js';
import { readChanges } from './log/change-reader.js';
import { LogTails } from './log/log-tails.js';
import { readLog } from './log/log-reader.js';
import { revisionAt } from './log/revision-at.js';
import { watchLog } from './log/watch-log.js';
import { LONG_PATIENCE, type Primary, PrimaryPool } from './primary-pool.js';
import { CommitHealth } from './readiness/commit-health.js';
import { PROBE_PATIENCE, WriteProbe } from './readiness/write-probe.js';
import { readOne, readPage } from './reads.js';
import { openSnapshot } from './snapshot.js';
import { inSnapshot } from './transactions.js';

/** Clusters with batches under way at once, each on its own connection. */
const PARALLEL_COMMITS = 4;
const READ_CONNECTIONS = 8;
/** For what reads or writes everything; the others must not wait for it. */
const LONG_CONNECTIONS = 4;
/** Milliseconds for the database to say goodbye. */
const GOODBYE = 2_000;
const MAX_BATCH = 1_024;
const MAX_BATCH_BYTES = 16 << 20;
const MAX_QUEUED = 8_192;

export interface PostgresStorageParts {
  readonly primary: Primary;
  readonly dataSource: DataSource;
  readonly onCommit?: (size: number, milliseconds: number) => void;
  /** Milliseconds the database may keep silent while it owes an answer. */
  readonly patience: number;
  /** False to leave the past alone. */
  readonly retention: RetentionPolicy | false;
  readonly decisionLimits: DecisionLimits;
}

/** The store on Postgres. Made by `createPostgresStorage`. */
export class PostgresStorage implements Storage {
  readonly dataSource: DataSource;
  readonly reads: PrimaryPool;
  /** What schedulers decided. */
  readonly decisions: DecisionStore;
  private readonly commits: PrimaryPool;
  private readonly operations: PrimaryPool;
  private readonly probes: PrimaryPool;
  private readonly probe: WriteProbe;
  private readonly health: CommitHealth;
  private readonly ids: ClusterIds;
  private readonly tails: LogTails;
  private readonly ctx: Context;
  private readonly stopRetention: () => void;
  private readonly queue: CommitQueue;

  constructor(ctx: Context, parts: PostgresStorageParts) {
    const { primary, dataSource, onCommit, retention, patience } = parts;
    this.ctx = ctx;
    this.dataSource = dataSource;
    this.commits = new PrimaryPool(primary, {
      max: PARALLEL_COMMITS,
      min: 1,
      patience,
      applicationName: 'binnacle commits',
      pipelined: true,
    });
    this.reads = new PrimaryPool(primary, {
      max: READ_CONNECTIONS,
      min: 2,
      patience,
      applicationName: 'binnacle reads',
    });
    const operations = { max: LONG_CONNECTIONS, applicationName: 'binnacle operations', patience: LONG_PATIENCE };
    this.operations = new PrimaryPool(primary, operations);
    const readiness = { max: 1, min: 1, applicationName: 'binnacle readiness', patience: PROBE_PATIENCE };
    this.probes = new PrimaryPool(primary, readiness);
    this.probe = new WriteProbe(this.probes);
    this.ids = new ClusterIds(this.reads);
    this.decisions = new PostgresDecisions(this.reads, this.ids, parts.decisionLimits);
    this.tails = new LogTails(ctx, { primary, pool: this.reads });
    this.health = new CommitHealth(ctx.clock);
    const committer = new Committer({
      connections: new CommitConnections(ctx, this.commits),
      health: this.health,
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
      patience,
    });
    this.stopRetention = retention ? keepRetention(ctx, this.operations, retention) : () => undefined;
  }

  /** Writes that wait for their batch. */
  get queued(): number {
    return this.queue.length;
  }

  async get(ctx: Context, key: Key, revision: ListRevision = { at: 'latest' }): Promise<StoredObject | undefined> {
    return inSnapshot(ctx, this.reads, 'the object cannot be read', (client) => readOne(client, key, revision));
  }

  async list(ctx: Context, scope: Scope, options: ListOptions): Promise<ListResult> {
    return inSnapshot(ctx, this.reads, 'the objects cannot be read', (client) => readPage(ctx, client, scope, options));
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

  async head(ctx: Context, cluster: string): Promise<Head> {
    const head = await untilEnded(ctx, this.ids.head(cluster));
    // What is known to be committed need not wait for its notification.
    this.tails.noticed(head.incarnation, head.revision);
    return head;
  }

  async write(ctx: Context, write: Write): Promise<StoredObject> {
    checkWrite(ctx, write);
    return this.queue.add(write, endingOf(ctx));
  }

  async createCluster(ctx: Context, name: string): Promise<ClusterInfo> {
    return createCluster(ctx, this.operations, name);
  }

  async deleteCluster(ctx: Context, name: string): Promise<void> {
    const id = await deleteCluster(ctx, this.operations, name);
    this.ids.forget(name);
    this.tails.noticed(id, -1);
  }

  async listClusters(ctx: Context): Promise<readonly ClusterInfo[]> {
    return listClusters(ctx, this.reads);
  }

  async followClusters(_ctx: Context, listener: ClusterListener): Promise<() => void> {
    return this.tails.followClusters(listener);
  }

  async compact(ctx: Context, cluster: string, oldest: Revision): Promise<void> {
    await compactCluster(ctx, this.operations, cluster, oldest);
  }

  async forkCluster(ctx: Context, source: string, revision: Revision, name: string): Promise<ClusterInfo> {
    return forkCluster(ctx, this.operations, source, revision, name);
  }

  /** One round of giving up history now; undefined when another replica is at it. */
  async applyRetention(ctx: Context, policy: RetentionPolicy): Promise<RetentionReport | undefined> {
    return applyRetention(ctx, this.operations, policy);
  }

  async setRetention(_ctx: Context, cluster: string, limits: { age?: number; bytes?: number }): Promise<void> {
    await setRetention(this.reads, cluster, limits);
  }

  /** A consistent copy of one moment, as a stream of bytes. */
  backUp(ctx: Context, options?: BackupOptions): AsyncGenerator<Buffer> {
    return backUp(ctx, this.operations, options);
  }

  /** All of a backup, or nothing of it. */
  async restore(ctx: Context, source: AsyncIterable<Uint8Array>, options?: RestoreOptions): Promise<RestoreReport> {
    return restore(ctx, this.operations, source, options);
  }

  /** Puts other bodies in the place of those that are kept, of the past as well; see `rewriteBodies`. */
  async rewriteBodies(ctx: Context, rewriting: Rewriting): Promise<RewriteReport> {
    return rewriteBodies(ctx, this.operations, rewriting);
  }

  /**
   * Resolves where a write would be stored now: it tries one that leaves nothing behind, and looks at what became of the last.
   * Rejects with `unavailable` and why, within four seconds. Cheap: a few pages at most once a second, shared by all who ask.
   */
  async checkWritable(ctx: Context): Promise<void> {
    this.health.check();
    await this.probe.check(ctx);
  }

  /** Checks the invariants of everything stored. */
  async examine(ctx: Context): Promise<DoctorReport> {
    return examine(ctx, this.operations);
  }

  async snapshot(ctx: Context, cluster: string): Promise<Snapshot> {
    return openSnapshot(ctx, this.reads, cluster);
  }

  async history(ctx: Context, cluster: string, after: Revision, limit: number): Promise<readonly Change[]> {
    const { id } = await untilEnded(ctx, this.ids.resolve(cluster));
    return inSnapshot(ctx, this.reads, 'the history cannot be read', (client) =>
      readLog(client, { id, cluster, after, limit, withPrevious: true }),
    );
  }

  async changes(ctx: Context, range: ChangeRange): Promise<ChangePage> {
    return inSnapshot(ctx, this.reads, 'the changes cannot be read', (client) => readChanges(client, range));
  }

  async revisionAt(ctx: Context, cluster: string, time: number): Promise<Revision> {
    return inSnapshot(ctx, this.reads, 'the history cannot be read', (client) => revisionAt(client, cluster, time));
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
    const pools = [this.commits, this.reads, this.operations, this.probes];
    await within(this.ctx, GOODBYE, Promise.all([...pools.map((pool) => pool.end()), this.dataSource.destroy()]));
  }
}
