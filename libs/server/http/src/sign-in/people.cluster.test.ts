import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const clock = new FakeClock();
const IAM = '/clusters/root/apis/iam.binnacle.dev/v1';
let server: TestApiServer;
let nobody: RawApi;
/** May do everything with people, and is no administrator. */
let registrar: RawApi;

type Headers = Readonly<Record<string, string>>;
type Answer = Awaited<ReturnType<RawApi['call']>>;

const object = (kind: string, name: string, spec: object = {}) => ({
  apiVersion: 'iam.binnacle.dev/v1',
  kind,
  metadata: { name },
  spec,
});
const post = (path: string, body: object, headers: Headers = {}, api = server.raw) =>
  api.call(path, { method: 'POST', body, headers });
const create = (plural: string, name: string, spec: object = {}, api = server.raw) =>
  post(
    `${IAM}/${plural}`,
    object({ users: 'User', teams: 'Team', invitations: 'Invitation' }[plural] ?? '', name, spec),
    {},
    api,
  );
const patch = (plural: string, name: string, spec: object, api = server.raw) =>
  api.call(`${IAM}/${plural}/${name}`, {
    method: 'PATCH',
    body: JSON.stringify({ spec }),
    headers: { 'content-type': 'application/merge-patch+json' },
  });
const remove = (plural: string, name: string, api = server.raw) =>
  api.call(`${IAM}/${plural}/${name}`, { method: 'DELETE' });
const read = async (plural: string, name: string) => (await server.raw.call(`${IAM}/${plural}/${name}`)).json;

const CSRF = { 'x-binnacle-csrf': '1' };
const login = (user: string, password: string, headers: Headers = {}) =>
  post('/auth/login', { user, password }, headers, nobody);
const cookiesOf = ({ headers }: Answer) => (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
const as = (cookie: string, path: string, method = 'GET', body?: object) =>
  nobody.call(path, { method, headers: { cookie, ...CSRF }, ...(body && { body }) });
const withToken = (token: string, path: string, method = 'GET', body?: object, headers: Headers = {}) =>
  nobody.call(path, { method, headers: { authorization: `Bearer ${token}`, ...headers }, ...(body && { body }) });

let made = 0;
const newName = (of: string) => `${of}-${(made += 1)}`;
const GOOD = 'a sentence nobody guesses';

/** Somebody who has chosen their password. */
async function newPerson(...teams: string[]): Promise<{ name: string; cookie: string }> {
  const name = newName('person');
  await create('users', name);
  for (const team of teams) {
    const members = (await read('teams', team)).spec.members ?? [];
    await patch('teams', team, { members: [...members, name] });
  }
  const { json } = await post(`${IAM}/users/${name}/password`, {});
  const first = cookiesOf(await login(name, json.password));
  const changed = await as(first, '/auth/password', 'POST', { password: json.password, newPassword: GOOD });
  expect(changed.status).toBe(200);
  return { name, cookie: cookiesOf(changed) };
}

const newToken = async (cookie: string, scope: object = {}) =>
  (await as(cookie, '/auth/tokens', 'POST', { name: 'ci', scope })).json.token as string;

beforeAll(async () => {
  server = await startTestApiServer({ ctx: { clock } });
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  await create('teams', 'crew');
  await create('teams', 'viewers');
  const captain = await create('users', 'captain');
  expect(captain.status).toBe(201);
  await create('teams', 'administrators', { members: ['captain'] });
});
afterAll(async () => {
  nobody.close();
  await server.close();
});
// What was guessed in one test is not to slow down the next.
beforeEach(() => clock.step(2 * HOUR));

describe('kinds of people', () => {
  test('are served in the cluster root alone', async () => {
    expect((await server.raw.call(`${IAM}/users`)).status).toBe(200);
    expect((await server.raw.call('/apis/iam.binnacle.dev/v1/users')).status).toBe(404);
    expect((await server.raw.call('/clusters/root', { method: 'DELETE' })).status).toBe(403);
    expect((await server.raw.call(`${IAM}/users`.replace('root', 'root@1'))).json.items).toEqual([]);
  });

  test('are listed as tables, watched, and have no status anybody else writes', async () => {
    const name = newName('person');
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    await post(`${IAM}/users`, { ...object('User', name), status: { mustChangePassword: true, passkeys: 7 } });
    expect((await read('users', name)).status ?? {}).toEqual({});
    const table = await server.raw.call(`${IAM}/users`, { headers: { accept } });
    expect(table.json.columnDefinitions.map((column: { name: string }) => column.name)).toContain('Last Sign-In');
    expect((await server.raw.call(`${IAM}/users/${name}/status`)).status).toBe(404);
  });
});

describe('a new password', () => {
  test('that was made up is good for nothing but choosing another', async () => {
    const name = newName('person');
    await create('users', name);
    const { status, json, headers } = await post(`${IAM}/users/${name}/password`, {});
    expect([status, headers['cache-control']]).toEqual([201, 'no-store']);
    const signedIn = await login(name, json.password);
    expect(signedIn.json).toMatchObject({ user: name, groups: [], mustChangePassword: true });
    const cookie = cookiesOf(signedIn);
    for (const path of ['/api', '/api/v1/namespaces', '/auth/tokens', '/auth/sessions', '/version'])
      expect((await as(cookie, path)).status).toBe(403);
    expect((await as(cookie, '/auth/tokens', 'POST', { name: 'x' })).status).toBe(403);
    expect((await read('users', name)).status).toMatchObject({ mustChangePassword: true });
    for (const newPassword of ['short', 'password12345', `${name} and more`, 'aaaaaaaaaaaaaa', '123456789012345'])
      expect((await as(cookie, '/auth/password', 'POST', { password: json.password, newPassword })).status).toBe(422);
    expect((await as(cookie, '/auth/password', 'POST', { password: 'wrong', newPassword: GOOD })).status).toBe(401);
    const changed = await as(cookie, '/auth/password', 'POST', { password: json.password, newPassword: GOOD });
    expect(changed.json).toMatchObject({ user: name, mustChangePassword: false });
    expect((await as(cookiesOf(changed), '/api')).status).toBe(200);
    expect((await as(cookie, '/auth/session')).status).toBe(401);
    expect((await login(name, json.password)).status).toBe(401);
    const { status: noted } = await read('users', name);
    expect(noted).not.toHaveProperty('mustChangePassword');
    expect(noted.lastSignIn).toBeDefined();
  });

  test('ends all other sessions of its person, and no token', async () => {
    const { name, cookie } = await newPerson();
    const other = cookiesOf(await login(name, GOOD));
    const token = await newToken(cookie);
    const changed = await as(cookie, '/auth/password', 'POST', { password: GOOD, newPassword: `${GOOD} twice` });
    expect((await as(other, '/auth/session')).status).toBe(401);
    expect((await as(cookie, '/auth/session')).status).toBe(401);
    expect((await as(cookiesOf(changed), '/auth/session')).json.user).toBe(name);
    expect((await withToken(token, '/api')).status).toBe(200);
  });

  test('is changed in a session of theirs alone, with the old one', async () => {
    const { cookie } = await newPerson();
    const token = await newToken(cookie);
    const body = { password: GOOD, newPassword: `${GOOD} again` };
    expect((await withToken(token, '/auth/password', 'POST', body)).status).toBe(403);
    expect((await post('/auth/password', body)).status).toBe(403);
    expect((await post('/auth/password', body, {}, nobody)).status).toBe(401);
    expect((await nobody.call('/auth/password', { method: 'POST', body, headers: { cookie } })).status).toBe(403);
  });

  test('made up by an administrator ends sessions and tokens', async () => {
    const { name, cookie } = await newPerson();
    const token = await newToken(cookie);
    await post(`${IAM}/users/${name}/password`, {});
    expect((await as(cookie, '/auth/session')).status).toBe(401);
    expect((await withToken(token, '/api')).status).toBe(401);
  });
});

describe('a person', () => {
  test('belongs to the groups of their teams, at once', async () => {
    const { name, cookie } = await newPerson('crew');
    const groups = async () => (await as(cookie, '/auth/session')).json.groups;
    expect(await groups()).toEqual(['team:crew', 'system:authenticated']);
    expect((await as(cookie, '/api/v1/namespaces')).status).toBe(403);
    await patch('teams', 'viewers', { members: [name] });
    expect(await groups()).toEqual(['team:crew', 'team:viewers', 'binnacle:viewers', 'system:authenticated']);
    expect((await as(cookie, '/api/v1/namespaces')).status).toBe(200);
    await patch('teams', 'viewers', { members: [] });
    expect((await as(cookie, '/api/v1/namespaces')).status).toBe(403);
  });

  test('who is disabled is signed out at once, and nothing of before comes back with them', async () => {
    const { name, cookie } = await newPerson();
    const token = await newToken(cookie);
    await patch('users', name, { disabled: true });
    expect((await as(cookie, '/auth/session')).status).toBe(401);
    expect((await withToken(token, '/api')).status).toBe(401);
    expect((await login(name, GOOD)).json.message).toBe('the name or the password is wrong');
    await patch('users', name, { disabled: false });
    expect((await withToken(token, '/api')).status).toBe(401);
    expect((await as(cookie, '/auth/session')).status).toBe(401);
    expect((await login(name, GOOD)).status).toBe(200);
  });

  test('who is deleted leaves nothing to whoever has their name later', async () => {
    const { name, cookie } = await newPerson('crew');
    const token = await newToken(cookie);
    expect((await remove('users', name)).status).toBe(200);
    expect((await read('teams', 'crew')).spec.members ?? []).not.toContain(name);
    await create('users', name);
    expect((await login(name, GOOD)).status).toBe(401);
    expect((await as(cookie, '/auth/session')).status).toBe(401);
    expect((await withToken(token, '/api')).status).toBe(401);
  });

  test('is a User before they are a member', async () => {
    const { status, json } = await patch('teams', 'crew', { members: ['nobody-there'] });
    expect([status, json.message]).toEqual([403, expect.stringContaining('there is no User "nobody-there"')]);
  });
});

describe('sessions', () => {
  test('are listed with where they were begun, and ended one by one or all but this', async () => {
    const { name, cookie } = await newPerson();
    const agent = 'x'.repeat(400);
    const others = [cookiesOf(await login(name, GOOD, { 'user-agent': agent })), cookiesOf(await login(name, GOOD))];
    const { items } = (await as(cookie, '/auth/sessions')).json;
    expect(items).toHaveLength(3);
    expect(items.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    expect(items.map(({ userAgent }: { userAgent: string }) => userAgent.length)).toContain(200);
    expect(items[0]).toMatchObject({ address: '127.0.0.1' });
    const one = (await as(others[0] ?? '', '/auth/sessions')).json.items.find(
      ({ current }: { current: boolean }) => current,
    );
    expect((await as(cookie, `/auth/sessions/${one.id}`, 'DELETE')).json).toEqual({ ended: 1 });
    expect((await as(others[0] ?? '', '/auth/session')).status).toBe(401);
    expect((await as(cookie, `/auth/sessions/${one.id}`, 'DELETE')).status).toBe(404);
    expect((await as(cookie, '/auth/sessions', 'DELETE')).json).toEqual({ ended: 1 });
    expect((await as(others[1] ?? '', '/auth/session')).status).toBe(401);
    expect((await as(cookie, '/auth/session')).status).toBe(200);
    expect((await server.raw.call(`${IAM}/users/${name}/sessions`)).json.items).toHaveLength(1);
    expect((await server.raw.call(`${IAM}/users/${name}/sessions`, { method: 'DELETE' })).json).toEqual({ ended: 1 });
    expect((await as(cookie, '/auth/session')).status).toBe(401);
  });

  test('of others are nobody’s to end', async () => {
    const [ann, bob] = [await newPerson(), await newPerson()];
    const [{ id }] = (await as(bob.cookie, '/auth/sessions')).json.items;
    expect((await as(ann.cookie, `/auth/sessions/${id}`, 'DELETE')).status).toBe(404);
    expect((await as(bob.cookie, '/auth/session')).status).toBe(200);
    expect((await as(ann.cookie, `${IAM}/users/${bob.name}/sessions`)).status).toBe(403);
  });

  test('are not ended by a page of somewhere else', async () => {
    const { cookie } = await newPerson();
    for (const path of ['/auth/sessions', '/auth/tokens/x'])
      expect((await nobody.call(path, { method: 'DELETE', headers: { cookie } })).status).toBe(403);
    expect(
      (await nobody.call('/auth/tokens', { method: 'POST', body: { name: 'x' }, headers: { cookie } })).status,
    ).toBe(403);
  });
});

describe('tokens', () => {
  test('are shown once and listed without what they are', async () => {
    const { cookie } = await newPerson();
    const scope = { clusters: ['main'], readOnly: true };
    const { status, json } = await as(cookie, '/auth/tokens', 'POST', { name: 'for ci', scope });
    expect([status, json]).toMatchObject([201, { name: 'for ci', ...scope, token: expect.stringMatching(/^bnc_/) }]);
    const { items } = (await as(cookie, '/auth/tokens')).json;
    expect(items).toEqual([
      expect.objectContaining({ id: json.id, name: 'for ci', clusters: ['main'], readOnly: true }),
    ]);
    expect(JSON.stringify(items)).not.toContain(json.token);
    expect((await as(cookie, `/auth/tokens/${json.id}`, 'DELETE')).json).toEqual({ revoked: 1 });
    expect((await withToken(json.token, '/api')).status).toBe(401);
  });

  test('end within a year, have a name, and are no more than a hundred', async () => {
    const { cookie } = await newPerson();
    const later = (days: number) => new Date(clock.now() + days * 24 * HOUR).toISOString();
    for (const body of [
      { name: '' },
      { name: 'x', expiresAt: later(367) },
      { name: 'x', expiresAt: later(-1) },
      { name: 'a\nb' },
    ])
      expect((await as(cookie, '/auth/tokens', 'POST', body)).status).toBe(422);
    for (const body of [{}, { name: 'x', expiresAt: 'soon' }, { name: 'x', scope: { clusters: 'main' } }])
      expect((await as(cookie, '/auth/tokens', 'POST', body)).status).toBe(400);
    const answers = await Promise.all(
      Array.from({ length: 110 }, () => as(cookie, '/auth/tokens', 'POST', { name: 'x' })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(100);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(10);
  });

  test('do no more than they are for, whatever whose they are may', async () => {
    const { name, cookie } = await newPerson();
    await patch('teams', 'administrators', { members: ['captain', name] });
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'x-' } };
    const maps = '/api/v1/namespaces/default/configmaps';
    const [whole, reads, elsewhere] = [
      await newToken(cookie),
      await newToken(cookie, { readOnly: true }),
      await newToken(cookie, { clusters: ['lab'] }),
    ];
    expect((await withToken(whole, maps, 'POST', map)).status).toBe(201);
    expect((await withToken(reads, maps)).status).toBe(200);
    expect((await withToken(reads, maps, 'POST', map)).status).toBe(403);
    const asOther = { 'impersonate-user': 'x', 'impersonate-group': 'system:masters' };
    expect((await withToken(reads, maps, 'GET', undefined, asOther)).status).toBe(403);
    expect((await withToken(elsewhere, maps)).status).toBe(403);
    expect((await withToken(elsewhere, '/clusters')).status).toBe(403);
    expect((await withToken(elsewhere, `${IAM}/users`)).status).toBe(403);
    expect((await withToken(elsewhere, `/clusters/lab${maps}`)).status).toBe(404);
    const asMaster = await withToken(elsewhere, maps, 'GET', undefined, { ...asOther });
    expect(asMaster.status).toBe(403);
    for (const token of [reads, elsewhere]) {
      for (const path of ['/auth/tokens', '/auth/sessions']) expect((await withToken(token, path)).status).toBe(403);
      expect((await withToken(token, '/auth/tokens', 'POST', { name: 'x' })).status).toBe(403);
      expect((await withToken(token, '/auth/kubeconfig', 'POST', {})).status).toBe(403);
    }
    await patch('teams', 'administrators', { members: ['captain'] });
    expect((await withToken(whole, maps)).status).toBe(403);
  });

  test('make no tokens that end later than themselves', async () => {
    const { cookie } = await newPerson();
    const token = await newToken(cookie);
    const at = (hours: number) => new Date(clock.now() + hours * HOUR).toISOString();
    expect((await withToken(token, '/auth/tokens', 'POST', { name: 'x', expiresAt: at(24 * 31) })).status).toBe(403);
    expect((await withToken(token, '/auth/tokens', 'POST', { name: 'x', expiresAt: at(1) })).status).toBe(201);
  });

  test('are known to nobody else, who would not keep them to what they are for', async () => {
    const { cookie } = await newPerson();
    const review = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token: await newToken(cookie) },
    };
    const { json } = await post('/apis/authentication.k8s.io/v1/tokenreviews', review);
    expect(json.status.authenticated ?? false).toBe(false);
  });

  test('of somebody who is impersonated are not made', async () => {
    const { name } = await newPerson();
    const headers = { 'impersonate-user': name };
    expect((await server.raw.call('/auth/session', { headers })).json.user).toBe(name);
    for (const path of ['/auth/tokens', '/auth/kubeconfig'])
      expect((await post(path, { name: 'x' }, headers)).status).toBe(403);
  });

  test('come in a kubeconfig for oneself', async () => {
    const { name, cookie } = await newPerson();
    const { status, json } = await as(cookie, '/auth/kubeconfig', 'POST', { cluster: 'lab' });
    const config = JSON.parse(json.kubeconfig);
    expect(status).toBe(201);
    expect(config.clusters[0].cluster.server).toMatch(/^https:.*\/clusters\/lab$/);
    expect(config.users[0].name).toBe(name);
    expect((await withToken(config.users[0].user.token, '/auth/session')).json.user).toBe(name);
    expect((await as(cookie, '/auth/kubeconfig', 'POST', { cluster: '../x' })).status).toBe(400);
  });
});

describe('administrators', () => {
  beforeAll(async () => {
    // Everything that can be done with people, by somebody who may do nothing else.
    registrar = new RawApi(await server.configFor('registrar', ['registrars']));
    const subject = { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'registrars' };
    const rules = [{ apiGroups: ['iam.binnacle.dev'], resources: ['*', '*/*'], verbs: ['*'] }];
    const rbac = '/clusters/root/apis/rbac.authorization.k8s.io/v1';
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'registrar' } };
    await post(`${rbac}/clusterroles`, { ...role, kind: 'ClusterRole', rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'registrar' };
    await post(`${rbac}/clusterrolebindings`, { ...role, kind: 'ClusterRoleBinding', subjects: [subject], roleRef });
  });
  afterAll(() => registrar.close());

  test('one of them stays, whoever else goes at the same time', async () => {
    const { name } = await newPerson();
    await patch('teams', 'administrators', { members: ['captain', name] });
    const went = await Promise.all([
      patch('users', name, { disabled: true }),
      patch('users', 'captain', { disabled: true }),
    ]);
    expect(went.map(({ status }) => status).sort()).toEqual([200, 403]);
    const [left = ''] = went[0].status === 200 ? ['captain'] : [name];
    expect((await remove('users', left)).status).toBe(403);
    expect((await patch('teams', 'administrators', { members: [] })).status).toBe(403);
    expect((await patch('teams', 'administrators', { members: [left] })).status).toBe(200);
    expect((await remove('teams', 'administrators')).status).toBe(403);
    await patch('users', 'captain', { disabled: false });
    expect((await patch('teams', 'administrators', { members: ['captain'] })).status).toBe(200);
  });
});

describe('an invitation', () => {
  async function invite(spec: object = {}): Promise<{ name: string; secret: string }> {
    const name = newName('invitation');
    expect((await create('invitations', name, spec)).status).toBe(201);
    const { json } = await post(`${IAM}/invitations/${name}/link`, {});
    return { name, secret: json.secret };
  }
  const accept = (secret: string, user: string, password = GOOD, headers: Headers = {}) =>
    post('/auth/invitations/accept', { secret, user, password, displayName: 'Ann' }, headers, nobody);
  const look = (secret: string) => nobody.call(`/auth/invitations/${secret}`);

  test('makes whoever has its link a person of its teams, once', async () => {
    const { name, secret } = await invite({ teams: ['crew'], email: 'ann@example.com' });
    expect((await look(secret)).json).toMatchObject({ teams: ['crew'], email: 'ann@example.com' });
    const user = newName('ann');
    expect((await accept(secret, user, 'short')).status).toBe(422);
    expect((await accept(secret, 'captain')).status).toBe(409);
    expect((await accept(secret, 'kube-proxy')).status).toBe(422);
    expect((await accept(secret, user, GOOD, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    const accepted = await accept(secret, user);
    expect([accepted.status, accepted.json]).toMatchObject([201, { user, displayName: 'Ann', groups: ['team:crew'] }]);
    expect((await as(cookiesOf(accepted), '/auth/session')).json.user).toBe(user);
    expect((await read('invitations', name)).status).toEqual({ phase: 'Accepted', acceptedBy: user });
    expect((await accept(secret, newName('eve'))).status).toBe(404);
    expect((await look(secret)).status).toBe(404);
    expect((await post(`${IAM}/invitations/${name}/link`, {})).status).toBe(422);
    expect((await patch('invitations', name, { teams: ['viewers'] })).status).toBe(422);
  });

  test('is accepted by one of those who come at once', async () => {
    const { secret } = await invite();
    const answers = await Promise.all(['a', 'b', 'c'].map((of) => accept(secret, newName(of))));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404]);
    const { items } = (await server.raw.call(`${IAM}/users`)).json;
    expect(items.filter(({ metadata }: { metadata: { name: string } }) => /^[abc]-/.test(metadata.name))).toHaveLength(
      1,
    );
  });

  test('says the same of every secret that is worth nothing', async () => {
    const replaced = await invite();
    await post(`${IAM}/invitations/${replaced.name}/link`, {});
    const deleted = await invite();
    await remove('invitations', deleted.name);
    const expired = await invite({ expiresAt: new Date(clock.now() + HOUR).toISOString().replace('.000', '') });
    clock.step(HOUR);
    const other = `${replaced.secret.slice(0, -1)}${replaced.secret.endsWith('A') ? 'B' : 'A'}`;
    const secrets = [replaced.secret, deleted.secret, expired.secret, other, 'x'];
    const answers = await Promise.all(secrets.flatMap((secret) => [look(secret), accept(secret, newName('eve'))]));
    expect(new Set(answers.map(({ status, json }) => `${status} ${json.message}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  test('leads into teams that are there', async () => {
    expect((await create('invitations', newName('i'), { teams: ['none'] })).status).toBe(403);
  });
});

describe('signing in', () => {
  test('says the same of a wrong password, of nobody, of who has none and of who is disabled', async () => {
    const [known, disabled] = [await newPerson(), await newPerson()];
    await patch('users', disabled.name, { disabled: true });
    const passwordless = newName('person');
    await create('users', passwordless);
    const answers = await Promise.all([
      login(known.name, 'wrong'),
      login('nobody-there', 'wrong'),
      login(passwordless, ''),
      login(disabled.name, GOOD),
    ]);
    expect(new Set(answers.map(({ status, json }) => `${status} ${json.message}`))).toEqual(
      new Set(['401 the name or the password is wrong']),
    );
  });

  test('is slowed down for one address that tries many names', async () => {
    const answers: number[] = [];
    for (let tries = 0; tries < 34; tries += 1) answers.push((await login(`somebody-${tries}`, 'Spring2026!')).status);
    expect(answers.slice(0, 30)).not.toContain(429);
    expect(answers).toContain(429);
  });

  test('tells by what means, and nothing of who', async () => {
    const { json } = await nobody.call('/auth/methods');
    const passkeys = { available: false, address: expect.stringMatching(/^https:\/\/localhost:/) };
    expect(json).toEqual({ password: true, providers: [], passkeys });
  });

  test('with an account of an older release makes its person, in the teams of its groups', async () => {
    const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
    const { name } = await newPerson();
    const account = await server.signIn?.accounts.find(ctx, name);
    const old = newName('old');
    await server.signIn?.accounts.save(ctx, {
      name: old,
      groups: ['binnacle:editors', 'crew'],
      scrypt: account?.scrypt ?? '',
    });
    const signedIn = await login(old, GOOD);
    expect(signedIn.json.groups).toEqual(['team:editors', 'binnacle:editors', 'crew']);
    expect((await read('teams', 'editors')).spec.members).toEqual([old]);
    expect((await remove('users', old)).status).toBe(200);
    expect((await login(old, GOOD)).status).toBe(401);
  });
});

test('what stands open ends when its person is disabled', async () => {
  const { name, cookie } = await newPerson('viewers');
  await patch('teams', 'viewers', { members: [name] });
  const watch = await nobody.watch('/api/v1/namespaces?watch=true', { cookie });
  expect((await watch.next()).type).toBe('ADDED');
  await patch('users', name, { disabled: true });
  // It ends with an ERROR or without; until then it goes on.
  for await (const { type } of watch) if (type === 'ERROR') break;
  expect((await as(cookie, '/auth/session')).status).toBe(401);
});
