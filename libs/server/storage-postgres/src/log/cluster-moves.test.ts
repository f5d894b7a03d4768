import { type Context, silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { encodeBody } from '@binnacle/server-storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { freshDatabase } from '../testing/index.js';

const ctx: Context = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
let database: Awaited<ReturnType<typeof freshDatabase>>;
let one: PostgresStorage;
let other: PostgresStorage;

beforeAll(async () => {
  database = await freshDatabase();
  one = await createPostgresStorage(ctx, { databaseUrl: database.url });
  other = await createPostgresStorage(ctx, { databaseUrl: database.url });
});
afterAll(async () => {
  await Promise.all([one, other].map((storage) => storage.close()));
  await database.drop();
});

async function write(storage: PostgresStorage, cluster: string, name: string, resource = 'pods'): Promise<void> {
  const key = { cluster, resource, namespace: 'default', name };
  const body = encodeBody({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });
  const attributes = { labels: {}, fields: {} };
  await storage.write(ctx, { op: 'create', key, body, attributes, actor: { user: 'a', client: 'b' } });
}

test('what another server commits, makes and deletes is told, and its signs of life are not', async () => {
  const told: string[] = [];
  await one.createCluster(ctx, 'lab');
  const stop = await one.followClusters(ctx, (moves) => {
    told.push(...moves.map(({ name, revision, deleted }) => `${name}@${deleted ? 'deleted' : revision}`));
  });
  expect(told).toEqual(['lab@0']);
  await write(other, 'lab', 'node-1', 'coordination.k8s.io/leases');
  await write(other, 'lab', 'a');
  await write(one, 'lab', 'b');
  await write(other, 'lab', 'node-2', 'coordination.k8s.io/leases');
  await expect.poll(() => told.at(-1)).toBe('lab@3');
  await other.createCluster(ctx, 'made');
  await expect.poll(() => told.at(-1)).toBe('made@0');
  await other.deleteCluster(ctx, 'lab');
  await expect.poll(() => told.at(-1)).toBe('lab@deleted');
  expect(told).not.toContain('lab@1');
  expect(told).not.toContain('lab@4');
  stop();
});
