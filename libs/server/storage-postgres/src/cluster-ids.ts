import { type Head, type Revision, unknownCluster } from '@binnacle/server-storage';
import type { Pool } from 'pg';
import { translated } from './errors.js';

export interface ClusterRow {
  readonly id: string;
  readonly revision: Revision;
  readonly oldest: Revision;
}

const FIND = {
  name: 'find_clusters',
  text: 'select name, id, revision, oldest from clusters where name = any($1) and deleted_at is null',
  rowMode: 'array' as const,
};

interface Waiter {
  resolve(row: ClusterRow): void;
  reject(error: Error): void;
}

/** Finds clusters by name. All questions that come while one is under way share the next. */
export class ClusterIds {
  private readonly known = new Map<string, string>();
  private waiting = new Map<string, Waiter[]>();
  private asking = false;

  constructor(private readonly pool: Pool) {}

  /** The cluster's id, possibly from memory; `commit_batch` notices when it is out of date. */
  async resolve(name: string): Promise<{ id: string }> {
    const id = this.known.get(name);
    return id === undefined ? this.current(name) : { id };
  }

  forget(name: string): void {
    this.known.delete(name);
  }

  /** Read after the call, so that it reflects every write acknowledged before. Rejects with `unknownCluster`. */
  current(name: string): Promise<ClusterRow> {
    return new Promise((resolve, reject) => {
      const waiters = this.waiting.get(name);
      if (waiters) waiters.push({ resolve, reject });
      else this.waiting.set(name, [{ resolve, reject }]);
      if (!this.asking) void this.ask();
    });
  }

  async head(name: string): Promise<Head> {
    const { id, revision, oldest } = await this.current(name);
    return { revision, oldest, incarnation: id };
  }

  private async ask(): Promise<void> {
    this.asking = true;
    while (this.waiting.size > 0) {
      const asked = this.waiting;
      this.waiting = new Map();
      await this.askFor(asked);
    }
    this.asking = false;
  }

  private async askFor(asked: ReadonlyMap<string, Waiter[]>): Promise<void> {
    try {
      type Row = [name: string, id: string, revision: string, oldest: string];
      const { rows } = await this.pool.query<Row>({ ...FIND, values: [[...asked.keys()]] });
      const found = new Map(
        rows.map(([name, id, revision, oldest]) => [name, { id, revision: Number(revision), oldest: Number(oldest) }]),
      );
      for (const [name, waiters] of asked) this.answer(name, waiters, found.get(name));
    } catch (error) {
      const failure = translated(error, 'the revision cannot be read');
      for (const waiter of [...asked.values()].flat()) waiter.reject(failure);
    }
  }

  private answer(name: string, waiters: readonly Waiter[], row: ClusterRow | undefined): void {
    if (row) this.known.set(name, row.id);
    else this.known.delete(name);
    for (const waiter of waiters) {
      if (row) waiter.resolve(row);
      else waiter.reject(unknownCluster(name));
    }
  }
}
