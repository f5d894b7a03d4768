import { systemClock } from '@binnacle/process-lifecycle';
import { Bench, testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { type FreshDatabase, freshDatabase } from '../testing/index.js';
import type { RetentionPolicy } from './retention.js';

vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
const POLICY: RetentionPolicy = {
  age: 60 * MINUTE,
  bytes: 1e9,
  partitionAge: 30 * MINUTE,
  partitionBytes: 1e9,
  decisionAge: 60 * MINUTE,
};
const ctx = { ...testContext() };
let database: FreshDatabase;
let storage: PostgresStorage;

beforeAll(async () => {
  ctx.clock.step(Date.now() - ctx.clock.now());
  database = await freshDatabase();
  const real = { ...ctx, clock: systemClock };
  storage = await createPostgresStorage(real, { databaseUrl: database.url, retention: false });
}, 60_000);
afterAll(async () => {
  await storage.close();
  await database.drop();
});

async function benchOf(name: string): Promise<Bench> {
  await storage.createCluster(ctx, name);
  return new Bench(ctx, { storage, reader: storage, close: async () => undefined }, name);
}

const pass = async (minutes: number, policy = POLICY) => {
  ctx.clock.step(minutes * MINUTE);
  return storage.applyRetention(ctx, policy);
};
const stateAt = async (b: Bench, revision: number) => {
  const at = { at: 'exact', revision } as const;
  const { items } = await storage.list(ctx, { cluster: b.cluster, resource: 'pods' }, { revision: at });
  return items.map((object) => `${object.key.name}@${object.revision}`);
};
const healthy = async () => expect((await storage.examine(ctx)).findings).toEqual([]);

it('drops partitions by age and keeps what lives, and what lived at a revision still kept', async () => {
  const b = await benchOf('age');
  const still = await b.create('still');
  const late = await b.create('late');
  await b.update(await b.create('gone'));
  await pass(1);
  expect((await pass(31))?.droppedPartitions).toEqual([]);
  const last = (await b.update(late, { text: 'new' })).revision;
  await pass(1);
  expect(await stateAt(b, 1)).toEqual(['still@1']);
  // An hour after the first mark the history before it goes; the update of `late` stays history.
  const report = await pass(29);
  expect(report).toMatchObject({ compacted: 1 });
  const dropped = [...((await pass(2))?.droppedPartitions ?? []), ...((await pass(2))?.droppedPartitions ?? [])];
  expect(dropped).toContain(1);
  await expect(stateAt(b, 1)).rejects.toMatchObject({ code: 'expired' });
  expect(await stateAt(b, last - 1)).toEqual(['gone@4', 'late@2', 'still@1']);
  expect(await stateAt(b, last)).toEqual(['gone@4', `late@${last}`, 'still@1']);
  expect((await storage.get(ctx, still.key))?.body.equals(still.body)).toBe(true);
  const [change] = await storage.history(ctx, 'age', last - 1, 1);
  expect(change?.previous?.revision).toBe(2);
  await healthy();
});

it('still knows since when the oldest state kept was so, though the change that made it is gone', async () => {
  const b = await benchOf('since');
  await b.update(await b.create('a'));
  await pass(31);
  const marked = ctx.clock.now();
  await pass(61);
  await storage.reads.query("delete from changes where cluster = (select id from clusters where name = 'since')");
  expect(await storage.revisionAt(ctx, 'since', marked)).toBe(2);
  await expect(storage.revisionAt(ctx, 'since', marked - 1)).rejects.toMatchObject({ code: 'expired' });
  await storage.deleteCluster(ctx, 'since');
});

it('gives up history by size, but never the last five minutes', async () => {
  const b = await benchOf('size');
  await storage.setRetention(ctx, 'size', { bytes: 5_000 });
  let object = await b.create('a', { text: 'x'.repeat(1_000) });
  for (let i = 0; i < 10; i += 1) object = await b.update(object, { text: 'x'.repeat(1_000) });
  await pass(1);
  for (let i = 0; i < 10; i += 1) object = await b.update(object, { text: 'x'.repeat(1_000) });
  await pass(1);
  expect(await stateAt(b, 3)).toEqual(['a@3']);
  await pass(4);
  await expect(stateAt(b, 10)).rejects.toMatchObject({ code: 'expired' });
  expect(await stateAt(b, 11)).toEqual(['a@11']);
  await healthy();
});

it('removes deleted clusters in the background', async () => {
  const b = await benchOf('doomed');
  await Promise.all(Array.from({ length: 50 }, (_, i) => b.create(`p${i}`)));
  await storage.deleteCluster(ctx, 'doomed');
  expect((await pass(1))?.purgedRows).toBeGreaterThanOrEqual(100);
  const left = await storage.reads.query("select 1 from clusters where name = 'doomed'");
  expect(left.rowCount).toBe(0);
});

it('closes no partition that somebody still writes to, and holds nobody up for it', async () => {
  const b = await benchOf('held');
  const live = async () => (await storage.reads.query('select epoch from log_state')).rows[0].epoch as number;
  const slow = await storage.reads.connect();
  await slow.query('begin; lock table log_state in share mode');
  const before = await live();
  await pass(31);
  expect(await live()).toBe(before);
  expect((await b.create('a')).revision).toBe(1);
  await slow.query('commit');
  slow.release();
  await pass(1);
  expect(await live()).toBe(before + 1);
});

it('lets one replica at a time do it', async () => {
  const rounds = await Promise.all([pass(0), pass(0), pass(0)]);
  expect(rounds.filter((round) => round !== undefined).length).toBeGreaterThanOrEqual(1);
});

it('keeps every promise while partitions turn under concurrent writes', async () => {
  const b = await benchOf('busy');
  const objects = await Promise.all(Array.from({ length: 300 }, (_, i) => b.create(`p${i}`)));
  let writing = true;
  const writer = (async () => {
    for (let i = 0; writing; i = (i + 1) % 150) objects[i] = await b.update(objects[i] as (typeof objects)[0]);
  })();
  const tight = { ...POLICY, age: 5 * MINUTE, partitionAge: 3 * MINUTE };
  const dropped = new Set<number>();
  for (let i = 0; i < 20; i += 1)
    for (const epoch of (await pass(2, tight))?.droppedPartitions ?? []) dropped.add(epoch);
  writing = false;
  await writer;
  expect(dropped.size).toBeGreaterThan(2);
  await healthy();
  const { items } = await storage.list(ctx, { cluster: 'busy', resource: 'pods' }, { revision: { at: 'latest' } });
  expect(items).toHaveLength(300);
});
