import { systemClock } from '@binnacle/process-lifecycle';
import type { LinkedIdentity, OtherSignInStores, Passkey, TerminalRequest } from '@binnacle/server-storage';
import { testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../../create-postgres-storage.js';
import type { PostgresStorage } from '../../postgres-storage.js';
import { type FreshDatabase, freshDatabase } from '../../testing/index.js';
import { PostgresAccounts } from '../accounts.js';
import { postgresOtherSignIns } from './index.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = testContext();
let database: FreshDatabase;
let storage: PostgresStorage;
let accounts: PostgresAccounts;
let stores: OtherSignInStores;

beforeAll(async () => {
  database = await freshDatabase();
  storage = await createPostgresStorage({ ...ctx, clock: systemClock }, { databaseUrl: database.url });
  accounts = new PostgresAccounts(storage.dataSource);
  stores = postgresOtherSignIns(storage.dataSource);
  for (const name of ['ann', 'bob']) await accounts.save(ctx, { name, groups: [], scrypt: '', uid: `${name}-1` });
}, 60_000);
afterAll(async () => {
  await storage.close();
  await database.drop();
});

const ann = { account: 'ann', uid: 'ann-1' };
const bob = { account: 'bob', uid: 'bob-1' };
const now = () => ctx.clock.now();

describe('an identity', () => {
  const issuer = 'https://id.example';
  const identity = (id: string, subject: string, more: Partial<LinkedIdentity> = {}): LinkedIdentity => ({
    ...{ id, issuer, subject, provider: 'acme', email: 'a@example.com', linkedAt: now() },
    ...ann,
    ...more,
  });

  it('belongs to one person', async () => {
    const added = await Promise.all([
      stores.identities.add(ctx, identity('i-1', 's-1')),
      stores.identities.add(ctx, identity('i-2', 's-1', bob)),
    ]);
    expect(added.sort()).toEqual([false, true]);
    const known = await stores.identities.find(ctx, issuer, 's-1');
    expect(await stores.identities.find(ctx, 'https://other.example', 's-1')).toBeUndefined();
    await stores.identities.markUsed(ctx, known?.id ?? '', undefined);
    expect(await stores.identities.find(ctx, issuer, 's-1')).toMatchObject({ email: undefined, lastUsedAt: now() });
  });

  it('is its person’s to remove, and of a namesake who is gone nobody’s', async () => {
    await stores.identities.add(ctx, identity('i-3', 's-3'));
    expect(await stores.identities.removeOf(ctx, bob, 'i-3')).toBe(0);
    expect(await stores.identities.add(ctx, identity('i-4', 's-3'))).toBe(false);
    const namesake = { account: 'ann', uid: 'ann-2' };
    expect(await stores.identities.listOf(ctx, namesake)).toEqual([]);
    expect(await stores.identities.add(ctx, identity('i-5', 's-3', namesake))).toBe(true);
    expect(await stores.identities.listOf(ctx, namesake)).toMatchObject([{ id: 'i-5' }]);
    expect(await stores.identities.removeOf(ctx, namesake, 'i-5')).toBe(1);
  });
});

describe('a passkey', () => {
  const passkey = (id: string, more: Partial<Passkey> = {}): Passkey => ({
    ...ann,
    id,
    name: 'laptop',
    relyingParty: 'dash.example',
    publicKey: 'a-key',
    counter: 0,
    transports: ['internal', 'hybrid'],
    backedUp: true,
    suspect: false,
    createdAt: now(),
    ...more,
  });

  it('is kept as it was made', async () => {
    expect(await stores.passkeys.add(ctx, passkey('p-1'), 3)).toBe(true);
    expect(await stores.passkeys.find(ctx, 'p-1')).toEqual({ ...passkey('p-1'), lastUsedAt: undefined });
    expect(await stores.passkeys.add(ctx, passkey('p-1', bob), 3)).toBe(false);
  });

  it('is one of so many', async () => {
    expect(await stores.passkeys.add(ctx, passkey('p-2'), 2)).toBe(true);
    expect(await stores.passkeys.add(ctx, passkey('p-3'), 2)).toBe(false);
    expect(await stores.passkeys.add(ctx, passkey('p-4', bob), 2)).toBe(true);
  });

  it('counts on, and a counter of 0 counts nothing', async () => {
    const use = (counter: number) => stores.passkeys.markUsed(ctx, 'p-1', { counter, backedUp: false });
    expect([await use(0), await use(0), await use(5)]).toEqual([true, true, true]);
    expect([await use(5), await use(4), await use(0)]).toEqual([false, false, false]);
    const together = await Promise.all([use(6), use(6)]);
    expect(together.sort()).toEqual([false, true]);
    await stores.passkeys.markSuspect(ctx, 'p-1');
    expect(await use(7)).toBe(false);
    expect(await stores.passkeys.find(ctx, 'p-1')).toMatchObject({ counter: 6, suspect: true, backedUp: false });
  });

  it('is its owner’s to name and remove', async () => {
    expect(await stores.passkeys.rename(ctx, bob, 'p-2', 'mine')).toBe(false);
    expect(await stores.passkeys.rename(ctx, { account: 'ann', uid: 'ann-2' }, 'p-2', 'mine')).toBe(false);
    expect(await stores.passkeys.rename(ctx, ann, 'p-2', 'phone')).toBe(true);
    expect((await stores.passkeys.listOf(ctx, ann)).map(({ id, name }) => [id, name])).toEqual([
      ['p-1', 'laptop'],
      ['p-2', 'phone'],
    ]);
    expect(await stores.passkeys.removeOf(ctx, bob, 'p-2')).toBe(0);
    expect(await stores.passkeys.removeOf(ctx, ann, 'p-2')).toBe(1);
    expect(await stores.passkeys.add(ctx, passkey('p-5', { handle: 'h' }), 3)).toBe(true);
    expect(await stores.passkeys.find(ctx, 'p-5')).toMatchObject({ handle: 'h' });
    expect(await stores.passkeys.removeOf(ctx, ann)).toBe(2);
    expect(await stores.passkeys.listOf(ctx, ann)).toEqual([]);
    expect(await stores.passkeys.find(ctx, 'p-4')).toBeDefined();
  });
});

describe('what holds once', () => {
  it('is taken by one of those who come together, until it is forgotten', async () => {
    const take = () => stores.oneTime.take(ctx, 'm', now() + 1_000);
    expect((await Promise.all([take(), take(), take()])).filter(Boolean)).toHaveLength(1);
    expect(await stores.oneTime.removeExpired(ctx)).toBe(0);
    expect(await take()).toBe(false);
    ctx.clock.step(1_000);
    expect(await stores.oneTime.removeExpired(ctx)).toBe(1);
    expect(await take()).toBe(true);
  });
});

describe('a terminal that asks', () => {
  const request = (name: string): TerminalRequest => ({
    codeHash: `code ${name}`,
    userCodeHash: `user ${name}`,
    client: 'laptop',
    address: '192.0.2.1',
    createdAt: now(),
    expiresAt: now() + 10_000,
    state: 'pending',
  });
  const approval = { state: 'approved' as const, person: ann, teams: ['dev'] };

  it('is approved once and taken once', async () => {
    const { terminals } = stores;
    expect(await terminals.add(ctx, request('a'), 100)).toBe(true);
    expect(await terminals.poll(ctx, 'code a')).toMatchObject({ state: 'pending', polledAt: undefined });
    const first = now();
    ctx.clock.step(1_000);
    expect(await terminals.poll(ctx, 'code a')).toMatchObject({ polledAt: first });
    expect(await terminals.take(ctx, 'code a')).toBeUndefined();
    const settled = [approval, { ...approval, person: bob }].map((by) => terminals.settle(ctx, 'user a', by));
    expect((await Promise.all(settled)).sort()).toEqual([false, true]);
    expect(await terminals.settle(ctx, 'user a', { state: 'denied' })).toBe(false);
    const taken = await Promise.all([1, 2, 3].map(() => terminals.take(ctx, 'code a')));
    expect(taken.filter(Boolean)).toMatchObject([{ client: 'laptop', teams: ['dev'] }]);
  });

  it('is not there any more when it has waited too long, and makes room', async () => {
    const { terminals } = stores;
    expect(await terminals.add(ctx, request('b'), 1)).toBe(true);
    expect(await terminals.add(ctx, request('c'), 1)).toBe(false);
    expect(await terminals.findByUserCode(ctx, 'user b')).toMatchObject({ address: '192.0.2.1' });
    ctx.clock.step(10_000);
    expect(await terminals.findByUserCode(ctx, 'user b')).toBeUndefined();
    expect(await terminals.poll(ctx, 'code b')).toBeUndefined();
    expect(await terminals.settle(ctx, 'user b', approval)).toBe(false);
    expect(await terminals.add(ctx, request('c'), 1)).toBe(true);
    expect(await terminals.removeExpired(ctx)).toBe(1);
  });

  it('is no longer approved when all that its person has given out ends', async () => {
    const { terminals } = stores;
    await terminals.add(ctx, request('d'), 100);
    await terminals.add(ctx, request('e'), 100);
    await terminals.settle(ctx, 'user d', approval);
    await terminals.settle(ctx, 'user e', { ...approval, person: bob });
    expect(await terminals.removeOf(ctx, { ...ann, uid: 'ann-2' })).toBe(0);
    expect(await terminals.removeOf(ctx, ann)).toBe(1);
    expect(await terminals.take(ctx, 'code d')).toBeUndefined();
    expect(await terminals.take(ctx, 'code e')).toMatchObject({ person: bob });
  });
});

it('everything goes with the account', async () => {
  await stores.terminals.add(
    ctx,
    {
      codeHash: 'x',
      userCodeHash: 'x',
      client: '',
      address: '',
      createdAt: now(),
      expiresAt: now() + 1e6,
      state: 'pending',
    },
    100,
  );
  await stores.terminals.settle(ctx, 'x', { state: 'approved', person: bob });
  await accounts.remove(ctx, 'bob');
  expect(await stores.passkeys.find(ctx, 'p-4')).toBeUndefined();
  expect(await stores.terminals.take(ctx, 'x')).toBeUndefined();
});
