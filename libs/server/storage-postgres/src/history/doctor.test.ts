import { systemClock } from '@binnacle/process-lifecycle';
import { Bench, testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { type FreshDatabase, freshDatabase } from '../testing/index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };
let database: FreshDatabase;
let storage: PostgresStorage;

beforeAll(async () => {
  database = await freshDatabase();
  storage = await createPostgresStorage(ctx, { databaseUrl: database.url });
}, 60_000);
afterAll(async () => {
  await storage.close();
  await database.drop();
});

const DAMAGE: Record<string, string> = {
  'every object points at a change of its key that is no deletion':
    'update objects set revision = 3 where revision = 1',
  'every object points at the newest change of its key': "update objects set revision = 2 where key like '%b'",
  'what was stored last and not deleted is an object': "delete from objects where key like '%b'",
  'revisions have no gaps and are used once': 'delete from changes where revision = 3',
  'the counter of a cluster is its newest revision': 'update clusters set revision = 9',
  'history goes back no further than it exists': 'update clusters set oldest = 9',
  'every body is an encoded object': "update changes set body = left(body, 9) where key like '%b'",
  'what a change replaced is still there': 'delete from changes where revision = 2',
};

describe('the doctor', () => {
  it.each(Object.entries(DAMAGE))('finds that it does not hold that %s', async (invariant, damage) => {
    await storage.createCluster(ctx, 'patient');
    const b = new Bench(ctx, { storage, reader: storage, close: async () => undefined }, 'patient');
    await b.create('a');
    await b.update(await b.create('b'));
    await b.remove(await b.create('c'));
    expect((await storage.examine(ctx)).findings).toEqual([]);
    const where = damage.includes('where') ? ' and' : ' where';
    const id = "(select id from clusters where name = 'patient' and deleted_at is null)";
    await storage.reads.query(`${damage}${where} ${damage.startsWith('update clusters') ? 'id' : 'cluster'} = ${id}`);
    const { findings } = await storage.examine(ctx);
    expect(findings.map((finding) => finding.invariant)).toContain(invariant);
    expect(findings[0]).toMatchObject({ cluster: 'patient', count: expect.any(Number), example: expect.any(String) });
    await storage.deleteCluster(ctx, 'patient');
  });

  it('finds a database that acknowledges before it has written', async () => {
    const name = new URL(database.url.replace('postgres://postgres@/', 'postgres://h/')).pathname.slice(1);
    await storage.reads.query(`alter database ${name} set synchronous_commit = off`);
    const other = await createPostgresStorage(ctx, { databaseUrl: database.url });
    expect((await other.examine(ctx)).findings).toMatchObject([{ cluster: '', example: 'synchronous_commit is off' }]);
    await other.close();
    await storage.reads.query(`alter database ${name} reset synchronous_commit`);
  });
});
