import { systemClock } from '@binnacle/process-lifecycle';
import { Bench, testContext, WatchReader } from '@binnacle/server-storage/suite';
import { expect, it, vi } from 'vitest';
import { createPostgresStorage } from './create-postgres-storage.js';
import { PostgresServer, startStandby } from './testing/index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

it('goes on after the server was killed and has come back, watches included', async () => {
  const server = await PostgresServer.start();
  const storage = await createPostgresStorage(ctx, { databaseUrl: server.url() });
  await storage.createCluster(ctx, 'c');
  const b = new Bench(ctx, { storage, reader: storage, close: async () => undefined }, 'c');
  const watch = new WatchReader(await storage.watch(ctx, { cluster: 'c', resource: 'pods' }, { after: 0 }));
  await b.create('a');
  expect(await watch.changes(1)).toEqual(['ADDED a@1']);
  await server.kill();
  await expect(b.create('lost')).rejects.toMatchObject({ code: 'unavailable' });
  await server.start();
  await eventually(() => b.create('b'));
  expect(await watch.changes(1)).toEqual(['ADDED b@2']);
  watch.watch.close();
  await storage.close();
  await server.stop();
});

it('follows the primary to a standby that takes over', async () => {
  const server = await PostgresServer.start();
  const standby = await startStandby(server);
  const hosts = [standby.server, server].map(({ socketDir }) => encodeURIComponent(socketDir)).join(',');
  const databaseUrl = `postgres://postgres@/postgres?host=${hosts}&target_session_attrs=read-write`;
  const storage = await eventually(() => createPostgresStorage(ctx, { databaseUrl }));
  await storage.createCluster(ctx, 'c');
  const b = new Bench(ctx, { storage, reader: storage, close: async () => undefined }, 'c');
  const object = await b.create('a');
  const follow = async () => expect((await standbyRevision(standby.server)).rows).toEqual([{ revision: '1' }]);
  await eventually(follow);
  await server.kill();
  await standby.promote();
  expect((await eventually(() => b.update(object))).revision).toBe(2);
  await storage.close();
  await standby.stop();
  await server.stop();
});

async function standbyRevision(server: PostgresServer) {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  const result = await client.query("select revision from clusters where name = 'c'");
  await client.end();
  return result;
}
