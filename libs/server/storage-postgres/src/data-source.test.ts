import { systemClock } from '@binnacle/process-lifecycle';
import { testContext } from '@binnacle/server-storage/suite';
import { expect, it, vi } from 'vitest';
import { createPostgresStorage } from './create-postgres-storage.js';
import { NewerSchemaError } from './errors.js';
import { freshDatabase } from './testing/index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };

it('lets replicas that start together migrate once', async () => {
  const { url: databaseUrl, drop } = await freshDatabase();
  const replicas = await Promise.all([1, 2, 3, 4].map(() => createPostgresStorage(ctx, { databaseUrl })));
  const [first] = replicas;
  const applied = await first?.dataSource.query('select name from migrations order by id');
  expect(applied.map(({ name }: { name: string }) => name)).toEqual([
    'Log1795219200000',
    'SignIn1795219200001',
    'RequestIds1795219200002',
    'Places1795219200003',
    'Decisions1795219200004',
    'People1795219200010',
    'OtherSignIns1795219200020',
    'SessionOrigin1795219200021',
    'GroupsOfChanges1795219200030',
    'SealedObjects1795219200031',
    'PasskeyHandles1795219200040',
  ]);
  await Promise.all(replicas.map((replica) => replica.close()));
  await drop();
});

it('refuses a database that a newer release has migrated', async () => {
  const { url: databaseUrl, drop } = await freshDatabase();
  const storage = await createPostgresStorage(ctx, { databaseUrl });
  await storage.dataSource.query("insert into migrations (timestamp, name) values (9, 'FromTheFuture9')");
  await storage.close();
  for (const migrate of [true, false]) {
    const refused = createPostgresStorage(ctx, { databaseUrl, migrate });
    await expect(refused).rejects.toThrow(NewerSchemaError);
    await expect(refused).rejects.toThrow('FromTheFuture9');
  }
  await drop();
});

it('goes back to an empty database', async () => {
  const { url: databaseUrl, drop } = await freshDatabase();
  const storage = await createPostgresStorage(ctx, { databaseUrl });
  const applied = await storage.dataSource.query('select 1 from migrations');
  for (let undone = 0; undone < applied.length; undone += 1) await storage.dataSource.undoLastMigration();
  const tables = await storage.dataSource.query("select tablename from pg_tables where schemaname = 'public'");
  expect(tables).toEqual([{ tablename: 'migrations' }]);
  await storage.close();
  await drop();
});

it('says when no database answers', async () => {
  const refused = createPostgresStorage(ctx, { databaseUrl: 'postgres://u@/d?host=/nowhere' });
  await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
});
