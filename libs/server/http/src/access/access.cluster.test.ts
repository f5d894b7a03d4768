import { randomBytes, scryptSync } from 'node:crypto';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
const opened: RawApi[] = [];
beforeAll(async () => {
  server = await startTestApiServer();
});
afterAll(async () => {
  for (const api of opened) api.close();
  await server.close();
});

const PODS = '/api/v1/namespaces/default/pods';
const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };

function open(config: ConstructorParameters<typeof RawApi>[0]): RawApi {
  const api = new RawApi(config);
  opened.push(api);
  return api;
}
const as = async (name: string, groups: string[] = []) => open(await server.configFor(name, groups));
const nobody = () => open({ server: server.url, ca: server.authority.certificate });

describe('a client certificate', () => {
  test('says who a request comes from', async () => {
    const api = await as('jane', ['team-a']);
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const { json } = await api.call('/apis/authentication.k8s.io/v1/selfsubjectreviews', { method: 'POST', body });
    expect(json.status.userInfo).toEqual({
      username: 'jane',
      groups: ['team-a', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
    });
  });

  test('of another authority is Unauthorized', async () => {
    const other = await (await import('@binnacle/testing-cluster')).TestAuthority.create(systemClock.now());
    const { certificate: cert, key } = await other.issue({
      commonName: 'kubernetes-admin',
      organizations: ['system:masters'],
    });
    const api = open({ server: server.url, ca: server.authority.certificate, cert, key });
    const { status, json } = await api.call(PODS);
    expect([status, json.reason]).toEqual([401, 'Unauthorized']);
  });

  test("without permission is Forbidden, in upstream's words", async () => {
    const { status, json } = await (await as('jane')).call(PODS);
    expect([status, json.reason]).toEqual([403, 'Forbidden']);
    expect(json.message).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"',
    );
  });
});

describe('acting as somebody else', () => {
  const whoami = (api: RawApi, headers: Record<string, string>) =>
    api.call('/apis/authentication.k8s.io/v1/selfsubjectreviews', { method: 'POST', body: {}, headers });

  test('is done with the rights of that user and no others', async () => {
    const headers = { 'impersonate-user': 'jane', 'impersonate-group': 'team-a' };
    const { json } = await whoami(server.raw, headers);
    expect(json.status.userInfo).toEqual({ username: 'jane', groups: ['team-a', 'system:authenticated'] });
    const refused = await server.raw.call(PODS, { headers });
    expect([refused.status, refused.json.reason]).toEqual([403, 'Forbidden']);
    expect(refused.json.message).toContain('User "jane" cannot list resource "pods"');
  });

  test('must be allowed', async () => {
    const { status, json } = await whoami(await as('jane'), { 'impersonate-user': 'kubernetes-admin' });
    expect([status, json.message]).toEqual([
      403,
      'selfsubjectreviews.authentication.k8s.io is forbidden: User "jane" cannot impersonate-on:user-info:create resource "selfsubjectreviews" in API group "authentication.k8s.io" at the cluster scope',
    ]);
    expect((await whoami(nobody(), { 'impersonate-user': 'jane' })).status).toBe(401);
  });

  test('who acts as nobody is told what nobody may not do', async () => {
    const { status, json } = await server.raw.call('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      method: 'POST',
      body: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } },
      headers: { 'impersonate-user': 'system:anonymous' },
    });
    expect([status, json.message]).toEqual([
      403,
      'selfsubjectaccessreviews.authorization.k8s.io is forbidden: User "system:anonymous" cannot create resource ' +
        '"selfsubjectaccessreviews" in API group "authorization.k8s.io" at the cluster scope',
    ]);
  });
});

describe('who proves nothing', () => {
  test('learns health and version and no more', async () => {
    const api = nobody();
    expect((await api.call('/livez')).text).toBe('ok');
    expect((await api.call('/version')).json.minor).toBe('36');
    expect((await api.call(PODS)).status).toBe(401);
    expect((await api.call('/apis')).status).toBe(401);
    expect((await api.call(PODS, { headers: { authorization: 'Bearer nonsense' } })).status).toBe(401);
  });
});

describe('a component', () => {
  test.each([
    ['system:kube-scheduler', 'POST', `${PODS}/a/binding`, 'POST', '/api/v1/namespaces/default/secrets'],
    ['system:kube-proxy', 'GET', '/api/v1/services', 'GET', '/api/v1/secrets'],
    [
      'system:kube-controller-manager',
      'GET',
      '/api/v1/secrets',
      'POST',
      '/apis/apps/v1/namespaces/default/deployments',
    ],
  ])('%s may do its own work and nothing else', async (name, goodMethod, good, badMethod, bad) => {
    const api = await as(name);
    expect((await api.call(good, { method: goodMethod })).status).not.toBe(403);
    expect((await api.call(bad, { method: badMethod })).status).toBe(403);
  });
});

describe('a token of a service account', () => {
  const request = (body: object = {}) =>
    server.raw.call(`${ACCOUNTS}/robot/token`, {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {}, ...body },
    });

  test('stands for it until it is deleted', async () => {
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'robot' } } });
    const { status, json } = await request();
    expect(status).toBe(201);
    const robot = open({ server: server.url, ca: server.authority.certificate, token: json.status.token });
    const { json: refused } = await robot.call(PODS);
    expect(refused.message).toContain('User "system:serviceaccount:default:robot" cannot list resource "pods"');
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: json.status.token } };
    const reviewed = await server.raw.call('/apis/authentication.k8s.io/v1/tokenreviews', {
      method: 'POST',
      body: review,
    });
    expect(reviewed.json.status).toMatchObject({
      authenticated: true,
      user: { groups: expect.arrayContaining(['system:serviceaccounts', 'system:authenticated']) },
    });
    await server.raw.call(`${ACCOUNTS}/robot`, { method: 'DELETE' });
    expect((await robot.call(PODS)).status).toBe(401);
  });

  test('is not made of the successor of the account it was asked of', async () => {
    const { json: account } = await server.raw.call(ACCOUNTS, {
      method: 'POST',
      body: { metadata: { name: 'robot' } },
    });
    const { status, json } = await request({ metadata: { uid: 'of-the-first' } });
    expect([status, json.reason]).toEqual([409, 'Conflict']);
    expect(json.message).toContain(
      'the UID in the token request (of-the-first) does not match the UID of the service account',
    );
    expect((await request({ metadata: { uid: account.metadata.uid } })).status).toBe(201);
  });

  test('may be bound to a Secret or a Node, and ends with it', async () => {
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'bound' } } });
    for (const [kind, path, claim] of [
      ['Secret', '/api/v1/namespaces/default/secrets', undefined],
      ['Node', '/api/v1/nodes', 'authentication.kubernetes.io/node-name'],
    ] as const) {
      await server.raw.call(path, { method: 'POST', body: { metadata: { name: 'holder' } } });
      const boundObjectRef = { kind, apiVersion: 'v1', name: 'holder' };
      const ask = (more = {}) =>
        server.raw.call(`${ACCOUNTS}/bound/token`, {
          method: 'POST',
          body: { spec: { boundObjectRef: { ...boundObjectRef, ...more } } },
        });
      expect((await ask({ uid: 'another' })).json.reason).toBe('Conflict');
      expect((await ask({ name: 'nothing' })).status).toBe(404);
      const { json } = await ask();
      const api = open({ server: server.url, ca: server.authority.certificate, token: json.status.token });
      const whoami = () => api.call('/apis/authentication.k8s.io/v1/selfsubjectreviews', { method: 'POST', body: {} });
      const { extra } = (await whoami()).json.status.userInfo;
      if (claim) expect(extra[claim]).toEqual(['holder']);
      await server.raw.call(`${path}/holder`, { method: 'DELETE' });
      await expect.poll(async () => (await whoami()).status, { timeout: 20_000 }).toBe(401);
    }
  });

  test('that a Pod is given without asking holds for a year, and one for another audience does not', async () => {
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'mounted' } } });
    const spec = { serviceAccountName: 'mounted', nodeName: 'gone', containers: [{ name: 'c', image: 'i' }] };
    await server.raw.call(PODS, { method: 'POST', body: { metadata: { name: 'mounts' }, spec } });
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'mounts' };
    const claims = async (more: object) => {
      const body = { spec: { boundObjectRef, expirationSeconds: 3607, ...more } };
      const { json } = await server.raw.call(`${ACCOUNTS}/mounted/token`, { method: 'POST', body });
      const [, payload = ''] = json.status.token.split('.');
      return JSON.parse(Buffer.from(payload, 'base64url').toString());
    };
    const { exp, iat, 'kubernetes.io': said } = await claims({});
    expect([exp - iat, said.warnafter - iat, said.node]).toEqual([365 * 24 * 3600, 3607, { name: 'gone' }]);
    const other = await claims({ audiences: ['vault'] });
    expect(other.exp - other.iat).toBe(3607);
  });

  test('of another account than that of the Pod is none', async () => {
    const boundObjectRef = { kind: 'Pod', apiVersion: 'v1', name: 'mounts' };
    const body = { spec: { boundObjectRef } };
    const { status, json } = await server.raw.call(`${ACCOUNTS}/bound/token`, { method: 'POST', body });
    expect([status, json.message]).toEqual([
      400,
      'cannot bind token for serviceaccount "bound" to pod running with different serviceaccount name.',
    ]);
  });

  test('lives ten minutes at least', async () => {
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'robot' } } });
    const { status, json } = await request({ spec: { expirationSeconds: 60 } });
    expect([status, json.details.causes[0].field]).toEqual([422, 'spec.expirationSeconds']);
  });

  test('is asked of an account that is there, before anything else is judged', async () => {
    const body = { spec: { expirationSeconds: 60 } };
    const { status, json } = await server.raw.call(`${ACCOUNTS}/nobody/token`, { method: 'POST', body });
    expect([status, json.message]).toEqual([404, 'serviceaccounts "nobody" not found']);
    const elsewhere = await request({ metadata: { namespace: 'other' } });
    expect([elsewhere.status, elsewhere.json.reason]).toEqual([400, 'BadRequest']);
    const unnamed = await request({ spec: { boundObjectRef: { kind: 'Pod', apiVersion: 'v1' } } });
    expect([unnamed.status, unnamed.json.message]).toEqual([400, 'Name parameter required.']);
    const { json: account } = await server.raw.call(`${ACCOUNTS}/robot`);
    expect((await request()).json.metadata).toMatchObject({ name: 'robot', uid: account.metadata.uid });
  });

  test('is of its own logical cluster only', async () => {
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'robot' } } });
    const { json } = await request();
    await server.storage.createCluster(ctx, 'lab');
    const robot = open({ server: server.url, ca: server.authority.certificate, token: json.status.token });
    expect((await robot.call(`/clusters/lab${PODS}`)).status).toBe(401);
    expect((await robot.call(`/clusters/main${PODS}`)).status).toBe(403);
  });
});

describe('signing in with a password', () => {
  const hash = (password: string) => {
    const salt = randomBytes(16);
    const key = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
    return ['scrypt', 16_384, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
  };
  const login = (user: string, password: string) =>
    nobody().call('/auth/login', { method: 'POST', body: { user, password } });

  beforeAll(async () => {
    for (const name of ['captain', 'guessed']) {
      await server.signIn?.accounts.save(ctx, { name, groups: ['system:masters'], scrypt: hash('correct') });
    }
  });

  test('gives a cookie that reads freely and writes only for our own page', async () => {
    const { status, headers, json } = await login('captain', 'correct');
    expect([status, json]).toMatchObject([200, { user: 'captain', groups: ['team:administrators', 'system:masters'] }]);
    const [set = ''] = headers['set-cookie'] ?? [];
    expect(set).toMatch(
      /^__Host-binnacle_session_[0-9a-f]{8}=[\w-]{43}\.[\w-]{22}; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    const cookie = set.split(';')[0] ?? '';
    const browser = nobody();
    expect((await browser.call('/auth/session', { headers: { cookie } })).json.user).toBe('captain');
    expect((await browser.call(PODS, { headers: { cookie } })).status).toBe(200);
    const write = (extra: Record<string, string>) =>
      browser.call('/api/v1/namespaces/default/configmaps?dryRun=All', {
        method: 'POST',
        body: { metadata: { name: 'x' } },
        headers: { cookie, ...extra },
      });
    expect((await write({})).status).toBe(403);
    expect((await write({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await write({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await write({ 'x-binnacle-csrf': '1' })).status).toBe(201);
    const out = await browser.call('/auth/logout', { method: 'POST', headers: { cookie, 'x-binnacle-csrf': '1' } });
    expect(out.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await browser.call(PODS, { headers: { cookie } })).status).toBe(401);
  });

  test('fails alike for a wrong name and a wrong password', async () => {
    const [name, password] = [await login('nobody', 'correct'), await login('captain', 'wrong')];
    expect([name.status, name.json.message]).toEqual([401, password.json.message]);
    expect((await nobody().call('/auth/login', { method: 'POST', body: 'x' })).status).toBe(400);
  });

  test('slows down who guesses', async () => {
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 6; attempt += 1) statuses.push((await login('guessed', 'wrong')).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
    const right = await login('guessed', 'correct');
    expect([right.status, Number(right.headers['retry-after']) > 0]).toEqual([429, true]);
  });

  test('nobody is signed in without a cookie', async () => {
    expect((await nobody().call('/auth/session')).status).toBe(401);
  });
});
