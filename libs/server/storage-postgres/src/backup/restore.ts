import type { Context } from '@binnacle/machinery-context';
import { StorageError } from '@binnacle/server-storage';
import type { ClientBase, Pool } from 'pg';
import { bigintArray, textArray } from '../binary-array.js';
import { connect } from '../connect.js';
import { translated } from '../errors.js';
import { HOLD_PARTITION, giveBack } from '../transactions.js';
import { BackupError, type ChangeLine, type ClusterLine, readLines } from './format.js';
import { isPerson, restorePerson } from './people.js';

export interface RestoreOptions {
  /** Gives a cluster another name than it had; who may sign in is then not brought back. */
  readonly rename?: (cluster: string) => string;
}

export interface RestoreReport {
  readonly clusters: readonly string[];
  readonly changes: number;
  readonly objects: number;
  /** Names of the keys that what was brought back is sealed by. */
  readonly sealedBy: readonly string[];
}

const CHUNK = 500;
const NEW_CLUSTER = `
  insert into clusters (name, revision, oldest, epoch, epoch_base, keep_seconds, keep_bytes, created_at)
  select $1, $2, $3, epoch, $2, $4, $5, $6 from log_state on conflict do nothing returning id`;
// 0 stands for no previous revision: revisions begin at 1.
const CHANGES = `
  insert into changes (cluster, epoch, revision, previous, time, type, key, actor, attributes, body)
  select $1, l.epoch, u.revision, nullif(u.previous, 0), u.time, u.type, u.key, u.actor, u.attributes, u.body from log_state l,
    unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[])
      as u (revision, previous, time, type, key, actor, attributes, body)`;
const OBJECTS = `
  insert into objects (cluster, epoch, revision, key)
  select $1, l.epoch, u.revision, u.key from log_state l, unnest($2::bigint[], $3::text[]) as u (revision, key)`;
const BYTES = 'update clusters set log_bytes = log_bytes + $2 where id = $1';

/**
 * Brings back what a backup holds, all of it or nothing: only when the checksum is right is it committed. Rejects with
 * `BackupError`, or with `exists` where a cluster of that name is there already.
 */
export async function restore(
  ctx: Context,
  pool: Pool,
  source: AsyncIterable<Uint8Array>,
  options: RestoreOptions = {},
): Promise<RestoreReport> {
  const client = await connect(ctx, pool);
  try {
    await client.query(`begin; ${HOLD_PARTITION}`);
    const run = new Restore(client, options);
    for await (const line of readLines(source)) {
      ctx.signal.throwIfAborted();
      await run.take(line);
    }
    await run.flush();
    await client.query('commit');
    client.release();
    return run.report();
  } catch (error) {
    await giveBack(client, error);
    throw error instanceof BackupError ? error : translated(error, 'the restore failed');
  }
}

class Restore {
  private readonly clusters: string[] = [];
  private id = '';
  private pending: ChangeLine[] = [];
  private changes = 0;
  private objects = 0;
  private readonly sealedBy = new Set<string>();

  constructor(
    private readonly client: ClientBase,
    private readonly options: RestoreOptions,
  ) {}

  async take(line: object): Promise<void> {
    if (Array.isArray(line)) {
      this.pending.push(line as ChangeLine);
      if (this.pending.length >= CHUNK) await this.flush();
    } else if ('cluster' in line) {
      await this.begin(line as ClusterLine);
    } else if (isPerson(line) && !this.options.rename) {
      // Beside other clusters people are already whom their installation knows.
      await restorePerson(this.client, line);
    }
  }

  report(): RestoreReport {
    return {
      clusters: this.clusters,
      changes: this.changes,
      objects: this.objects,
      sealedBy: [...this.sealedBy].sort(),
    };
  }

  async flush(): Promise<void> {
    const lines = this.pending;
    this.pending = [];
    if (lines.length === 0) return;
    for (const line of lines) if (line[8].startsWith('k8s:enc:')) this.sealedBy.add(line[8].split(':', 5)[4] ?? '');
    const live = lines.filter(([isLive]) => isLive);
    await this.client.query(CHANGES, [this.id, ...columns(lines)]);
    await this.client.query(OBJECTS, [
      this.id,
      bigintArray(live.map((line) => line[1])),
      textArray(live.map((line) => line[5])),
    ]);
    const bytes = lines.reduce((sum, line) => sum + Buffer.byteLength(line[8]), 0);
    await this.client.query(BYTES, [this.id, bytes]);
    this.changes += lines.length;
    this.objects += live.length;
  }

  private async begin(line: ClusterLine): Promise<void> {
    await this.flush();
    const name = this.options.rename?.(line.cluster) ?? line.cluster;
    const values = [name, line.revision, line.oldest, line.keepSeconds, line.keepBytes, line.createdAt];
    const { rows } = await this.client.query<{ id: string }>(NEW_CLUSTER, values);
    const row = rows[0];
    if (!row) throw new StorageError('exists', `cluster ${JSON.stringify(name)} exists`);
    this.id = row.id;
    this.clusters.push(name);
  }
}

function columns(lines: readonly ChangeLine[]): Buffer[] {
  const numbers = (pick: (line: ChangeLine) => number) => bigintArray(lines.map(pick));
  const texts = (pick: (line: ChangeLine) => string) => textArray(lines.map(pick));
  return [
    numbers((line) => line[1]),
    numbers((line) => line[2] ?? 0),
    numbers((line) => line[3]),
    numbers((line) => line[4]),
    texts((line) => line[5]),
    texts((line) => line[6]),
    texts((line) => line[7]),
    texts((line) => line[8]),
  ];
}
