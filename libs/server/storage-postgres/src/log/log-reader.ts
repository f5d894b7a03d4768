import {
  type Change,
  type ChangeType,
  expiredRevision,
  futureRevision,
  type Revision,
  unknownCluster,
} from '@binnacle/server-storage';
import type { ClientBase } from 'pg';
import { decodeActor, decodeKey, LoadedObject } from '../encoding.js';

/** By the number they are stored as. */
export const TYPES: Readonly<Record<number, ChangeType>> = { 1: 'ADDED', 2: 'MODIFIED', 3: 'DELETED' };

const BOUNDS = 'select revision, oldest from clusters where id = $1 and deleted_at is null';
const CHANGES = `
  select c.revision, c.key, c.type, c.time, c.actor, c.attributes, c.body
  from changes c where c.cluster = $1 and c.revision > $2 and c.revision <= $3 order by c.revision limit $4`;
const CHANGES_WITH_PREVIOUS = `
  select c.revision, c.key, c.type, c.time, c.actor, c.attributes, c.body, p.revision, p.attributes, p.body
  from (select * from changes where cluster = $1 and revision > $2 and revision <= $3 order by revision limit $4) c
    left join lateral (select * from changes where cluster = $1 and revision = c.previous limit 1) p on true
  order by c.revision`;

type ChangeRow = [
  revision: string,
  key: string,
  type: number,
  time: string,
  actor: string,
  attributes: string,
  body: string,
  previousRevision?: string | null,
  previousAttributes?: string,
  previousBody?: string,
];

export interface LogRange {
  readonly id: string;
  readonly cluster: string;
  readonly after: Revision;
  /** Inclusive; the end of the log when absent. */
  readonly upTo?: Revision;
  readonly limit: number;
  readonly withPrevious: boolean;
}

/** Consecutive changes of one cluster. Rejects with `expired`, `future` or `unknownCluster`. */
export async function readLog(client: ClientBase, range: LogRange): Promise<Change[]> {
  const { id, after } = range;
  const query = range.withPrevious
    ? { name: 'history', text: CHANGES_WITH_PREVIOUS }
    : { name: 'changes', text: CHANGES };
  const upTo = range.upTo ?? Number.MAX_SAFE_INTEGER;
  // The bounds are read last: rows that were dropped while they were read are noticed.
  const { rows } = await client.query<ChangeRow>({
    ...query,
    values: [id, after, upTo, range.limit],
    rowMode: 'array',
  });
  await checkBounds(client, range);
  return rows.map((row) => changeOf(range.cluster, row));
}

async function checkBounds(client: ClientBase, { id, cluster, after }: LogRange): Promise<void> {
  type Bounds = [revision: string, oldest: string];
  const { rows } = await client.query<Bounds>({ name: 'bounds', text: BOUNDS, values: [id], rowMode: 'array' });
  const row = rows[0];
  if (!row) throw unknownCluster(cluster);
  if (after < Number(row[1])) throw expiredRevision(after, Number(row[1]));
  if (after > Number(row[0])) throw futureRevision(after, Number(row[0]));
}

/** A change from its row, with what it replaced where that was read too. */
export function changeOf(cluster: string, row: ChangeRow): Change {
  const [revision, text, type, time, actor, attributes, body, previousRevision, previousAttributes, previousBody] = row;
  const key = decodeKey(cluster, text);
  const change = {
    type: TYPES[type] as ChangeType,
    object: new LoadedObject(key, Number(revision), body, attributes),
    actor: decodeActor(actor),
    time: Number(time),
  };
  if (previousRevision == null || previousBody === undefined || previousAttributes === undefined) return change;
  return { ...change, previous: new LoadedObject(key, Number(previousRevision), previousBody, previousAttributes) };
}
