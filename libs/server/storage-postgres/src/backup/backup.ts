import type { Context } from '@binnacle/machinery-context';
import { unknownCluster } from '@binnacle/server-storage';
import type { ClientBase, Pool } from 'pg';
import { connect } from '../connect.js';
import { translated } from '../errors.js';
import { BEGIN_SNAPSHOT, giveBack } from '../transactions.js';
import { BackupWriter, type ChangeLine, type ClusterLine } from './format.js';
import { peopleOf } from './people.js';

export interface BackupOptions {
  /** All, with who may sign in and by what, when absent. */
  readonly clusters?: readonly string[];
  /** Only the present state, without what led to it. */
  readonly withoutHistory?: boolean;
}

const CHUNK = 500;
const CLUSTERS = `select id, name, revision, oldest, created_at, keep_seconds, keep_bytes from clusters
  where deleted_at is null and ($1::text[] is null or name = any($1)) order by name`;
// What history needs: all after its beginning, and what was alive at its beginning. A change may be in two partitions for a while.
const CHANGES = `
  select distinct on (c.revision) o.key is not null as live, c.revision, c.previous, c.time, c.type, c.key, c.actor, c.attributes, c.body
  from changes c left join objects o on o.cluster = c.cluster and o.key = c.key and o.revision = c.revision
  where c.cluster = $1 and (c.revision > $2 or o.key is not null
    or exists (select 1 from changes n where n.cluster = $1 and n.previous = c.revision and n.revision > $2))
  order by c.revision`;

type ClusterRow = {
  id: string;
  name: string;
  revision: string;
  oldest: string;
  created_at: string;
  keep_seconds: number | null;
  keep_bytes: string | null;
};
type ChangeRow = [boolean, string, string | null, string, number, string, string, string, string];

/** A consistent copy of one moment, streamed; a slow reader makes it wait. See `format.ts`. */
export async function* backUp(ctx: Context, pool: Pool, options: BackupOptions = {}): AsyncGenerator<Buffer> {
  const client = await connect(ctx, pool);
  const writer = new BackupWriter();
  let failure: unknown;
  try {
    await client.query(BEGIN_SNAPSHOT);
    yield writer.write([{ format: 'binnacle-backup', version: 1, time: ctx.clock.now() }]);
    for (const row of await clustersOf(client, options.clusters)) {
      const oldest = Number(options.withoutHistory ? row.revision : row.oldest);
      yield writer.write([clusterLine(row, oldest)]);
      for await (const lines of changesOf(client, row.id, oldest)) yield writer.write(lines);
    }
    if (!options.clusters) yield writer.write(await peopleOf(client));
    yield writer.end();
  } catch (error) {
    failure = error;
    throw translated(error, 'the backup failed');
  } finally {
    await giveBack(client, failure);
  }
}

async function clustersOf(client: ClientBase, names: readonly string[] | undefined): Promise<ClusterRow[]> {
  const { rows } = await client.query<ClusterRow>(CLUSTERS, [names ?? null]);
  const missing = names?.find((name) => !rows.some((row) => row.name === name));
  if (missing !== undefined) throw unknownCluster(missing);
  return rows;
}

async function* changesOf(client: ClientBase, id: string, oldest: number): AsyncGenerator<ChangeLine[]> {
  await client.query(`declare backup no scroll cursor for ${CHANGES}`, [id, oldest]);
  for (;;) {
    const { rows } = await client.query<ChangeRow>({ text: `fetch ${CHUNK} from backup`, rowMode: 'array' });
    if (rows.length === 0) break;
    yield rows.map(([live, revision, previous, time, ...rest]) => [
      live,
      Number(revision),
      previous === null ? null : Number(previous),
      Number(time),
      ...rest,
    ]);
  }
  await client.query('close backup');
}

function clusterLine(row: ClusterRow, oldest: number): ClusterLine {
  return {
    cluster: row.name,
    revision: Number(row.revision),
    oldest,
    createdAt: Number(row.created_at),
    keepSeconds: row.keep_seconds,
    keepBytes: row.keep_bytes === null ? null : Number(row.keep_bytes),
  };
}
