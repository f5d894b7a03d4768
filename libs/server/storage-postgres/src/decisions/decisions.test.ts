import { systemClock } from '@binnacle/process-lifecycle';
import { DEFAULT_DECISION_LIMITS, type DecisionLimits, type NewDecision } from '@binnacle/server-storage';
import { testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { ClusterIds } from '../cluster-ids.js';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { type FreshDatabase, freshDatabase } from '../testing/index.js';
import { PostgresDecisions } from './postgres-decisions.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };
let database: FreshDatabase;
let storage: PostgresStorage;
let cluster: string;
let made = 0;

beforeAll(async () => {
  database = await freshDatabase();
  storage = await createPostgresStorage(ctx, { databaseUrl: database.url, retention: false });
}, 60_000);
afterAll(async () => {
  expect((await storage.examine(ctx)).findings).toEqual([]);
  await storage.close();
  await database.drop();
});
beforeEach(async () => {
  cluster = `c-${(made += 1)}`;
  await storage.createCluster(ctx, cluster);
});

const decision = (over: Partial<NewDecision> = {}): NewDecision => ({
  namespace: 'default',
  pod: 'web',
  uid: 'u-1',
  node: '',
  result: 'Unschedulable',
  revision: 1,
  attempt: 1,
  record: '{}',
  ...over,
});
const many = (count: number, over: Partial<NewDecision> = {}) =>
  Array.from({ length: count }, (_, at) => decision({ record: `{"n":${at}}`, ...over }));
const page = (query: object = {}) => storage.decisions.page(ctx, { cluster, limit: 1_000, ...query });
const ids = async (query: object = {}) => (await page(query)).map(({ id }) => id);
/** The same tables under other limits. */
function within(limits: Partial<DecisionLimits>): PostgresDecisions {
  return new PostgresDecisions(storage.reads, new ClusterIds(storage.reads), { ...DEFAULT_DECISION_LIMITS, ...limits });
}

it('keeps what was decided, each cluster its own, the newest first', async () => {
  await storage.decisions.append(ctx, cluster, many(3));
  await storage.decisions.append(ctx, cluster, [decision({ node: 'n', result: 'Scheduled', detail: 'AQID' })]);
  expect(await ids()).toEqual([4, 3, 2, 1]);
  const [newest, before] = await page();
  expect(newest).toMatchObject({ node: 'n', result: 'Scheduled', hasDetail: true, record: '{}' });
  expect(before).toMatchObject({ hasDetail: false, record: '{"n":2}' });
  expect([...((await storage.decisions.detail(ctx, cluster, 4)) ?? [])]).toEqual([1, 2, 3]);
  expect(await storage.decisions.detail(ctx, cluster, 1)).toBeUndefined();
  await storage.createCluster(ctx, `${cluster}-other`);
  expect(await storage.decisions.page(ctx, { cluster: `${cluster}-other`, limit: 9 })).toEqual([]);
});

it('finds them by Pod, node, result, revision and place', async () => {
  await storage.decisions.append(ctx, cluster, [
    decision(),
    decision({ pod: 'db', uid: 'u-2', revision: 7 }),
    decision({ namespace: 'shop', node: "n'1", result: 'Scheduled', revision: 9 }),
  ]);
  expect(await ids({ pod: 'web', namespace: 'default' })).toEqual([1]);
  expect(await ids({ uid: 'u-2' })).toEqual([2]);
  expect(await ids({ node: "n'1" })).toEqual([3]);
  expect(await ids({ result: 'Unschedulable' })).toEqual([2, 1]);
  expect(await ids({ upTo: 8 })).toEqual([2, 1]);
  expect(await ids({ before: 3, limit: 1 })).toEqual([2]);
  expect(await ids({ id: 1 })).toEqual([1]);
});

it('keeps no more of one Pod than it may, whoever else there is', async () => {
  const store = within({ perPod: 2 });
  await store.append(ctx, cluster, [decision({ uid: 'other' })]);
  for (let attempt = 1; attempt <= 5; attempt += 1) await store.append(ctx, cluster, [decision({ attempt })]);
  expect(await ids()).toEqual([6, 5, 1]);
});

it('keeps no more of one cluster than it may, by number and by bytes', async () => {
  const store = within({ perCluster: 32 });
  for (let batch = 0; batch < 5; batch += 1) await store.append(ctx, cluster, many(10));
  const kept = await ids();
  expect(kept[0]).toBe(50);
  expect(kept.length).toBeGreaterThan(16);
  expect(kept.length).toBeLessThanOrEqual(32);
  await within({ bytes: 3_000 }).append(ctx, cluster, [decision({ record: 'x'.repeat(1_000) })]);
  const left = await page();
  expect(left[0]?.record).toHaveLength(1_000);
  expect(left.length).toBeLessThan(9);
  await within({ bytes: 100 }).append(ctx, cluster, [decision()]);
  expect(await ids()).toEqual([]);
});

it('lets no cluster grow while all together hold too much', async () => {
  await storage.decisions.append(ctx, cluster, many(10));
  const store = within({ allBytes: 1 });
  for (let batch = 0; batch < 3; batch += 1) await store.append(ctx, cluster, many(5));
  const kept = await ids();
  expect(kept[0]).toBe(25);
  expect(kept.length).toBeLessThanOrEqual(10);
});

it('takes them when they are old, when their cluster goes, and gives a fork none', async () => {
  await storage.decisions.append(ctx, cluster, many(4));
  await storage.forkCluster(ctx, cluster, 0, `${cluster}-fork`);
  expect(await storage.decisions.page(ctx, { cluster: `${cluster}-fork`, limit: 9 })).toEqual([]);
  const policy = { age: 1e9, bytes: 1e9, partitionAge: 1e12, partitionBytes: 1e12, decisionAge: 60_000 };
  const after = (milliseconds: number) => {
    const later = { ...systemClock, now: () => systemClock.now() + milliseconds };
    return storage.applyRetention({ ...ctx, clock: later }, policy);
  };
  await after(30_000);
  expect(await ids()).toHaveLength(4);
  await after(70_000);
  expect(await ids()).toEqual([]);
  await storage.decisions.append(ctx, cluster, many(2));
  expect(await ids()).toEqual([6, 5]);
  await storage.deleteCluster(ctx, cluster);
  await expect(page()).rejects.toMatchObject({ code: 'unknownCluster' });
  await expect(storage.decisions.append(ctx, cluster, many(1))).rejects.toMatchObject({ code: 'unknownCluster' });
  await after(0);
  const left = await storage.reads.query(
    'select 1 from decision_logs l where not exists (select 1 from clusters c where c.id = l.cluster)',
  );
  expect(left.rows).toEqual([]);
});

it('has no room for what is none of its columns', async () => {
  await storage.decisions.append(ctx, cluster, []);
  await storage.decisions.append(ctx, cluster, [decision({ record: '🦀', pod: "'; drop table decisions; --" })]);
  expect(await page({ pod: "'; drop table decisions; --" })).toMatchObject([{ record: '🦀' }]);
});
