import 'reflect-metadata';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { type AuditEvent, Auditor, type PendingEvent, readAuditPolicy } from '@binnacle/server-audit';
import { cookieOf, type RawApi, startTestApiServer, TestPeople, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { graphqlModule } from './graphql.js';
import { graphqlSocket } from './testing/graphql-socket.js';

const HOUR = 3_600_000;
const GOOD = 'a sentence nobody guesses';
const ROOT = '/clusters/root/graphql';
const API = 'iam.binnacle.dev/v1';
const clock = new FakeClock();
let server: TestApiServer;
let people: TestPeople;
let nobody: RawApi;
/** May do everything with people, and is no administrator. */
let registrar: RawApi;
let noted: PendingEvent[] = [];

type Headers = Readonly<Record<string, string>>;

const login = async (user: string, password: string) => cookieOf(await people.login(user, password));

const read = readAuditPolicy({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'RequestResponse' }] });
if (read.errors) throw new Error('the policy is refused');
const auditor = new Auditor(
  read.policy,
  [{ take: (pending) => void noted.push(pending), close: async () => undefined }],
  clock,
);

async function ask(query: string, variables: object = {}, api = server.raw, headers: Headers = {}) {
  const answer = await api.call(ROOT, { method: 'POST', body: { query, variables }, headers });
  const { data, errors } = answer.json;
  return { status: answer.status, data, errors, cookie: cookieOf(answer) };
}
/** The code of the first error, and its path. */
const refusal = async (...asked: Parameters<typeof ask>) => {
  const { errors = [] } = await ask(...asked);
  return [errors[0]?.extensions.code, errors[0]?.path?.join('.')];
};
const CSRF = { 'x-binnacle-csrf': '1' };
const as = (cookie: string, query: string, variables: object = {}) =>
  ask(query, variables, nobody, { cookie, ...CSRF });
const withToken = (token: string, query: string, variables: object = {}) =>
  ask(query, variables, nobody, { authorization: `Bearer ${token}` });

const APPLY = 'mutation ($manifest: JSON!, $dryRun: Boolean) { apply(manifest: $manifest, dryRun: $dryRun) { raw } }';
const apply = (kind: string, name: string, spec: object = {}, api?: RawApi) =>
  ask(APPLY, { manifest: { apiVersion: API, kind, metadata: { name }, spec } }, api);

const newName = (of: string) => people.newName(of);

/** Somebody who has chosen their password; all of it by GraphQL. */
async function newPerson(): Promise<{ name: string; cookie: string }> {
  const name = newName('person');
  await apply('User', name);
  const password = (await ask('mutation ($user: String!) { resetPassword(user: $user) }', { user: name })).data
    .resetPassword;
  const changed = await as(await login(name, password), CHANGE, { password, newPassword: GOOD });
  expect(changed.data.changePassword).toMatchObject({ user: name, mustChangePassword: false });
  return { name, cookie: changed.cookie };
}
const CHANGE = `mutation ($password: String!, $newPassword: String!) {
  changePassword(password: $password, newPassword: $newPassword) { user mustChangePassword groups expiresAt }
}`;
const TOKEN = `mutation ($user: String, $name: String!, $expiresAt: String, $scope: PersonalTokenScope) {
  createToken(user: $user, name: $name, expiresAt: $expiresAt, scope: $scope) { id token clusters readOnly expiresAt }
}`;
const ME = '{ me { user displayName groups mustChangePassword sessions { id current } tokens { id name readOnly } } }';
const ACCEPT = `mutation ($secret: String!, $user: String!, $password: String!) {
  acceptInvitation(secret: $secret, user: $user, password: $password, displayName: "Ann") { user displayName groups }
}`;

beforeAll(async () => {
  server = await startTestApiServer({
    ctx: { clock },
    config: { auditor },
    modules: (ctx, parts) => [graphqlModule(ctx, parts)],
  });
  people = new TestPeople(server);
  ({ nobody } = people);
  registrar = await people.registrars();
  await apply('User', 'captain');
  await apply('Team', 'administrators', { members: ['captain'] });
});
afterAll(async () => {
  people.close();
  registrar.close();
  await server.close();
});
beforeEach(() => {
  // What was guessed in one test is not to slow down the next.
  clock.step(2 * HOUR);
  noted = [];
});

describe('one’s own password', () => {
  test('that was made up is good for nothing but changing it', async () => {
    const name = newName('person');
    await apply('User', name);
    const { data } = await ask('mutation ($user: String!) { resetPassword(user: $user) }', { user: name });
    const password = data.resetPassword;
    const cookie = await login(name, password);
    expect((await as(cookie, '{ me { user mustChangePassword } }')).data.me).toEqual({
      user: name,
      mustChangePassword: true,
    });
    for (const query of ['{ me { sessions { id } } }', '{ me { tokens { id } } }', '{ users { totalCount } }'])
      expect((await as(cookie, query)).errors[0].extensions.code).toBe('Forbidden');
    expect((await as(cookie, TOKEN, { name: 'x' })).errors[0].extensions.code).toBe('Forbidden');
    const wrong = await as(cookie, CHANGE, { password: 'wrong', newPassword: GOOD });
    expect(wrong.errors[0].extensions.code).toBe('Unauthorized');
    const weak = await as(cookie, CHANGE, { password, newPassword: 'short' });
    expect(weak.errors[0].extensions.status.details.causes[0].field).toBe('newPassword');
    const changed = await as(cookie, CHANGE, { password, newPassword: GOOD });
    expect(changed.data.changePassword).toMatchObject({ user: name, mustChangePassword: false });
    expect((await as(changed.cookie, '{ me { user } }')).data.me.user).toBe(name);
    expect((await as(cookie, '{ me { user } }')).status).toBe(401);
  });

  test('is changed in a session of theirs alone, by POST, and by no other page', async () => {
    const { cookie } = await newPerson();
    const { token } = (await as(cookie, TOKEN, { name: 'ci' })).data.createToken;
    const passwords = { password: GOOD, newPassword: `${GOOD} again` };
    expect((await withToken(token, CHANGE, passwords)).errors[0].extensions.code).toBe('Forbidden');
    expect((await ask(CHANGE, passwords)).errors[0].extensions.code).toBe('Forbidden');
    expect((await ask(CHANGE, passwords, nobody)).status).toBe(401);
    expect((await ask(CHANGE, passwords, nobody, { cookie })).status).toBe(403);
    const foreign = { cookie, ...CSRF, 'sec-fetch-site': 'cross-site' };
    expect((await ask(CHANGE, passwords, nobody, foreign)).errors[0].extensions.code).toBe('Forbidden');
  });

  test('is guessed as slowly as anywhere', async () => {
    const { cookie } = await newPerson();
    const guess = 'changePassword(password: "wrong", newPassword: "another sentence") { user }';
    const codes: string[] = [];
    for (let round = 0; round < 8 && !codes.includes('TooManyRequests'); round += 1) {
      const guesses = Array.from({ length: 10 }, (_, at) => `g${at}: ${guess}`).join(' ');
      const { errors } = await as(cookie, `mutation { ${guesses} }`);
      codes.push(...errors.map(({ extensions }: { extensions: { code: string } }) => extensions.code));
    }
    expect(codes).toContain('TooManyRequests');
  });
});

describe('tokens', () => {
  test('are shown once, listed without what they are, do no more than they are for, and are revoked', async () => {
    const { name, cookie } = await newPerson();
    const scope = { clusters: ['root'], readOnly: true };
    const { token, id, ...shown } = (await as(cookie, TOKEN, { name: 'ci', scope })).data.createToken;
    expect([token, shown]).toEqual([
      expect.stringMatching(/^bnc_/),
      { ...scope, expiresAt: new Date(clock.now() + 30 * 24 * HOUR).toISOString().replace('.000', '') },
    ]);
    const { me } = (await as(cookie, ME)).data;
    expect(me).toMatchObject({ user: name, tokens: [{ id, name: 'ci', readOnly: true }] });
    expect(JSON.stringify(me)).not.toContain(token);
    expect((await withToken(token, '{ me { user } }')).data.me.user).toBe(name);
    expect((await withToken(token, TOKEN, { name: 'more' })).errors[0].extensions.code).toBe('Forbidden');
    const revoke = 'mutation ($id: String) { revokeTokens(id: $id) }';
    expect((await as(cookie, revoke, { id })).data.revokeTokens).toBe(1);
    expect((await as(cookie, revoke, { id })).errors[0].extensions.code).toBe('NotFound');
    expect((await withToken(token, '{ me { user } }')).status).toBe(401);
  });

  test('are bound as REST binds them', async () => {
    const { cookie } = await newPerson();
    const later = (days: number) => new Date(clock.now() + days * 24 * HOUR).toISOString();
    const causesOf = async (asked: object) =>
      (await as(cookie, TOKEN, { name: 'x', ...asked })).errors[0].extensions.status.details?.causes?.[0]?.field;
    expect(await causesOf({ name: '' })).toBe('name');
    expect(await causesOf({ expiresAt: later(367) })).toBe('expiresAt');
    expect(await causesOf({ scope: { clusters: ['../x'] } })).toBe('scope.clusters');
    expect((await as(cookie, TOKEN, { name: 'x', expiresAt: 'soon' })).errors[0].extensions.code).toBe('BadRequest');
    const { token } = (await as(cookie, TOKEN, { name: 'short', expiresAt: later(1) })).data.createToken;
    expect((await withToken(token, TOKEN, { name: 'x' })).errors[0].extensions.code).toBe('Forbidden');
    expect((await withToken(token, TOKEN, { name: 'x', expiresAt: later(0.5) })).errors).toBeUndefined();
    expect((await as(cookie, 'mutation { revokeTokens }')).data.revokeTokens).toBe(2);
  });

  test('of others need the right, and those of administrators an administrator', async () => {
    const { name, cookie } = await newPerson();
    const { token, id } = (await ask(TOKEN, { user: name, name: 'x' }, registrar)).data.createToken;
    expect((await withToken(token, '{ me { user } }')).data.me.user).toBe(name);
    const other = await newPerson();
    for (const user of [name, 'captain'])
      expect((await as(other.cookie, TOKEN, { user, name: 'x' })).errors[0].extensions.code).toBe('Forbidden');
    expect(await refusal(TOKEN, { user: 'captain', name: 'x' }, registrar)).toEqual(['Forbidden', 'createToken']);
    expect(await refusal(TOKEN, { user: 'not-there', name: 'x' })).toEqual(['NotFound', 'createToken']);
    const list = 'query ($name: String!) { user(name: $name) { tokens { id } metadata { name } } }';
    expect((await ask(list, { name }, registrar)).data.user.tokens).toEqual([{ id }]);
    const seen = await ask(list, { name: 'captain' }, registrar);
    expect(seen).toMatchObject({
      data: { user: { tokens: null, metadata: { name: 'captain' } } },
      errors: [{ path: ['user', 'tokens'], extensions: { code: 'Forbidden' } }],
    });
    const revoke = 'mutation ($user: String) { revokeTokens(user: $user) }';
    expect((await ask(revoke, { user: name }, registrar)).data.revokeTokens).toBe(1);
    expect((await as(cookie, ME)).data.me.tokens).toEqual([]);
  });
});

describe('sessions', () => {
  const END = 'mutation ($user: String, $id: String) { endSessions(user: $user, id: $id) }';

  test('are listed, and ended one by one or all but this', async () => {
    const { name, cookie } = await newPerson();
    const others = [await login(name, GOOD), await login(name, GOOD), await login(name, GOOD)];
    const { sessions } = (await as(cookie, ME)).data.me;
    expect(sessions.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    const one = (await as(others[0] ?? '', ME)).data.me.sessions.find(({ current }: { current: boolean }) => current);
    expect((await as(cookie, END, { id: one.id })).data.endSessions).toBe(1);
    expect((await as(others[0] ?? '', ME)).status).toBe(401);
    expect((await as(cookie, END)).data.endSessions).toBe(2);
    expect((await as(cookie, ME)).data.me.sessions).toHaveLength(1);
  });

  test('of others are ended by who may, and no administrator’s', async () => {
    const [{ name, cookie }, other] = [await newPerson(), await newPerson()];
    expect((await as(other.cookie, END, { user: name })).errors[0]).toMatchObject({
      path: ['endSessions'],
      extensions: { code: 'Forbidden', needs: { verb: 'delete', resource: 'users', subresource: 'sessions', name } },
    });
    expect(await refusal(END, { user: 'captain' }, registrar)).toEqual(['Forbidden', 'endSessions']);
    expect((await ask(END, { user: name }, registrar)).data.endSessions).toBe(1);
    expect((await as(cookie, ME)).status).toBe(401);
  });

  test('are nothing of whoever is impersonated, or has none', async () => {
    const { name } = await newPerson();
    const { data, errors } = await ask(ME, {}, server.raw, { 'impersonate-user': name });
    expect([data.me.user, data.me.sessions, errors[0].extensions.code]).toEqual([name, null, 'Forbidden']);
    expect((await ask(END)).errors[0].extensions.code).toBe('Forbidden');
  });
});

describe('what else somebody signs in by', () => {
  const LIST = `query ($name: String!) {
    user(name: $name) { passkeys { id name suspect host } identities { id provider email } }
  }`;
  const context = () => ({ clock, logger: silentLogger, signal: new AbortController().signal });
  const add = async (name: string) => {
    const { uid = '' } = (await server.signIn?.accounts.find(context(), name)) ?? {};
    const person = { account: name, uid };
    const { passkeys, identities } = server.signIn?.other ?? {};
    const key = {
      relyingParty: 'localhost',
      publicKey: 'k',
      counter: 0,
      transports: [],
      backedUp: false,
      suspect: false,
    };
    const made = { ...person, ...key, id: `key-of-${name}`, name: 'laptop', createdAt: clock.now() };
    await passkeys?.add(context(), made, 9);
    const identity = { issuer: 'https://id.example', subject: name, provider: 'acme', email: 'a@example.com' };
    await identities?.add(context(), { ...person, ...identity, id: `identity-of-${name}`, linkedAt: clock.now() });
  };

  test('is seen and taken away by who has the right', async () => {
    const [{ name }, other] = [await newPerson(), await newPerson()];
    await add(name);
    expect((await ask(LIST, { name }, registrar)).data.user).toEqual({
      passkeys: [{ id: `key-of-${name}`, name: 'laptop', suspect: false, host: 'localhost' }],
      identities: [{ id: `identity-of-${name}`, provider: 'acme', email: 'a@example.com' }],
    });
    for (const what of ['removePasskeys', 'removeIdentities']) {
      const remove = `mutation ($user: String!, $id: String) { ${what}(user: $user, id: $id) }`;
      expect((await as(other.cookie, remove, { user: name })).errors[0].extensions.code).toBe('Forbidden');
      expect(await refusal(remove, { user: 'captain' }, registrar)).toEqual(['Forbidden', what]);
      expect(await refusal(remove, { user: name, id: 'x' })).toEqual(['NotFound', what]);
      expect((await ask(remove, { user: name }, registrar)).data[what]).toBe(1);
    }
  });

  test('stays when a password is reset, and goes where that is asked for', async () => {
    const { name } = await newPerson();
    await add(name);
    const reset = 'mutation ($user: String!, $all: Boolean!) { resetPassword(user: $user, removeSignInMethods: $all) }';
    await ask(reset, { user: name, all: false });
    expect((await ask(LIST, { name })).data.user).toMatchObject({ passkeys: [{}], identities: [{}] });
    await ask(reset, { user: name, all: true });
    expect((await ask(LIST, { name })).data.user).toEqual({ passkeys: [], identities: [] });
  });
});

describe('an invitation', () => {
  const LINK = 'mutation ($name: String!) { invitationLink(invitation: $name) { secret path expiresAt } }';
  const OFFER = 'query ($secret: String!) { invitationOffer(secret: $secret) { teams email expiresAt } }';
  const invite = async (spec: object = {}) => {
    const name = newName('invitation');
    await apply('Invitation', name, spec);
    return { name, ...(await ask(LINK, { name })).data.invitationLink };
  };

  test('makes whoever has its link a person who is signed in, once, without being somebody before', async () => {
    await apply('Team', 'crew');
    const { secret, path, name } = await invite({ teams: ['crew'], email: 'ann@example.com' });
    expect(path).toBe(`/invitation#${secret}`);
    expect((await ask(OFFER, { secret }, nobody)).data.invitationOffer).toMatchObject({ teams: ['crew'] });
    const user = newName('ann');
    const weak = await ask(ACCEPT, { secret, user, password: 'short' }, nobody);
    expect([weak.status, weak.errors[0].extensions.code]).toEqual([200, 'Invalid']);
    expect(await refusal(ACCEPT, { secret, user: 'captain', password: GOOD }, nobody)).toEqual([
      'AlreadyExists',
      'acceptInvitation',
    ]);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    expect((await ask(ACCEPT, { secret, user, password: GOOD }, nobody, foreign)).errors[0].extensions.code).toBe(
      'Forbidden',
    );
    const accepted = await ask(ACCEPT, { secret, user, password: GOOD }, nobody);
    expect(accepted.data.acceptInvitation).toEqual({ user, displayName: 'Ann', groups: ['team:crew'] });
    expect((await as(accepted.cookie, ME)).data.me.user).toBe(user);
    expect((await ask(`{ invitation(name: "${name}") { status { phase acceptedBy } } }`)).data.invitation).toEqual({
      status: { phase: 'Accepted', acceptedBy: user },
    });
    for (const [query, variables] of [
      [OFFER, { secret }],
      [ACCEPT, { secret, user: newName('eve'), password: GOOD }],
      [OFFER, { secret: 'x' }],
    ] as const)
      expect((await ask(query, variables, nobody)).errors[0].extensions.code).toBe('NotFound');
  });

  test('is linked to by who could take people into its teams alone', async () => {
    await apply('Invitation', 'of-admin', { teams: ['administrators'] });
    expect(await refusal(LINK, { name: 'of-admin' }, registrar)).toEqual(['Forbidden', 'invitationLink']);
    const { cookie } = await newPerson();
    expect((await as(cookie, LINK, { name: 'of-admin' })).errors[0].extensions.code).toBe('Forbidden');
  });
});

test('over a WebSocket nobody is signed in', async () => {
  const client = await graphqlSocket(server, ROOT);
  const variables = { password: GOOD, newPassword: GOOD };
  for await (const { errors } of client.iterate({ query: CHANGE, variables }))
    expect(errors?.[0]?.message).toContain('must come by POST');
  await client.dispose();
});

test('what is done to people is noted as REST has it, without a secret', async () => {
  const { name, cookie } = await newPerson();
  noted = [];
  const { token } = (await as(cookie, TOKEN, { name: 'ci' })).data.createToken;
  await as(cookie, CHANGE, { password: GOOD, newPassword: `${GOOD} twice` });
  const { data } = await ask('mutation ($user: String!) { resetPassword(user: $user) }', { user: name });
  await refusal('mutation { endSessions(user: "captain") }', {}, registrar);
  const events = noted.map(({ event }) => event as AuditEvent).filter(({ stage }) => stage === 'ResponseComplete');
  const told = (requestURI: string, verb: string) =>
    events.find((event) => event.requestURI === requestURI && event.verb === verb);
  expect(told('/auth/tokens', 'post')).toMatchObject({
    user: { username: name },
    sourceIPs: ['127.0.0.1'],
    responseStatus: { code: 200 },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  });
  expect(told('/auth/password', 'post')).toMatchObject({ user: { username: name }, responseStatus: { code: 200 } });
  const reset = events.find(({ objectRef }) => objectRef?.subresource === 'password');
  expect(reset).toMatchObject({
    verb: 'create',
    objectRef: { resource: 'users', name },
    responseStatus: { code: 200 },
  });
  const all = JSON.stringify(
    noted.map(({ event, request, response }) => [event, String(request?.bytes), String(response?.bytes)]),
  );
  for (const secret of [token, GOOD, data.resetPassword]) expect(all).not.toContain(secret);
});
