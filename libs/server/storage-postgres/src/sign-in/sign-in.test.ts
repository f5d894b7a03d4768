import { systemClock } from '@binnacle/process-lifecycle';
import { testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { PostgresAccounts, PostgresSessions } from './index.js';
import { type FreshDatabase, freshDatabase } from '../testing/index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = testContext();
let database: FreshDatabase;
let storage: PostgresStorage;

beforeAll(async () => {
  database = await freshDatabase();
  storage = await createPostgresStorage({ ...ctx, clock: systemClock }, { databaseUrl: database.url });
}, 60_000);
afterAll(async () => {
  await storage.close();
  await database.drop();
});

it('takes the first accounts once, whoever comes first', async () => {
  const accounts = new PostgresAccounts(storage.dataSource);
  const ann = { name: 'ann', groups: ['system:masters', 'a,"b"'], scrypt: 'hash' };
  const took = await Promise.all([accounts.saveFirst(ctx, [ann]), accounts.saveFirst(ctx, [ann])]);
  expect(took.sort()).toEqual([false, true]);
  expect(await accounts.find(ctx, 'ann')).toEqual(ann);
  await accounts.save(ctx, { ...ann, scrypt: 'other' });
  expect((await accounts.list(ctx)).map(({ scrypt }) => scrypt)).toEqual(['other']);
  expect(await accounts.find(ctx, 'bob')).toBeUndefined();
});

it('forgets a session when it expires, and with its account', async () => {
  const accounts = new PostgresAccounts(storage.dataSource);
  const sessions = new PostgresSessions(storage.dataSource);
  await accounts.save(ctx, { name: 'eve', groups: [], scrypt: 'x' });
  const now = ctx.clock.now();
  const session = { idHash: 'h1', account: 'eve', createdAt: now, expiresAt: now + 1_000, lastSeen: now };
  await sessions.create(ctx, session);
  expect(await sessions.find(ctx, 'h1')).toEqual(session);
  ctx.clock.step(900);
  await sessions.touch(ctx, 'h1', now + 2_000);
  ctx.clock.step(900);
  expect(await sessions.find(ctx, 'h1')).toMatchObject({ lastSeen: now + 900 });
  ctx.clock.step(900);
  expect(await sessions.find(ctx, 'h1')).toBeUndefined();
  expect(await sessions.removeExpired(ctx)).toBe(1);
  await sessions.create(ctx, { ...session, expiresAt: now + 10_000 });
  await accounts.remove(ctx, 'eve');
  expect(await sessions.find(ctx, 'h1')).toBeUndefined();
});
