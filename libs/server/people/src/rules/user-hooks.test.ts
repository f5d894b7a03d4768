import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { systemContext } from '@binnacle/server-registry';
import type { SignInStores, StoredObject } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import type { PeopleObjects } from '../objects/people-objects.js';
import { PeopleHooks } from './user-hooks.js';

const ctx = systemContext(
  { clock: new FakeClock(), logger: silentLogger, signal: new AbortController().signal },
  'root',
);
let users: Map<string, UnstructuredObject>;
let members: string[];
let did: string[];
let hooks: PeopleHooks;

const user = (name: string, disabled = false): UnstructuredObject => ({
  apiVersion: 'iam.binnacle.dev/v1',
  kind: 'User',
  metadata: { name, uid: `uid of ${name}` },
  spec: { disabled },
});
const team = (...of: string[]): UnstructuredObject => ({
  apiVersion: 'iam.binnacle.dev/v1',
  kind: 'Team',
  metadata: { name: 'administrators' },
  spec: { members: of },
});

beforeEach(() => {
  users = new Map(['ann', 'bob'].map((name) => [name, user(name)]));
  members = ['ann', 'bob'];
  did = [];
  const note = (what: string) => async (_ctx: unknown, name: string) => void did.push(`${what} ${name}`);
  const objects = {
    find: async (_ctx: unknown, { plural }: { plural: string }, name: string) =>
      plural === 'teams' ? team(...members) : users.get(name),
    leaveTeams: note('leave'),
  } as unknown as PeopleObjects;
  const stores = {
    accounts: { remove: note('account'), find: async () => ({ name: 'eve', groups: [], scrypt: '', uid: 'old' }) },
    sessions: { removeOf: note('sessions') },
    tokens: { removeOf: note('tokens') },
    other: {
      terminals: {
        removeOf: async (_ctx: unknown, { account }: { account: string }) => void did.push(`codes ${account}`),
      },
    },
    exclusive: { run: async (_ctx: unknown, work: () => Promise<unknown>) => work() },
  } as unknown as SignInStores;
  hooks = new PeopleHooks(objects, stores);
});

function write(plural: string, old: UnstructuredObject, next?: UnstructuredObject) {
  const around = hooks.byResource[`iam.binnacle.dev/${plural}`]?.around;
  const store = async () => {
    did.push('written');
    return {} as StoredObject;
  };
  return around?.(ctx, { old, ...(next && { next }) }, store);
}

test('whoever is disabled has nothing left to come in with before it is written', async () => {
  await write('users', user('ann'), user('ann', true));
  expect(did).toEqual(['codes ann', 'sessions ann', 'tokens ann', 'written']);
});

test('whoever goes has no account either', async () => {
  await write('users', user('ann'));
  expect(did).toEqual(['codes ann', 'sessions ann', 'tokens ann', 'account ann', 'written']);
});

test('nothing is taken where nobody is kept out', async () => {
  await write('users', user('ann'), user('ann'));
  await write('users', user('ann', true), user('ann', true));
  expect(did).toEqual(['written', 'written']);
});

test.each<[string, () => unknown]>([
  ['disabled', () => write('users', user('ann'), user('ann', true))],
  ['deleted', () => write('users', user('ann'))],
  ['taken out of the team', () => write('teams', team('ann', 'bob'), team('bob'))],
])('the last who can sign in is not %s', async (_how, act) => {
  users.set('bob', user('bob', true));
  await expect(act()).rejects.toMatchObject({ reason: 'Forbidden' });
  expect(did).toEqual([]);
});

test('another may come in their place with the same write', async () => {
  users.set('eve', user('eve'));
  await write('teams', team('ann', 'bob'), team('eve'));
  expect(did).toEqual(['written']);
});

test('a namesake gets nothing of whoever was there before, and a User who is there loses nothing', async () => {
  const before = hooks.byResource['iam.binnacle.dev/users']?.beforeCreate;
  await before?.(ctx, user('eve'), false);
  expect(did).toEqual(['leave eve', 'account eve']);
  await before?.(ctx, user('ann'), false);
  await before?.(ctx, user('gus'), true);
  expect(did).toHaveLength(2);
});
