import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, MemoryStorage } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { PeopleDirectory } from './people-directory.js';

let storage: MemoryStorage;
let directory: PeopleDirectory;
let told: string[][];
const abort = new AbortController();
const ctx = { clock: new FakeClock(), logger: silentLogger, signal: abort.signal };
const actor = { user: 'a', client: 'b' };
const attributes = { labels: {}, fields: {} };

beforeEach(async () => {
  storage = new MemoryStorage();
  await storage.createCluster(ctx, 'root');
  await storage.createCluster(ctx, 'main');
  directory = new PeopleDirectory(storage);
  told = [];
  directory.onChange((names) => told.push([...names]));
});

async function write(kind: 'User' | 'Team', name: string, members: object, cluster = 'root'): Promise<void> {
  const key = { cluster, resource: `iam.binnacle.dev/${kind.toLowerCase()}s`, namespace: '', name };
  const body = encodeBody({
    apiVersion: 'iam.binnacle.dev/v1',
    kind,
    metadata: { name, uid: `uid of ${name}` },
    ...members,
  });
  const before = await storage.get(ctx, key);
  const rest = { key, body, attributes, actor };
  await storage.write(ctx, before ? { op: 'update', expected: before.revision, ...rest } : { op: 'create', ...rest });
}

async function remove(kind: 'users' | 'teams', name: string): Promise<void> {
  const key = { cluster: 'root', resource: `iam.binnacle.dev/${kind}`, namespace: '', name };
  const before = await storage.get(ctx, key);
  if (before)
    await storage.write(ctx, { op: 'delete', expected: before.revision, key, body: before.body, attributes, actor });
}

test('a person belongs to what their teams say, as soon as that is written', async () => {
  await write('User', 'ann', { spec: { displayName: 'Ann' } });
  expect(await directory.find(ctx, 'ann')).toMatchObject({ uid: 'uid of ann', displayName: 'Ann', groups: [] });
  await write('Team', 'b', { spec: { members: ['ann', 'ghost'] } });
  await write('Team', 'administrators', { spec: { members: ['ann'] } });
  expect(await directory.find(ctx, 'ann')).toMatchObject({
    groups: ['team:administrators', 'system:masters', 'team:b'],
  });
  expect(await directory.find(ctx, 'ghost')).toBeUndefined();
  await remove('teams', 'administrators');
  expect(await directory.find(ctx, 'ann')).toMatchObject({ groups: ['team:b'] });
});

test('what does not change a person leaves them the very same', async () => {
  await write('User', 'ann', { spec: { displayName: 'Ann' } });
  const before = await directory.find(ctx, 'ann');
  await write('User', 'bob', {});
  await write('User', 'ann', { spec: { displayName: 'Ann' }, status: { lastSignIn: '2026-11-30T10:00:00Z' } });
  expect(await directory.find(ctx, 'ann')).toBe(before);
  expect(told).toEqual([]);
  expect(directory.revocations).toBe(0);
});

test.each<[string, () => Promise<void>]>([
  ['is disabled', () => write('User', 'ann', { spec: { disabled: true } })],
  ['goes', () => write('User', 'ann', { metadata: { name: 'ann', deletionTimestamp: '2026-11-30T10:00:00Z' } })],
  ['is gone', () => remove('users', 'ann')],
  ['had credentials revoked', () => write('User', 'ann', { status: { credentialsRevoked: '2026-11-30T10:00:00Z' } })],
  ['leaves a team', () => write('Team', 'a', { spec: { members: [] } })],
])('whoever listens is told that somebody %s, when it is so', async (_what, happens) => {
  await write('Team', 'a', { spec: { members: ['ann'] } });
  await write('User', 'ann', {});
  const before = await directory.find(ctx, 'ann');
  const seen: unknown[] = [];
  const stop = directory.onChange(() => seen.push(directory.find(ctx, 'ann')));
  await happens();
  expect(told).toEqual([['ann']]);
  expect(seen).toHaveLength(1);
  expect(seen[0]).not.toBe(before);
  expect(directory.revocations).toBe(1);
  stop();
});

test('people of other clusters are none', async () => {
  await write('User', 'eve', {}, 'main');
  expect(await directory.find(ctx, 'eve')).toBeUndefined();
});

test('follows until it is to end', async () => {
  directory.start(ctx);
  await write('User', 'ann', {});
  expect(await directory.find(ctx, 'ann')).toBeDefined();
  abort.abort();
});
