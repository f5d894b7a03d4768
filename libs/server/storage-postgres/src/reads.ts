import type { Context } from '@binnacle/machinery-context';
import {
  expiredRevision,
  futureRevision,
  type Key,
  KEY_SEPARATOR,
  type ListOptions,
  type ListResult,
  type ListRevision,
  namespacesInOrder,
  objectInScope,
  type Revision,
  type Scope,
  spaceOf,
  type StoredObject,
  unknownCluster,
} from '@binnacle/server-storage';
import type { ClientBase } from 'pg';
import { decodeKey, encodeKey, LoadedObject } from './encoding.js';

/** Stored keys from `from` (inclusive) to `to` (exclusive). */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

const AFTER_SEPARATOR = String.fromCharCode(KEY_SEPARATOR.charCodeAt(0) + 1);
/** Appended to a key it gives the smallest text greater than the key; no key holds it. */
const LEAST = '\u0001';
const CHUNK = 500;
/** Keys of the past that are held at a time. */
const KEYS = 50_000;

/** Where the objects of a scope are, one range after the other. */
function keyRanges(scope: Scope, after?: ListOptions['after']): readonly KeyRange[] {
  const { namespace, namespaces, resource } = scope;
  if (!namespaces) return [keyRange(scope, after)];
  if (namespace !== undefined) return namespaces.has(namespace) ? [keyRange(scope, after)] : [];
  const all = namespacesInOrder(namespaces).map((one): KeyRange => {
    const key = { cluster: scope.cluster, resource, namespace: '', name: one };
    return spaceOf(key) === one ? oneKey(key) : keyRange({ cluster: scope.cluster, resource, namespace: one });
  });
  if (!after) return all;
  const from = `${encodeKey({ cluster: scope.cluster, resource, ...after })}${LEAST}`;
  return all.flatMap((range) => (range.to > from ? [{ ...range, from: range.from > from ? range.from : from }] : []));
}

export function keyRange(scope: Scope, after?: ListOptions['after']): KeyRange {
  const { cluster, resource, namespace, name } = scope;
  if (namespace !== undefined && name !== undefined && !after) return oneKey({ cluster, resource, namespace, name });
  const prefix = namespace === undefined ? resource : `${resource}${KEY_SEPARATOR}${namespace}`;
  const from = after ? `${encodeKey({ cluster, resource, ...after })}${LEAST}` : `${prefix}${KEY_SEPARATOR}`;
  return { from, to: `${prefix}${AFTER_SEPARATOR}` };
}

function oneKey(key: Key): KeyRange {
  const text = encodeKey(key);
  return { from: text, to: `${text}${LEAST}` };
}

const PRESENT = `
  select o.key, o.revision, c.attributes, c.body
  from objects o join changes c on c.epoch = o.epoch and c.cluster = o.cluster and c.revision = o.revision
  where o.cluster = $1 and o.key >= $2 and o.key < $3
  order by o.key limit $4`;

// The state at a revision is the present state with what came after undone: the first change of a key after the revision
// tells what the key held before it. While a partition is emptied a change may be in two of them, hence the limits of 1.
const PAST_KEYS = `
  select key, revision from objects where cluster = $1 and key >= $2 and key < $3 and revision <= $4
  union all
  select key, previous from (
    select distinct on (key) key, previous from changes
    where cluster = $1 and revision > $4 and key >= $2 and key < $3 order by key, revision
  ) undone where previous is not null`;
const BODIES =
  'select key, revision, attributes, body from changes where cluster = $1 and revision = any($2) order by key';

type ObjectRow = [key: string, revision: string, attributes: string, body: string];

/** Where a read looks: the present, or the past at a revision. */
export interface ReadPoint {
  readonly id: string;
  readonly revision: Revision;
  readonly oldest: Revision;
  readonly past: boolean;
}

/** Settles what revision a read is served at, inside the transaction it runs in. */
export async function readPoint(client: ClientBase, cluster: string, wanted: ListRevision): Promise<ReadPoint> {
  const { rows } = await client.query<[string, string, string]>({
    name: 'read_point',
    text: 'select id, revision, oldest from clusters where name = $1 and deleted_at is null',
    values: [cluster],
    rowMode: 'array',
  });
  const row = rows[0];
  if (!row) throw unknownCluster(cluster);
  const [id, newest, oldest] = [row[0], Number(row[1]), Number(row[2])];
  const present = { id, oldest, revision: newest, past: false };
  if (wanted.at === 'latest' || wanted.at === 'any') return present;
  if (wanted.revision > newest) throw futureRevision(wanted.revision, newest);
  if (wanted.at === 'notOlderThan' || wanted.revision === newest) return present;
  if (wanted.revision < oldest) throw expiredRevision(wanted.revision, oldest);
  return { id, oldest, revision: wanted.revision, past: true };
}

async function* presentRows(
  client: ClientBase,
  { id }: ReadPoint,
  range: KeyRange,
  chunk: number,
): AsyncGenerator<ObjectRow[]> {
  let { from } = range;
  for (;;) {
    const query = { name: 'list_present', text: PRESENT, values: [id, from, range.to, chunk] };
    const { rows } = await client.query<ObjectRow>({ ...query, rowMode: 'array' });
    yield rows;
    const last = rows[rows.length - 1];
    if (!last || rows.length < chunk) return;
    from = `${last[0]}${LEAST}`;
  }
}

/** What there was is found once, at the cost of all that has happened since; bodies are read by the chunk. */
async function* pastRows(
  client: ClientBase,
  at: ReadPoint,
  range: KeyRange,
  chunk: number,
): AsyncGenerator<ObjectRow[]> {
  // Who wants little wants no more keys than that.
  const most = chunk === CHUNK ? KEYS : chunk;
  let { from } = range;
  for (;;) {
    const values = [at.id, from, range.to, at.revision, most];
    const query = { name: 'past_keys', text: `${PAST_KEYS} order by key limit $5`, values, rowMode: 'array' as const };
    const { rows: keys } = await client.query<[key: string, revision: string]>(query);
    for (let next = 0; next < keys.length; next += chunk) {
      yield bodiesOf(
        client,
        at,
        keys.slice(next, next + chunk).map(([, revision]) => revision),
      );
    }
    const last = keys[keys.length - 1];
    if (!last || keys.length < most) return;
    from = `${last[0]}${LEAST}`;
  }
}

async function bodiesOf(client: ClientBase, { id }: ReadPoint, revisions: readonly string[]): Promise<ObjectRow[]> {
  const query = { name: 'past_bodies', text: BODIES, values: [id, revisions], rowMode: 'array' as const };
  const { rows } = await client.query<ObjectRow>(query);
  // One that is being moved out of an old partition is in two.
  return rows.filter((row, index) => row[1] !== rows[index - 1]?.[1]);
}

/** Everything in a range at one revision, in chunks; the client's transaction must be repeatable read. */
export async function* objectsIn(
  client: ClientBase,
  cluster: string,
  at: ReadPoint,
  range: KeyRange,
  chunk = CHUNK,
): AsyncGenerator<readonly StoredObject[]> {
  const chunks = at.past ? pastRows(client, at, range, chunk) : presentRows(client, at, range, chunk);
  for await (const rows of chunks) yield rows.map((row) => loaded(cluster, row));
}

export async function readOne(client: ClientBase, key: Key, wanted: ListRevision): Promise<StoredObject | undefined> {
  const at = await readPoint(client, key.cluster, wanted);
  for await (const [object] of objectsIn(client, key.cluster, at, oneKey(key), 1)) return object;
  return undefined;
}

/** Goes on from chunk to chunk until the signal aborts. */
export async function readPage(
  { signal }: Pick<Context, 'signal'>,
  client: ClientBase,
  scope: Scope,
  options: ListOptions,
): Promise<ListResult> {
  const at = await readPoint(client, scope.cluster, options.revision);
  const limit = options.limit || Number.POSITIVE_INFINITY;
  const chunk = scope.matches || limit > CHUNK ? CHUNK : limit + 1;
  const most = options.bytes ?? Number.POSITIVE_INFINITY;
  const items: StoredObject[] = [];
  let bytes = 0;
  for (const range of keyRanges(scope, options.after)) {
    for await (const objects of objectsIn(client, scope.cluster, at, range, chunk)) {
      signal.throwIfAborted();
      for (const object of objects) {
        if (!objectInScope(scope, object)) continue;
        if (items.length === limit || bytes > most) return cut(client, scope, at, items);
        items.push(object);
        bytes += object.body.length;
      }
    }
  }
  return { revision: at.revision, items, more: false };
}

async function cut(client: ClientBase, scope: Scope, at: ReadPoint, items: StoredObject[]): Promise<ListResult> {
  const page = { revision: at.revision, items, more: true };
  const last = items[items.length - 1];
  if (!last || scope.matches || scope.name !== undefined) return page;
  let remaining = 0;
  for (const range of keyRanges(scope, last.key)) remaining += await countKeys(client, at, range);
  return { ...page, remaining };
}

async function countKeys(client: ClientBase, at: ReadPoint, range: KeyRange): Promise<number> {
  const keys = at.past ? PAST_KEYS : 'select key from objects where cluster = $1 and key >= $2 and key < $3';
  const values = [at.id, range.from, range.to, ...(at.past ? [at.revision] : [])];
  const { rows } = await client.query<[string]>({ text: `select count(*) from (${keys}) k`, values, rowMode: 'array' });
  return Number(rows[0]?.[0]);
}

function loaded(cluster: string, [key, revision, attributes, body]: ObjectRow): StoredObject {
  return new LoadedObject(decodeKey(cluster, key), Number(revision), body, attributes);
}
