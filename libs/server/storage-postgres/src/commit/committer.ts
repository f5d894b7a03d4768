import {
  type Change,
  type ChangeType,
  type Revision,
  StorageError,
  type StorageErrorCode,
  type StoredObject,
  unknownCluster,
  type Write,
} from '@binnacle/server-storage';
import type { ClusterIds } from '../cluster-ids.js';
import type { CommitConnections } from './commit-connections.js';
import type { QueuedWrite } from './commit-queue.js';
import { isDataError, isRefused, translated } from '../errors.js';
import type { CommitHealth } from '../readiness/commit-health.js';
import { CommitMemory } from './commit-memory.js';
import { runCommit } from './commit-query.js';

const TYPES = { create: 'ADDED', update: 'MODIFIED', delete: 'DELETED' } satisfies Record<Write['op'], ChangeType>;
/** By the byte that `commit_batch` returns; 0 is success. */
const FAILURES: Record<number, [StorageErrorCode, string]> = {
  1: ['exists', 'the key is taken'],
  2: ['notFound', 'no such object'],
  3: ['conflict', 'the object has changed'],
};

const NOT_STORED = 'the write was not stored';

/** Hears of every batch of a cluster, by the cluster's id. */
export interface CommitListener {
  sent(id: string): void;
  /** Called in revision order before the writers hear of it. */
  published(id: string, base: Revision, changes: readonly Change[]): void;
  landed(id: string, outcome: 'known' | 'unknown'): void;
}

export interface CommitterOptions {
  readonly connections: CommitConnections;
  readonly ids: ClusterIds;
  readonly listener: CommitListener;
  readonly onCommit?: (size: number, milliseconds: number) => void;
  readonly health?: CommitHealth;
}

/** Commits a batch in one transaction, one call, and tells each writer what became of its write. */
export class Committer {
  private readonly memory = new CommitMemory();

  constructor(private readonly options: CommitterOptions) {}

  /** Never rejects. */
  async commit(cluster: string, batch: readonly QueuedWrite[]): Promise<void> {
    try {
      const { id } = await this.options.ids.resolve(cluster);
      if (await this.commitTo(id, batch)) return;
      this.options.ids.forget(cluster);
      const again = await this.options.ids.resolve(cluster);
      if (!(await this.commitTo(again.id, batch))) throw unknownCluster(cluster);
    } catch (error) {
      const failure = translated(error, whatOf(error));
      for (const queued of batch) queued.reject(failure);
    }
  }

  /** False where the cluster is gone. */
  private async commitTo(id: string, batch: readonly QueuedWrite[]): Promise<boolean> {
    try {
      return await this.commitOnce(id, batch);
    } catch (error) {
      if (!isDataError(error) || batch.length < 2) throw error;
      return this.commitHalves(id, batch);
    }
  }

  private async commitOnce(id: string, batch: readonly QueuedWrite[]): Promise<boolean> {
    const { connections, listener, onCommit } = this.options;
    const started = performance.now();
    const ended = this.options.health?.begin();
    let outcome: 'known' | 'unknown' = 'unknown';
    let sent = false;
    listener.sent(id);
    try {
      const row = await connections.use(id, (client) => {
        sent = true;
        return runCommit(client, this.memory, id, batch);
      });
      outcome = 'known';
      ended?.('answered');
      if (!row || row[0] === null) return false;
      onCommit?.(batch.length, performance.now() - started);
      this.settle(id, batch, { base: Number(row[0]), time: Number(row[1]), outcomes: row[2] });
      return true;
    } catch (error) {
      // Data that cannot be stored says nothing about other data.
      ended?.(isDataError(error) ? 'answered' : 'failed', error);
      throw sent ? error : translated(error, NOT_STORED);
    } finally {
      listener.landed(id, outcome);
    }
  }

  /** One write's data made the whole transaction fail: it is found by halving, and fails alone. */
  private async commitHalves(id: string, batch: readonly QueuedWrite[]): Promise<boolean> {
    const middle = batch.length >> 1;
    for (const half of [batch.slice(0, middle), batch.slice(middle)]) {
      try {
        if (!(await this.commitTo(id, half))) return false;
      } catch (error) {
        if (!isDataError(error)) throw error;
        for (const queued of half) queued.reject(translated(error, 'the write cannot be stored'));
      }
    }
    return true;
  }

  private settle(id: string, batch: readonly QueuedWrite[], result: CommitResult): void {
    const stored: (StoredObject | undefined)[] = [];
    const changes: Change[] = [];
    for (const [index, { write }] of batch.entries()) {
      if (failed(result, index)) {
        stored.push(undefined);
        continue;
      }
      const { key, body, attributes, actor } = write;
      const object = { key, revision: result.base + changes.length + 1, body, attributes };
      changes.push({ type: TYPES[write.op], object, actor, time: result.time });
      stored.push(object);
    }
    if (changes.length > 0) this.options.listener.published(id, result.base, changes);
    for (const [index, queued] of batch.entries()) {
      const object = stored[index];
      if (object) queued.resolve(object);
      else queued.reject(failure(queued.write, result.outcomes?.[index] ?? 0));
    }
  }
}

/** Where the connection broke while a batch was under way, nobody knows. */
function whatOf(error: unknown): string {
  return isRefused(error) ? NOT_STORED : 'the write may not have been stored';
}

interface CommitResult {
  readonly base: Revision;
  readonly time: number;
  readonly outcomes: Buffer | null;
}

const failed = ({ outcomes }: CommitResult, index: number): boolean => outcomes !== null && outcomes[index] !== 0;

function failure(write: Write, outcome: number): StorageError {
  const [code, message] = FAILURES[outcome] ?? ['unavailable', `unexpected outcome ${outcome}`];
  return new StorageError(code, message, { key: write.key });
}
