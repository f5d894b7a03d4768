import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { createPostgresStorage, PostgresAccounts, PostgresSessions } from '@binnacle/server-storage-postgres';
import { type FreshDatabase, freshDatabase } from '@binnacle/server-storage-postgres/testing';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { operate } from './store-operations.js';

vi.setConfig({ testTimeout: 60_000 });

const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
const directory = mkdtempSync(join(tmpdir(), 'store-operations-'));
const file = join(directory, 'all.backup');
let database: FreshDatabase;
const said: string[] = [];

const run = (name: string, more: Partial<Parameters<typeof operate>[2]> = {}) =>
  operate(ctx, name, {
    'database-url': database.url,
    file,
    clusters: '',
    as: '',
    account: '',
    scrypt: '',
    history: true,
    'encryption-provider-config': '',
    ...more,
  });

beforeAll(async () => {
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  database = await freshDatabase();
  const storage = await createPostgresStorage(ctx, { databaseUrl: database.url });
  await storage.createCluster(ctx, 'lab');
  const key = { cluster: 'lab', resource: 'pods', namespace: 'default', name: 'a' };
  const body = Buffer.from('{"metadata":{"name":"a"}}');
  const actor = { user: 'u', client: 'c' };
  await storage.write(ctx, { op: 'create', key, body, attributes: { labels: {}, fields: {} }, actor });
  await storage.close();
}, 60_000);
afterAll(async () => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
  await database.drop();
});

it('backs up to a file only its owner may read, and restores under another name', async () => {
  expect(await run('backup', { clusters: 'lab' })).toBe(true);
  expect(readdirSync(directory)).toEqual(['all.backup']);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await run('restore', { as: 'copy' })).toBe(true);
  expect(said.at(-1)).toBe('restored copy: 1 objects, 1 changes\n');
  expect(await run('examine')).toBe(true);
  expect(said.at(-1)).toBe('✓ store: 2 clusters, 2 objects, 2 changes\n');
});

it('replaces an earlier backup, and nothing else that is there', async () => {
  const other = join(directory, 'letter.txt');
  writeFileSync(other, 'Dear all');
  await expect(run('backup', { file: other })).rejects.toThrow('is no backup, so it is not replaced');
  await expect(run('backup', { file: '/dev/null' })).rejects.toThrow('/dev/null is there and is no backup');
  expect(readFileSync(other, 'utf8')).toBe('Dear all');
  rmSync(other);
  expect(await run('backup')).toBe(true);
  expect(readdirSync(directory)).toEqual(['all.backup']);
});

it('looks at a database, with tables or without, and changes nothing', async () => {
  const empty = await freshDatabase();
  expect(await run('probe', { 'database-url': empty.url })).toBe(true);
  expect(said.at(-1)).toBe('has no accounts\n');
  await empty.drop();
  expect(await run('probe')).toBe(true);
  expect(said.at(-1)).toBe('has no accounts\n');
});

it('gives an account a new password, keeps its groups and signs it out', async () => {
  const storage = await createPostgresStorage(ctx, { databaseUrl: database.url });
  const accounts = new PostgresAccounts(storage.dataSource);
  const sessions = new PostgresSessions(storage.dataSource);
  await accounts.save(ctx, { name: 'ann', groups: ['ops'], scrypt: 'old' });
  const now = ctx.clock.now();
  await sessions.create(ctx, { idHash: 'h', account: 'ann', createdAt: now, expiresAt: now + 60_000, lastSeen: now });
  expect(await run('password', { account: 'ann', scrypt: 'new' })).toBe(true);
  expect(await accounts.find(ctx, 'ann')).toEqual({ name: 'ann', groups: ['ops'], scrypt: 'new' });
  expect(await run('probe')).toBe(true);
  expect(said.at(-1)).toBe('has accounts\n');
  expect(await sessions.find(ctx, 'h')).toBeUndefined();
  await storage.close();
  await expect(run('password')).rejects.toThrow('--account and --scrypt');
});

it('says in a sentence what an operator can mend', async () => {
  await run('backup', { clusters: 'lab' });
  await expect(run('restore')).rejects.toThrow('cluster "lab" exists');
  await expect(run('backup', { clusters: 'nowhere' })).rejects.toThrow('cluster "nowhere" does not exist');
  await expect(run('restore', { file: join(directory, 'none') })).rejects.toThrow('no such file');
  writeFileSync(join(directory, 'broken'), '{"format":"other"}\n');
  await expect(run('restore', { file: join(directory, 'broken') })).rejects.toThrow('no backup');
  await expect(run('restore', { as: 'Bad Name' })).rejects.toThrow('"Bad Name" is no name of a logical cluster');
  await expect(run('backup', { file: join(directory, 'none', 'x') })).rejects.toThrow('x cannot be written');
  writeFileSync(join(directory, 'text'), '5\n');
  await expect(run('restore', { file: join(directory, 'text') })).rejects.toThrow('no backup');
  await expect(run('destroy')).rejects.toThrow('backup, restore, examine');
  expect(readdirSync(directory).filter((name) => name.endsWith('.part'))).toEqual([]);
});

it('seals what is kept, the past too, and goes on where it is begun again', async () => {
  const storage = await createPostgresStorage(ctx, { databaseUrl: database.url });
  await storage.createCluster(ctx, 'sealed');
  const keyOf = (resource: string) => ({ cluster: 'sealed', resource, namespace: 'n', name: 'hidden' });
  const body = Buffer.from('{"metadata":{"name":"hidden"},"data":{"a":"aHVudGVyMg=="}}');
  const base = { body, attributes: { labels: {}, fields: {} }, actor: { user: 'u', client: 'c' } };
  const { revision: expected } = await storage.write(ctx, { op: 'create', key: keyOf('secrets'), ...base });
  await storage.write(ctx, { op: 'update', key: keyOf('secrets'), expected, ...base });
  await storage.write(ctx, { op: 'create', key: keyOf('configmaps'), ...base });
  const config = join(directory, 'encryption.yaml');
  const keys = (...names: string[]) => {
    const listed = names.map((name) => `{name: ${name}, secret: ${Buffer.alloc(32, name).toString('base64')}}`);
    const providers = `[{aesgcm: {keys: [${listed.join(', ')}]}}, {identity: {}}]`;
    const head = 'apiVersion: apiserver.config.k8s.io/v1\nkind: EncryptionConfiguration\n';
    writeFileSync(config, `${head}resources: [{resources: [secrets], providers: ${providers}}]`);
  };
  const bodies = async () => {
    const { changes } = await storage.changes(ctx, {
      cluster: 'sealed',
      after: 0,
      upTo: 3,
      order: 'oldestFirst',
      limit: 9,
    });
    return changes.map(({ object }) => object.body.toString());
  };
  const reencrypt = () => run('reencrypt', { 'encryption-provider-config': config });
  keys('one');
  expect(await reencrypt()).toBe(true);
  expect(said.at(-1)).toContain('✓ 2 bodies written anew, of 2');
  const first = await bodies();
  expect(first.slice(0, 2).every((text) => text.startsWith('k8s:enc:aesgcm:v1:one:'))).toBe(true);
  expect(first[2]).toBe(body.toString());
  for (const view of ['objects_json', 'changes_json'])
    expect(await storage.dataSource.query(`select object from ${view} where name = 'hidden'`)).toContainEqual({
      object: null,
    });
  await reencrypt();
  expect([said.at(-1), await bodies()]).toEqual(['✓ 0 bodies written anew, of 2 that are kept\n', first]);
  keys('two', 'one');
  await reencrypt();
  expect((await bodies()).slice(0, 2).every((text) => text.startsWith('k8s:enc:aesgcm:v1:two:'))).toBe(true);
  expect(await run('examine')).toBe(true);
  keys('three');
  await expect(reencrypt()).rejects.toThrow('sealed by the key "two"');
  await storage.close();
});
