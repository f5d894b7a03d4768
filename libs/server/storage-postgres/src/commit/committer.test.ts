import { FakeClock } from '@binnacle/machinery-context';
import { type Change, StorageError, type StoredObject, type Write } from '@binnacle/server-storage';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ClusterIds } from '../cluster-ids.js';
import { CommitHealth } from '../readiness/commit-health.js';
import type { CommitConnections } from './commit-connections.js';
import { Committer } from './committer.js';
import type { QueuedWrite } from './commit-queue.js';

type Row = [base: string | null, at: string, outcomes: Buffer | null];

const said = (code: string) => Object.assign(new Error(`state ${code}`), { code, severity: 'ERROR' });
const actor = { user: 'u', client: 'c' };

let told: string[];
let changes: Change[];
let settled: Map<string, StoredObject | Error>;
/** Answers batches as the database would. */
let database: (id: string, names: readonly string[]) => Row | undefined;
let noConnection: Error | undefined;
let committer: Committer;
let health: CommitHealth;
let sizes: number[];
let clusters: string[];

function queued(name: string, op: Write['op'] = 'create'): QueuedWrite {
  const key = { cluster: 'main', resource: 'pods', namespace: 'ns', name };
  const content = { key, body: Buffer.from('{}'), attributes: { labels: {}, fields: {} }, actor };
  const write: Write = op === 'create' ? { op, ...content } : { op, expected: 1, ...content };
  return {
    write,
    key: `pods\u001fns\u001f${name}`,
    ending: { aborted: false, reason: undefined },
    deadline: 0,
    resolve: (object) => void settled.set(name, object),
    reject: (error) => void settled.set(name, error as Error),
  };
}

/** What the query of a batch is answered with; its names are read back from the message that it would send. */
function clientOf(id: string) {
  return {
    query(query: {
      callback: (error: Error | undefined, result?: { rows: (Row | undefined)[] }) => void;
      prepare(connection: object): void;
    }) {
      let message = '';
      const stream = { write: (bytes: Buffer) => void (message = bytes.toString('latin1')) };
      query.prepare({ stream, submittedNamedStatements: {}, parse: () => undefined, parsedStatements: {} });
      const names = [...message.matchAll(/pods\x1fns\x1f(\w+)/g)].map(([, name = '']) => name);
      try {
        query.callback(undefined, { rows: [database(id, names)] });
      } catch (error) {
        query.callback(error as Error);
      }
    },
  };
}

beforeEach(() => {
  [told, changes, settled, noConnection, sizes, clusters] = [[], [], new Map(), undefined, [], ['1', '2', '3']];
  health = new CommitHealth(new FakeClock());
  const connections = {
    use: async (id: string, action: (client: unknown) => Promise<unknown>) => {
      if (noConnection) throw noConnection;
      return action(clientOf(id));
    },
  };
  const ids = {
    resolve: async (name: string) => {
      const [id] = clusters;
      if (id === undefined) throw new StorageError('unknownCluster', `no cluster ${name}`);
      return { id };
    },
    forget: () => void clusters.shift(),
  };
  committer = new Committer({
    connections: connections as unknown as CommitConnections,
    ids: ids as unknown as ClusterIds,
    health,
    onCommit: (size) => sizes.push(size),
    listener: {
      sent: (id) => told.push(`sent ${id}`),
      published: (id, base, batch) => {
        told.push(`published ${id} ${base} +${batch.length}`);
        changes.push(...batch);
      },
      landed: (id, outcome) => told.push(`landed ${id} ${outcome}`),
    },
  });
});

const messageOf = (name: string): string => {
  const found = settled.get(name);
  return found instanceof StorageError ? `${found.code}: ${found.message}` : 'stored';
};

describe('a batch', () => {
  it('gets revisions in its order, and is published before the writers hear of it', async () => {
    database = () => ['41', '1700', null];
    await committer.commit('main', [queued('a'), queued('b', 'update'), queued('c', 'delete')]);
    expect(told).toEqual(['sent 1', 'published 1 41 +3', 'landed 1 known']);
    expect(changes.map(({ type, time, object }) => [type, time, object.key.name, object.revision])).toEqual([
      ['ADDED', 1700, 'a', 42],
      ['MODIFIED', 1700, 'b', 43],
      ['DELETED', 1700, 'c', 44],
    ]);
    expect(settled.get('b')).toMatchObject({ revision: 43 });
    expect(sizes).toEqual([3]);
  });

  it('tells each writer what became of its own write', async () => {
    database = () => ['9', '0', Buffer.of(1, 0, 2, 3, 7)];
    await committer.commit(
      'main',
      ['a', 'b', 'c', 'd', 'e'].map((name) => queued(name)),
    );
    expect(['a', 'b', 'c', 'd', 'e'].map(messageOf)).toEqual([
      'exists: the key is taken',
      'stored',
      'notFound: no such object',
      'conflict: the object has changed',
      'unavailable: unexpected outcome 7',
    ]);
    expect(settled.get('b')).toMatchObject({ revision: 10 });
    expect(changes).toHaveLength(1);
  });

  it('of which nothing was stored is not published', async () => {
    database = () => ['9', '0', Buffer.of(1)];
    await committer.commit('main', [queued('a')]);
    expect(told).toEqual(['sent 1', 'landed 1 known']);
  });

  it('of a cluster that was made anew is sent once more, to the new one', async () => {
    database = (id) => [id === '1' ? null : '5', '0', null];
    await committer.commit('main', [queued('a')]);
    expect(told).toEqual(['sent 1', 'landed 1 known', 'sent 2', 'published 2 5 +1', 'landed 2 known']);
    expect(settled.get('a')).toMatchObject({ revision: 6 });
  });

  it('of a cluster that is gone is refused', async () => {
    database = () => [null, '0', null];
    await committer.commit('main', [queued('a')]);
    expect(messageOf('a')).toMatch(/^unknownCluster: /);
    clusters = [];
    await committer.commit('main', [queued('b')]);
    expect(messageOf('b')).toBe('unknownCluster: no cluster main');
  });
});

describe('a batch that fails', () => {
  it('for the data of some is stored for all the others, in their order', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z]\w{0,3}$/), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(names, fc.array(fc.nat(11), { maxLength: 4 }), async (all, picks) => {
        [settled, changes] = [new Map(), []];
        const bad = new Set(picks.map((pick) => all[pick % all.length]));
        let revision = 0;
        database = (_, batch) => {
          if (batch.some((name) => bad.has(name))) throw said('22021');
          revision += batch.length;
          return [String(revision - batch.length), '0', null];
        };
        await committer.commit(
          'main',
          all.map((name) => queued(name)),
        );
        const good = all.filter((name) => !bad.has(name));
        expect(changes.map(({ object }) => object.key.name)).toEqual(good);
        expect(changes.map(({ object }) => object.revision)).toEqual(good.map((_name, at) => at + 1));
        for (const name of bad) expect(messageOf(name ?? '')).toMatch(/^invalid: /);
        expect(settled.size).toBe(all.length);
        health.check();
      }),
      { numRuns: 100 },
    );
  });

  it('for want of a connection was not stored, which is said', async () => {
    noConnection = said('53300');
    await committer.commit('main', [queued('a'), queued('b')]);
    expect([messageOf('a'), messageOf('b')]).toEqual(
      new Array(2).fill('unavailable: the write was not stored: the database has no connection left'),
    );
    expect(told).toEqual(['sent 1', 'landed 1 unknown']);
  });

  it('because the server said so was not stored', async () => {
    database = () => {
      throw said('57014');
    };
    await committer.commit('main', [queued('a')]);
    expect(messageOf('a')).toBe('unavailable: the write was not stored: the database took too long');
    expect(() => health.check()).toThrow('the database took too long');
  });

  it('because the connection broke may have been stored: the log is to tell', async () => {
    database = () => {
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    };
    await committer.commit('main', [queued('a')]);
    expect(messageOf('a')).toBe('unavailable: the write may not have been stored: read ECONNRESET');
    expect(told).toEqual(['sent 1', 'landed 1 unknown']);
  });
});
