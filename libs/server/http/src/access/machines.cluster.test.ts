import type { ServerResponse } from 'node:http';
import { silentLogger } from '@binnacle/machinery-context';
import { systemClock } from '@binnacle/process-lifecycle';
import {
  anonymousPolicy,
  compileConfiguration,
  JwtAuthenticator,
  JwtAuthenticators,
} from '@binnacle/server-authentication';
import { RawApi, startTestApiServer, TestAuthority, type TestApiServer } from '@binnacle/testing-cluster';
import { TestOidcProvider } from '@binnacle/testing-cluster/oidc';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: TestApiServer;
let issuer: TestOidcProvider;
let proxies: TestAuthority;
const opened: RawApi[] = [];
const ctx = { clock: systemClock, logger: silentLogger, signal: new AbortController().signal };
const others = new JwtAuthenticators();

beforeAll(async () => {
  issuer = await TestOidcProvider.start(await TestAuthority.create(systemClock.now()));
  issuer.person = { sub: 'alice' };
  proxies = await TestAuthority.create(systemClock.now());
  server = await startTestApiServer({
    authentication: {
      tokens: [others],
      anonymous: anonymousPolicy({ enabled: true, conditions: [{ path: '/livez' }] }),
      frontProxy: {
        clientCa: proxies.certificate,
        allowedNames: ['front-proxy'],
        usernameHeaders: ['X-Remote-User'],
        uidHeaders: ['X-Remote-Uid'],
        groupHeaders: ['X-Remote-Group'],
        extraHeaderPrefixes: ['X-Remote-Extra-'],
      },
    },
  });
  believe();
});
afterAll(async () => {
  for (const api of opened) api.close();
  await server.close();
  await issuer.close();
});

/** As the configuration has just been read. */
function believe(): void {
  const compiled = compileConfiguration({
    jwt: [
      {
        issuer: { url: issuer.issuer, audiences: ['binnacle'], certificateAuthority: issuer.certificateAuthority },
        claimMappings: {
          username: { expression: "'oidc:' + claims.sub" },
          groups: { claim: 'groups', prefix: 'oidc:' },
        },
        userValidationRules: [{ expression: "user.username != 'oidc:mallory'", message: 'not her' }],
      },
    ],
  });
  others.use(compiled.map((one) => new JwtAuthenticator(ctx, one)));
}

function open(config: Partial<ConstructorParameters<typeof RawApi>[0]> = {}): RawApi {
  const api = new RawApi({ server: server.url, ca: server.authority.certificate, ...config });
  opened.push(api);
  return api;
}
const REVIEW = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
async function whoAmI(api: RawApi, headers: Record<string, string> = {}, prefix = '') {
  const path = `${prefix}/apis/authentication.k8s.io/v1/selfsubjectreviews`;
  const { status, json } = await api.call(path, { method: 'POST', body: REVIEW, headers });
  return status === 201 ? json.status.userInfo : status;
}
async function review(token: string, audiences?: string[]) {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token, audiences } };
  const path = '/apis/authentication.k8s.io/v1/tokenreviews';
  return (await server.raw.call(path, { method: 'POST', body })).json.status;
}

describe('a token of another issuer', () => {
  test('stands for whom its claims are mapped to, and is reviewed as that', async () => {
    const token = await issuer.idToken({ groups: ['dev'], jti: 'j-1' });
    expect(await whoAmI(open({ token }))).toEqual({
      username: 'oidc:alice',
      groups: ['oidc:dev', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=j-1'] },
    });
    expect(await review(token)).toMatchObject({
      authenticated: true,
      user: { username: 'oidc:alice' },
      audiences: ['https://kubernetes.default.svc.cluster.local'],
    });
    expect(await review(token, ['vault'])).toEqual({ user: {}, error: 'invalid bearer token' });
  });

  test.each([
    ['for somebody else', () => issuer.idToken({ aud: 'other' }), /"aud"/],
    ['that has ended', () => issuer.idToken({ exp: 1 }), /"exp"/],
    ['that has not begun', () => issuer.idToken({ nbf: 2 ** 33 }), /"nbf"/],
    ['of whom the rules refuse', () => issuer.idToken({ sub: 'mallory' }), /not her/],
    ['whose signature is another’s', async () => `${(await issuer.idToken()).slice(0, -8)}AAAAAAAA`, /signature/],
  ])('%s is refused, and a review says why', async (_, make, why) => {
    const token = await make();
    expect(await whoAmI(open({ token }))).toBe(401);
    const { authenticated, error } = await review(token);
    expect(authenticated).toBeUndefined();
    expect(error).toMatch(why);
    expect(error).not.toContain('mallory@');
  });

  test('of an issuer that never answers is refused in bounded time, and costs one question', async () => {
    const held: { destroy(): unknown }[] = [];
    issuer.behaviour = { answer: (_, response) => held.push(response) > 0 };
    believe();
    const asked = issuer.asked.length;
    const token = await issuer.idToken();
    const many = Array.from({ length: 20 }, () => whoAmI(open({ token })));
    await expect.poll(() => held.length).toBe(1);
    for (const response of held) response.destroy();
    expect(await Promise.all(many)).toEqual(many.map(() => 401));
    expect(issuer.asked.length - asked).toBe(1);
    issuer.behaviour = {};
    believe();
    expect(await whoAmI(open({ token }))).toMatchObject({ username: 'oidc:alice' });
  });

  test('of an issuer that answers without end or leads elsewhere is refused', async () => {
    const endless = (response: ServerResponse) => {
      const more = () => void (response.write(' '.repeat(65_536)) && setImmediate(more));
      more();
    };
    const elsewhere = (response: ServerResponse) =>
      void response.writeHead(302, { location: 'https://169.254.169.254/' }).end();
    for (const answer of [endless, elsewhere]) {
      issuer.behaviour = { answer: (_, response) => answer(response) === undefined };
      believe();
      expect(await whoAmI(open({ token: await issuer.idToken() }))).toBe(401);
    }
    issuer.behaviour = {};
    believe();
  });
});

describe('a bootstrap token', () => {
  const secret = (id: string, more: Record<string, string> = {}) => ({
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    stringData: {
      'token-id': id,
      'token-secret': '0123456789abcdef',
      'usage-bootstrap-authentication': 'true',
      'auth-extra-groups': 'system:bootstrappers:lab',
      ...more,
    },
  });
  const SECRETS = '/api/v1/namespaces/kube-system/secrets';

  test('stands for a machine that joins this cluster, while its Secret is there', async () => {
    await server.raw.call(SECRETS, { method: 'POST', body: secret('abcdef') });
    const api = open({ token: 'abcdef.0123456789abcdef' });
    expect(await whoAmI(api)).toEqual({
      username: 'system:bootstrap:abcdef',
      groups: ['system:bootstrappers', 'system:bootstrappers:lab', 'system:authenticated'],
    });
    await server.raw.call('/clusters', { method: 'POST', body: { metadata: { name: 'lab' } } });
    expect(await whoAmI(api, {}, '/clusters/lab')).toBe(401);
    expect(await whoAmI(open({ token: 'abcdef.0123456789abcdeX' }))).toBe(401);
    await server.raw.call(`${SECRETS}/bootstrap-token-abcdef`, { method: 'DELETE' });
    expect(await whoAmI(api)).toBe(401);
  });

  test('makes nobody an administrator', async () => {
    const wrong = secret('bcdefg', { 'auth-extra-groups': 'system:masters' });
    await server.raw.call(SECRETS, { method: 'POST', body: wrong });
    expect(await whoAmI(open({ token: 'bcdefg.0123456789abcdef' }))).toBe(401);
  });
});

describe('nobody in particular', () => {
  test('asks what the conditions name, and for nothing else', async () => {
    const api = open();
    expect((await api.call('/livez')).status).toBe(200);
    for (const path of ['/readyz', '/version', '/api/v1/pods', '/livez/ping'])
      expect((await api.call(path)).status).toBe(401);
  });

  test('may sign in', async () => {
    const { json } = await open().call('/auth/login', { method: 'POST', body: { user: 'nobody', password: 'x' } });
    expect(json.message).toBe('the name or the password is wrong');
  });
});

describe('a front proxy', () => {
  const proxy = async (commonName: string, authority = proxies) => {
    const { certificate: cert, key } = await authority.issue({ commonName });
    return open({ cert, key });
  };
  const HEADERS = {
    'x-remote-user': 'bob',
    'x-remote-uid': 'u-7',
    'x-remote-group': 'dev',
    'x-remote-extra-team': 'blue',
  };

  test('says who asks', async () => {
    expect(await whoAmI(await proxy('front-proxy'), HEADERS)).toEqual({
      username: 'bob',
      uid: 'u-7',
      groups: ['dev', 'system:authenticated'],
      extra: { team: ['blue'] },
    });
  });

  test('is nobody by itself, nor under another name', async () => {
    expect(await whoAmI(await proxy('front-proxy'))).toBe(401);
    expect(await whoAmI(await proxy('other'), HEADERS)).toBe(401);
    expect(await whoAmI(await proxy('kubernetes-admin'))).toBe(401);
  });

  test('is believed by its own authority’s word only', async () => {
    expect(await whoAmI(await proxy('front-proxy', server.authority), HEADERS)).toMatchObject({
      username: 'front-proxy',
      groups: ['system:authenticated'],
    });
    expect(await whoAmI(open(), HEADERS)).toBe(401);
  });
});

describe('a token of a service account', () => {
  const ACCOUNTS = '/api/v1/namespaces/default/serviceaccounts';
  const ask = (spec: object) =>
    server.raw.call(`${ACCOUNTS}/robot/token`, {
      method: 'POST',
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec },
    });

  test('is reviewed for the audiences it is for', async () => {
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'robot' } } });
    const { json } = await ask({ audiences: ['vault', 'db'] });
    expect(await review(json.status.token, ['db', 'x'])).toMatchObject({ authenticated: true, audiences: ['db'] });
    expect(await review(json.status.token)).toEqual({ user: {}, error: 'invalid bearer token' });
    expect(await whoAmI(open({ token: json.status.token }))).toBe(401);
  });

  test('is no token of another logical cluster, nor of the account’s successor', async () => {
    const { json } = await ask({});
    const api = open({ token: json.status.token });
    expect(await whoAmI(api)).toMatchObject({ username: 'system:serviceaccount:default:robot' });
    expect(await whoAmI(api, {}, '/clusters/lab')).toBe(401);
    await server.raw.call(`${ACCOUNTS}/robot`, { method: 'DELETE' });
    await server.raw.call(ACCOUNTS, { method: 'POST', body: { metadata: { name: 'robot' } } });
    expect(await whoAmI(api)).toBe(401);
  });

  test('may be shown to a review by many audiences, not by thousands', async () => {
    const { json } = await ask({});
    const audiences = Array.from({ length: 1_000 }, (_, index) => `a${index}`);
    const body = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenReview',
      spec: { token: json.status.token, audiences },
    };
    const answer = await server.raw.call('/apis/authentication.k8s.io/v1/tokenreviews', { method: 'POST', body });
    expect(answer.status).toBe(400);
  });
});
