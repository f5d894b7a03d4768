import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { encodeBody, type Key, MemoryStorage, type Revision } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import { blameOf } from './blame.js';

const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
const key: Key = { cluster: 'main', resource: 'apps/deployments', namespace: 'n', name: 'web' };
const attributes = { labels: {}, fields: {} };
let storage: MemoryStorage;
let at: Revision;

beforeEach(async () => {
  storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  at = 0;
});

type Spec = Record<string, unknown>;

const byTool = (user: string): object[] => [{ manager: `${user}-tool`, operation: 'Update', time: String(at) }];

async function write(
  user: string,
  spec: Spec,
  op: 'create' | 'update' | 'delete' = 'update',
  managedFields = byTool(user),
): Promise<Revision> {
  const body = encodeBody({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', managedFields },
    spec,
  });
  const actor = { user, client: `${user}/1`, requestId: `r${at}`, groups: [`${user}s`] };
  const base = { key, body, attributes, actor };
  const stored = await storage.write(ctx, op === 'create' ? { op, ...base } : { op, expected: at, ...base });
  at = stored.revision;
  return at;
}

async function setters(revision = at): Promise<Record<string, string>> {
  const { changes = [], fields = [] } = (await blameOf(ctx, storage, 'main', revision)) ?? {};
  const users = new Map(changes.map((change) => [change.revision, change.user]));
  return Object.fromEntries(
    fields
      .filter(({ path }) => path.startsWith('spec'))
      .map(({ path, revision: by }) => [path, users.get(by ?? 0) ?? '?']),
  );
}

const spec = (replicas: number, image: string, more: object = {}) => ({
  replicas,
  containers: [
    { name: 'web', image },
    { name: 'log', image: 'l' },
  ],
  ...more,
});

test('each field is of who set it last', async () => {
  await write('ann', spec(1, 'a'), 'create');
  await write('bob', spec(3, 'a'));
  await write('eve', spec(3, 'b', { paused: true }));
  expect(await setters()).toEqual({
    'spec.replicas': 'bob',
    'spec.containers[name=web].name': 'ann',
    'spec.containers[name=web].image': 'eve',
    'spec.containers[name=log].name': 'ann',
    'spec.containers[name=log].image': 'ann',
    'spec.paused': 'eve',
  });
});

test('a field that was put back is of who did that', async () => {
  await write('ann', spec(1, 'a'), 'create');
  await write('bob', spec(2, 'a'));
  await write('eve', spec(1, 'a'));
  expect((await setters())['spec.replicas']).toBe('eve');
});

test('an element that moved in its list is still of who made it', async () => {
  await write('ann', { containers: [{ name: 'a' }] }, 'create');
  await write('bob', { containers: [{ name: 'b' }, { name: 'a' }] });
  expect(await setters()).toEqual({ 'spec.containers[name=b].name': 'bob', 'spec.containers[name=a].name': 'ann' });
});

test('it is told as it was with any change', async () => {
  const first = await write('ann', spec(1, 'a'), 'create');
  await write('bob', spec(3, 'a'));
  expect((await setters(first))['spec.replicas']).toBe('ann');
});

test('a change is told with who, by what and as which manager, and values are not', async () => {
  await write('ann', { key: 'hunter2' }, 'create');
  await write('bob', { key: 'hunter3' });
  const blame = await blameOf(ctx, storage, 'main', at);
  expect(blame?.changes[0]).toEqual({
    revision: 2,
    time: expect.any(String) as string,
    verb: 'update',
    user: 'bob',
    groups: ['bobs'],
    userAgent: 'bob/1',
    requestID: 'r1',
    manager: 'bob-tool',
  });
  expect(blame?.complete).toBe(true);
  expect(JSON.stringify(blame)).not.toContain('hunter');
});

test('who has lost a field to a change has not made it', async () => {
  const entry = (manager: string, time: string, ...fields: string[]) => ({
    manager,
    operation: 'Update',
    time,
    fields,
  });
  const managers = async () => (await blameOf(ctx, storage, 'main', at))?.changes.map(({ manager }) => manager);
  await write('ann', spec(1, 'a'), 'create', [entry('apply', '1', 'image', 'replicas')]);
  await write('bob', spec(1, 'b'), 'update', [entry('apply', '1', 'replicas'), entry('set', '2', 'image')]);
  expect(await managers()).toEqual(['set', 'apply']);
  await write('bob', spec(2, 'b'), 'update', [entry('apply', '1'), entry('set', '2', 'image', 'replicas')]);
  expect(await managers()).toEqual(['set', 'set', 'apply']);
});

test('of an object that was deleted it is told what it was', async () => {
  await write('ann', spec(1, 'a'), 'create');
  await write('bob', spec(1, 'a'), 'delete');
  expect((await setters())['spec.replicas']).toBe('ann');
});

test('what was set before history begins is nobody that is known', async () => {
  await write('ann', spec(1, 'a'), 'create');
  await write('bob', spec(2, 'a'));
  await write('eve', spec(2, 'b'));
  await storage.compact(ctx, 'main', 2);
  const blame = await blameOf(ctx, storage, 'main', 3);
  expect(blame?.complete).toBe(false);
  const told = await setters(3);
  expect([told['spec.containers[name=web].image'], told['spec.containers[name=log].image']]).toEqual(['eve', '?']);
});

test('there is none of a change that never was', async () => {
  expect(await blameOf(ctx, storage, 'main', 7)).toBeUndefined();
});

test('it is bounded by changes and by fields', async () => {
  await write('ann', { at: 0, first: true }, 'create');
  for (let change = 1; change <= 210; change += 1) await write('bob', { at: change, first: true });
  expect(await blameOf(ctx, storage, 'main', at)).toMatchObject({ complete: false });
  await write('eve', { many: Object.fromEntries(Array.from({ length: 6_000 }, (_, of) => [`f${of}`, of])) });
  const blame = await blameOf(ctx, storage, 'main', at);
  expect(blame?.fields).toHaveLength(5_000);
  expect(blame?.moreFields).toBeGreaterThan(1_000);
});
