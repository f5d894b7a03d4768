import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandLine } from '../../command-line.js';
import { layout } from '../../data-dir/layout.js';
import { prepareDataDir } from '../../data-dir/prepare.js';
import { listenToStdout } from '../../testing/said.js';

const ctx = { signal: new AbortController().signal, clock: systemClock, logger: silentLogger };
let server: TestApiServer;
let nobody: RawApi;
let dataDir = '';
const stdout = listenToStdout();

beforeAll(async () => {
  server = await startTestApiServer();
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  dataDir = mkdtempSync(join(tmpdir(), 'bn-'));
  const dir = layout(dataDir);
  prepareDataDir(dir);
  writeFileSync(dir.adminKubeconfig, server.kubeconfig());
});
afterAll(async () => {
  nobody.close();
  await server.close();
  rmSync(dataDir, { recursive: true });
});

/** What a command says. */
async function binnacle(...args: string[]): Promise<string> {
  const before = stdout.text().length;
  await commandLine(ctx).parseAsync([...args, '--data-dir', dataDir], { from: 'user' });
  return stdout.text().slice(before);
}

const login = (user: string, password: string) =>
  nobody.call('/auth/login', { method: 'POST', body: { user, password } });

it('makes teams and people, who sign in with what is shown', async () => {
  await binnacle('team', 'add', 'crew');
  const said = await binnacle('user', 'add', 'ann', '--display-name', 'Ann Lee', '--team', 'crew');
  const [, password = ''] = /^Password: (\S+)$/m.exec(said) ?? [];
  expect((await login('ann', password)).json).toMatchObject({ user: 'ann', mustChangePassword: true });
  expect(await binnacle('user', 'list')).toMatch(/^ann +Ann Lee +crew +no +\d{4}-/m);
  const [, again = ''] = /^Password: (\S+)$/m.exec(await binnacle('user', 'password', 'ann')) ?? [];
  expect((await login('ann', password)).status).toBe(401);
  expect((await login('ann', again)).status).toBe(200);
});

it('says who belongs to a team, and changes that', async () => {
  await binnacle('user', 'add', 'bob');
  expect(await binnacle('team', 'members', 'crew', '--add', 'bob')).toBe('ann\nbob\n');
  expect(await binnacle('team', 'members', 'crew', '--remove', 'ann')).toBe('bob\n');
  expect(await binnacle('team', 'list')).toMatch(/^crew +bob$/m);
  await expect(binnacle('team', 'members', 'crew', '--add', 'nobody')).rejects.toThrow('there is no User "nobody"');
});

it('invites by a link that lets somebody in', async () => {
  const said = await binnacle('invite', '--team', 'crew', '--name', 'for-eve');
  const [, secret = ''] = /^\/invitation#(\S+)$/m.exec(said) ?? [];
  const body = { secret, user: 'eve', password: 'a sentence nobody guesses' };
  expect((await nobody.call('/auth/invitations/accept', { method: 'POST', body })).json.groups).toEqual(['team:crew']);
});

it('makes tokens for what they are to be used for, and ends them', async () => {
  const said = await binnacle('token', 'create', 'ci', '--user', 'bob', '--read-only', '--cluster', 'main');
  const [, token = ''] = /^(bnc_\S+)$/m.exec(said) ?? [];
  const asks = async () => (await nobody.call('/api', { headers: { authorization: `Bearer ${token}` } })).status;
  expect(await asks()).toBe(200);
  const [, id = ''] = /^(\S+) +ci +main +read +/m.exec(await binnacle('token', 'list', '--user', 'bob')) ?? [];
  await expect(binnacle('token', 'revoke', '--user', 'bob')).rejects.toThrow('--all');
  expect(await binnacle('token', 'revoke', id, '--user', 'bob')).toBe('Revoked 1\n');
  expect(await asks()).toBe(401);
});

it('shows what else somebody signs in by, and takes that away', async () => {
  const { uid = '' } = (await server.signIn?.accounts.find(ctx, 'ann')) ?? {};
  const person = { account: 'ann', uid };
  const now = systemClock.now();
  const passkey = {
    relyingParty: 'localhost',
    publicKey: 'k',
    counter: 0,
    transports: [],
    backedUp: false,
    suspect: false,
  };
  const add = async () => {
    for (const id of ['key-one-of-ann-00', 'key-two-of-ann-00'])
      await server.signIn?.other.passkeys.add(ctx, { ...person, ...passkey, id, name: 'laptop', createdAt: now }, 9);
    const identity = { issuer: 'https://id.example', subject: 's', provider: 'acme', email: 'a@example.com' };
    await server.signIn?.other.identities.add(ctx, { ...person, ...identity, id: 'identity-1', linkedAt: now });
  };
  await add();
  expect(await binnacle('user', 'sign-ins', 'ann')).toMatch(/^identity-1 +identity +acme a@example.com +never$/m);
  await expect(binnacle('user', 'sign-ins', 'ann', '--remove', 'x')).rejects.toThrow('nothing of the ID "x"');
  const left = await binnacle('user', 'sign-ins', 'ann', '--remove', 'identity-1', '--remove', 'key-one-of-ann-00');
  expect(left.split('\n').slice(1)).toEqual([
    expect.stringMatching(/^key-two-of-ann-00 +passkey +laptop at localhost/),
    '',
  ]);
  await add();
  expect(await binnacle('user', 'password', 'ann')).toContain('still signs in by 3 others');
  expect(await binnacle('user', 'password', 'ann', '--remove-sign-in-methods')).not.toContain('still');
  expect((await binnacle('user', 'sign-ins', 'ann')).split('\n')).toHaveLength(2);
});

it('disables, enables and removes people', async () => {
  const [, password = ''] = /^Password: (\S+)$/m.exec(await binnacle('user', 'password', 'bob')) ?? [];
  await binnacle('user', 'disable', 'bob');
  expect((await login('bob', password)).status).toBe(401);
  await binnacle('user', 'enable', 'bob');
  expect((await login('bob', password)).status).toBe(200);
  await binnacle('user', 'remove', 'bob');
  await expect(binnacle('user', 'password', 'bob')).rejects.toThrow('not found');
  await binnacle('team', 'remove', 'crew');
});
