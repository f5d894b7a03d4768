import { systemClock } from '@binnacle/process-lifecycle';
import { testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { PostgresAccounts, PostgresSessions, postgresSignIn } from './index.js';
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

it('changes the password that was read, of the same User, and no other', async () => {
  const accounts = new PostgresAccounts(storage.dataSource);
  const ivy = { name: 'ivy', groups: [], scrypt: 'old', uid: 'u1', mustChange: true };
  await accounts.save(ctx, ivy);
  const went = await Promise.all(['a', 'b'].map((scrypt) => accounts.changePassword(ctx, ivy, scrypt)));
  expect(went.sort()).toEqual([false, true]);
  const { scrypt = '', ...rest } = (await accounts.find(ctx, 'ivy')) ?? {};
  expect(rest).toEqual({ name: 'ivy', groups: [], uid: 'u1' });
  expect(await accounts.changePassword(ctx, { ...ivy, scrypt, uid: 'u2' }, 'c')).toBe(false);
  await accounts.remove(ctx, 'ivy');
});

it('forgets a session when it expires, and with its account', async () => {
  const accounts = new PostgresAccounts(storage.dataSource);
  const sessions = new PostgresSessions(storage.dataSource);
  await accounts.save(ctx, { name: 'eve', groups: [], scrypt: 'x' });
  const now = ctx.clock.now();
  const session = { idHash: 'h1', account: 'eve', createdAt: now, expiresAt: now + 1_000, lastSeen: now };
  await sessions.create(ctx, session);
  expect(await sessions.find(ctx, 'h1')).toMatchObject(session);
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

it('keeps so many sessions of an account, and ends all of them', async () => {
  const { accounts, sessions } = postgresSignIn(storage.dataSource);
  for (const name of ['fay', 'gus']) await accounts.save(ctx, { name, groups: [], scrypt: '' });
  const now = ctx.clock.now();
  const times = { createdAt: now, expiresAt: now + 60_000 };
  for (let index = 0; index < 5; index += 1)
    await sessions.create(ctx, { ...times, idHash: `${index}-of-fay`, account: 'fay', lastSeen: now + index }, 3);
  await sessions.create(ctx, { ...times, idHash: '3-of-gus', account: 'gus', lastSeen: now }, 3);
  const left = async () => (await sessions.list(ctx, 'fay')).map(({ idHash }) => idHash);
  expect(await left()).toEqual(['2-of-fay', '3-of-fay', '4-of-fay']);
  expect(await sessions.removeOf(ctx, 'fay')).toBe(3);
  expect(await left()).toEqual([]);
  expect(await sessions.list(ctx, 'gus')).toHaveLength(1);
});

it('takes no more tokens of an account than it may have, however many come at once', async () => {
  const { accounts, tokens } = postgresSignIn(storage.dataSource);
  await accounts.save(ctx, { name: 'hal', groups: [], scrypt: '', uid: 'u1', mustChange: true });
  expect(await accounts.find(ctx, 'hal')).toEqual({ name: 'hal', groups: [], scrypt: '', uid: 'u1', mustChange: true });
  const now = ctx.clock.now();
  const token = (id: string, expiresAt = now + 60_000) => ({
    ...{ id, hash: `hash of ${id}`, account: 'hal', name: id, clusters: ['lab'], readOnly: true },
    ...{ createdAt: now, expiresAt },
  });
  await tokens.create(ctx, token('old', now), 2);
  const made = await Promise.all(['a', 'b', 'c', 'd'].map((id) => tokens.create(ctx, token(id), 2)));
  expect(made.filter(Boolean)).toHaveLength(2);
  const [one] = await tokens.list(ctx, 'hal');
  expect(await tokens.find(ctx, one?.hash ?? '')).toEqual(token(one?.id ?? ''));
  await tokens.touch(ctx, one?.hash ?? '');
  expect(await tokens.find(ctx, one?.hash ?? '')).toMatchObject({ lastUsed: now });
  expect(await tokens.removeOf(ctx, 'ann', one?.id)).toBe(0);
  expect(await tokens.removeOf(ctx, 'hal', one?.id)).toBe(1);
  expect(await tokens.find(ctx, 'hash of old')).toBeUndefined();
  expect(await tokens.removeExpired(ctx)).toBe(1);
  await accounts.remove(ctx, 'hal', 'another');
  expect(await tokens.list(ctx, 'hal')).toHaveLength(1);
  await accounts.remove(ctx, 'hal', 'u1');
  expect(await tokens.list(ctx, 'hal')).toEqual([]);
});

it('gives a link to one caller alone, and none that was replaced or has expired', async () => {
  const { links } = postgresSignIn(storage.dataSource);
  const expiresAt = ctx.clock.now() + 1_000;
  await links.save(ctx, { hash: 'first', uid: 'u', name: 'i', expiresAt });
  await links.save(ctx, { hash: 'second', uid: 'u', name: 'i', expiresAt });
  expect(await links.find(ctx, 'first')).toBeUndefined();
  const taken = await Promise.all(Array.from({ length: 5 }, () => links.take(ctx, 'second')));
  expect(taken.filter(Boolean)).toEqual([{ hash: 'second', uid: 'u', name: 'i', expiresAt }]);
  await links.save(ctx, { hash: 'third', uid: 'u', name: 'i', expiresAt });
  ctx.clock.step(1_000);
  expect([await links.find(ctx, 'third'), await links.take(ctx, 'third')]).toEqual([undefined, undefined]);
  expect(await links.removeExpired(ctx)).toBe(1);
});

it('lets one work alone, over all servers, and goes on after one that failed', async () => {
  const servers = [postgresSignIn(storage.dataSource), postgresSignIn(storage.dataSource)];
  let inside = 0;
  const most: number[] = [];
  const work = async () => {
    inside += 1;
    most.push(inside);
    await storage.dataSource.query('select 1');
    inside -= 1;
  };
  const fail = () => Promise.reject(new Error('of the work'));
  const [failed] = await Promise.allSettled(
    servers.flatMap(({ exclusive }) => [exclusive.run(ctx, fail), exclusive.run(ctx, work), exclusive.run(ctx, work)]),
  );
  expect(failed).toMatchObject({ reason: { message: 'of the work' } });
  expect(most).toEqual([1, 1, 1, 1]);
});
