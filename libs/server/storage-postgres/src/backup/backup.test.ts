import { createHash } from 'node:crypto';
import { systemClock } from '@binnacle/process-lifecycle';
import { Bench, testContext } from '@binnacle/server-storage/suite';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createPostgresStorage } from '../create-postgres-storage.js';
import type { PostgresStorage } from '../postgres-storage.js';
import { PostgresAccounts, postgresSignIn } from '../sign-in/index.js';
import { type FreshDatabase, freshDatabase } from '../testing/index.js';
import type { BackupOptions } from './backup.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { ...testContext(), clock: systemClock };
const ANN = { account: 'ann', uid: 'u-1' };
const PASSKEY = {
  ...ANN,
  ...{ id: 'key', name: 'laptop', relyingParty: 'localhost', publicKey: 'k', counter: 7, transports: ['usb', 'nfc'] },
  ...{ backedUp: true, suspect: false, createdAt: 1_700_000_000_000, lastUsedAt: undefined, handle: 'h' },
};
const IDENTITY = {
  ...ANN,
  ...{ id: 'i', issuer: 'https://id.example', subject: 's', provider: 'acme', email: 'a@example.com' },
  ...{ linkedAt: 1_700_000_000_000, lastUsedAt: undefined },
};
const databases: FreshDatabase[] = [];
let source: PostgresStorage;
let target: PostgresStorage;

async function open(): Promise<PostgresStorage> {
  const database = await freshDatabase();
  databases.push(database);
  return createPostgresStorage(ctx, { databaseUrl: database.url });
}

beforeAll(async () => {
  source = await open();
  target = await open();
  for (const name of ['one', 'two']) {
    await source.createCluster(ctx, name);
    const b = new Bench(ctx, { storage: source, reader: source, close: async () => undefined }, name);
    const objects = await Promise.all(
      Array.from({ length: 1_200 }, (_, i) => b.create(`p${i}`, { labels: { i: `${i}` } })),
    );
    for (const object of objects.slice(0, 50)) await b.update(object, { text: 'changed "☃"\n' });
    await b.remove(objects[60] as (typeof objects)[0]);
    await source.compact(ctx, name, 1_210);
  }
  const { accounts, other, sessions, tokens } = postgresSignIn(source.dataSource);
  const now = ctx.clock.now();
  await accounts.save(ctx, { name: 'ann', groups: ['g'], scrypt: 's', uid: 'u-1', mustChange: true });
  await accounts.save(ctx, { name: 'old', groups: [], scrypt: 's' });
  await other.passkeys.add(ctx, PASSKEY, 1);
  await other.identities.add(ctx, IDENTITY);
  const times = { createdAt: now, expiresAt: now + 1e6, lastSeen: now };
  await sessions.create(ctx, { idHash: 'h', account: 'ann', ...times });
  const token = { id: 't', hash: 't', name: 't', clusters: [], readOnly: false };
  await tokens.create(ctx, { ...token, account: 'ann', createdAt: now, expiresAt: now + 1e6 }, 1);
}, 60_000);
afterAll(async () => {
  await Promise.all([source.close(), target.close()]);
  for (const database of databases) await database.drop();
});

async function backUp(options?: BackupOptions): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of source.backUp(ctx, options)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function* inPieces(bytes: Buffer, size = 10_007): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function stateOf(storage: PostgresStorage, cluster: string, revision: number) {
  const { items } = await storage.list(ctx, { cluster, resource: 'pods' }, { revision: { at: 'exact', revision } });
  return items.map((object) => [object.key.name, object.revision, object.body.toString(), object.attributes]);
}

it('brings back every cluster, with its history, and the accounts', async () => {
  const backup = await backUp();
  const report = await target.restore(ctx, inPieces(backup));
  expect(report).toMatchObject({ clusters: ['one', 'two'], objects: 2 * 1_199 });
  for (const revision of [1_210, 1_230, 1_251]) {
    expect(await stateOf(target, 'one', revision)).toEqual(await stateOf(source, 'one', revision));
  }
  expect(await target.history(ctx, 'two', 1_210, 500)).toEqual(await source.history(ctx, 'two', 1_210, 500));
  await expect(stateOf(target, 'one', 1_209)).rejects.toMatchObject({ code: 'expired' });
  expect((await target.examine(ctx)).findings).toEqual([]);
  const b = new Bench(ctx, { storage: target, reader: target, close: async () => undefined }, 'one');
  expect((await b.create('next')).revision).toBe(1_252);
});

it('brings back who may sign in and by what, and nothing that was given out', async () => {
  const { accounts, other, sessions, tokens } = postgresSignIn(target.dataSource);
  const ann = { name: 'ann', groups: ['g'], scrypt: 's', uid: 'u-1', mustChange: true };
  expect(await accounts.list(ctx)).toEqual([ann, { name: 'old', groups: [], scrypt: 's' }]);
  expect(await other.passkeys.listOf(ctx, ANN)).toEqual([PASSKEY]);
  expect(await other.identities.listOf(ctx, ANN)).toEqual([IDENTITY]);
  expect([await sessions.list(ctx, 'ann'), await tokens.list(ctx, 'ann')]).toEqual([[], []]);
});

it('brings nobody of another installation in with a cluster that gets another name', async () => {
  const storage = await open();
  const all = await backUp();
  let made = 0;
  await storage.restore(ctx, inPieces(all), { rename: () => `copy-${(made += 1)}` });
  expect(await new PostgresAccounts(storage.dataSource).list(ctx)).toEqual([]);
  await storage.close();
});

it('brings back the accounts of a backup of an older release', async () => {
  const storage = await open();
  const [header = ''] = (await backUp({ clusters: ['two'] })).toString().split('\n');
  const lines = [header, JSON.stringify({ account: 'eve', groups: ['g'], scrypt: 's' })].map((line) => `${line}\n`);
  const sum = createHash('sha256').update(lines.join('')).digest('hex');
  const whole = Buffer.from(`${lines.join('')}${JSON.stringify({ lines: 2, sha256: sum })}\n`);
  await storage.restore(ctx, inPieces(whole));
  expect(await new PostgresAccounts(storage.dataSource).list(ctx)).toEqual([
    { name: 'eve', groups: ['g'], scrypt: 's' },
  ]);
  await storage.close();
});

it('brings back one cluster under another name, without its history', async () => {
  const backup = await backUp({ clusters: ['two'], withoutHistory: true });
  await target.restore(ctx, inPieces(backup), { rename: (name) => `${name}-copy` });
  expect(await stateOf(target, 'two-copy', 1_251)).toEqual(await stateOf(source, 'two', 1_251));
  await expect(stateOf(target, 'two-copy', 1_250)).rejects.toMatchObject({ code: 'expired' });
});

it('leaves nothing behind of a backup that is damaged, cut off or in the way', async () => {
  const backup = await backUp({ clusters: ['two'] });
  const rename = (name: string) => `${name}-damaged`;
  const damaged = Buffer.from(backup);
  damaged.write('X', backup.indexOf('p1000') + 1);
  await expect(target.restore(ctx, inPieces(damaged), { rename })).rejects.toThrow('altered');
  await expect(target.restore(ctx, inPieces(backup.subarray(0, -200)), { rename })).rejects.toThrow(
    'the backup is cut off',
  );
  await expect(target.restore(ctx, inPieces(Buffer.from('{}\n')), { rename })).rejects.toThrow('no backup');
  expect((await target.listClusters(ctx)).map(({ name }) => name)).not.toContain('two-damaged');
  await source.createCluster(ctx, 'two-copy');
  await expect(source.restore(ctx, inPieces(backup))).rejects.toMatchObject({ code: 'exists' });
  await expect(backUp({ clusters: ['nowhere'] })).rejects.toMatchObject({ code: 'unknownCluster' });
});
