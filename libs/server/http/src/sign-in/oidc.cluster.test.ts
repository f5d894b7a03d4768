import { randomBytes, scryptSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { RawApi, startTestApiServer, TestBrowser, type TestApiServer } from '@binnacle/testing-cluster';
import { TestOidcProvider } from '@binnacle/testing-cluster/oidc';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const PROVIDERS = '/clusters/root/apis/iam.binnacle.dev/v1/identityproviders';
const USERS = '/clusters/root/apis/iam.binnacle.dev/v1/users';
const HOUR = 3_600_000;
const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
let server: TestApiServer;
let acme: TestOidcProvider;
let other: TestOidcProvider;
const browsers: TestBrowser[] = [];

function hash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
  return ['scrypt', 16_384, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function browser(): TestBrowser {
  const made = new TestBrowser({ server: server.url, ca: server.authority.certificate }, new URL(server.url).host);
  browsers.push(made);
  return made;
}

async function makeProvider(name: string, at: TestOidcProvider, spec: object = {}) {
  const common = {
    issuer: at.issuer,
    clientID: 'binnacle',
    clientSecretRef: { namespace: 'sign-in', name: 'oidc' },
    certificateAuthority: server.authority.certificate,
  };
  const body = {
    apiVersion: 'iam.binnacle.dev/v1',
    kind: 'IdentityProvider',
    metadata: { name },
    spec: { ...common, ...spec },
  };
  const made = await server.raw.call(PROVIDERS, { method: 'POST', body });
  if (made.status !== 201) throw new Error(made.text);
}

beforeAll(async () => {
  server = await startTestApiServer({ ctx: { clock } });
  [acme, other] = await Promise.all([
    TestOidcProvider.start(server.authority),
    TestOidcProvider.start(server.authority),
  ]);
  acme.now = other.now = () => clock.now();
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'oidc' },
    stringData: { clientSecret: 'a secret' },
  };
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'sign-in' } };
  await server.raw.call('/clusters/root/api/v1/namespaces', { method: 'POST', body: namespace });
  const kept = await server.raw.call('/clusters/root/api/v1/namespaces/sign-in/secrets', {
    method: 'POST',
    body: secret,
  });
  if (kept.status !== 201) throw new Error(kept.text);
  await makeProvider('acme', acme, {
    displayName: 'Acme SSO',
    createUsers: true,
    groups: [{ group: 'engineers', teams: ['developers'] }],
  });
  await makeProvider('strict', other, { allowedDomains: ['acme.example'] });
  await server.signIn?.accounts.save(ctx, { name: 'captain', groups: ['system:masters'], scrypt: hash('correct') });
});
afterAll(async () => {
  for (const each of browsers) each.close();
  await Promise.all([server.close(), acme.close(), other.close()]);
});
beforeEach(() => {
  clock.step(HOUR);
  acme.behaviour = {};
  acme.person = {
    sub: 'ann-1',
    preferred_username: 'Ann',
    name: 'Ann Lee',
    email: 'ann@acme.example',
    email_verified: true,
  };
  other.person = { sub: 'x-1', preferred_username: 'x' };
});

/** Goes to the provider and comes back to where it leads. */
async function roundTrip(tab: TestBrowser, provider = 'acme', at = acme, next = '/c/main/pods') {
  const started = await tab.visit(`/auth/oidc/${provider}/start?next=${encodeURIComponent(next)}`);
  const back = new URL(at.authorize(started.headers.location ?? ''));
  return tab.visit(`${back.pathname}${back.search}`, 'elsewhere');
}

describe('signing in with a provider', () => {
  test('is offered', async () => {
    const { json } = await browser().call('/auth/methods');
    expect(json).toMatchObject({
      password: true,
      passkeys: { available: false, address: `https://localhost:${new URL(server.url).port}` },
      providers: [
        { name: 'acme', label: 'Acme SSO', start: '/auth/oidc/acme/start' },
        { name: 'strict', label: 'strict', start: '/auth/oidc/strict/start' },
      ],
    });
  });

  test('makes a User the first time, and finds the same one again', async () => {
    const tab = browser();
    const back = await roundTrip(tab);
    expect([back.status, back.headers.location]).toEqual([303, '/c/main/pods']);
    expect(await tab.user()).toBe('ann');
    acme.person = { sub: 'ann-1', preferred_username: 'renamed' };
    const again = browser();
    await roundTrip(again);
    expect(await again.user()).toBe('ann');
    const { json } = await server.raw.call(`${USERS}/ann`);
    expect(json).toMatchObject({
      spec: { displayName: 'Ann Lee', email: 'ann@acme.example' },
      status: { identities: ['acme:ann-1'] },
    });
  });

  test('gives the teams of its groups, for as long as that sign-in lasts', async () => {
    acme.person = { ...acme.person, groups: ['engineers', 'others'] };
    const tab = browser();
    await roundTrip(tab);
    expect((await tab.call('/auth/session')).json.groups).toContain('team:developers');
    const { json } = await server.raw.call('/clusters/root/apis/iam.binnacle.dev/v1/teams');
    expect(JSON.stringify(json.items)).not.toContain('"ann"');
    acme.person = { ...acme.person, groups: [] };
    const later = browser();
    await roundTrip(later);
    expect((await later.call('/auth/session')).json.groups).not.toContain('team:developers');
  });

  test('leads to pages of ours alone', async () => {
    const back = await roundTrip(browser(), 'acme', acme, '//evil.example/');
    expect(back.headers.location).toBe('/');
  });
});

describe('nobody signs in', () => {
  const failed = async (answer: Promise<{ headers: { location?: string } }>) =>
    new URL((await answer).headers.location ?? '', 'https://x').searchParams.get('error');

  test('in a browser that was not led there', async () => {
    const started = await browser().visit('/auth/oidc/acme/start');
    const back = new URL(acme.authorize(started.headers.location ?? ''));
    const victim = browser();
    const answer = await victim.visit(`${back.pathname}${back.search}`, 'elsewhere');
    expect(answer.headers.location).toBe('/sign-in?error=expired');
    expect(await victim.user()).toBeUndefined();
  });

  test('with an answer that was used, on whatever server', async () => {
    const tab = browser();
    const started = await tab.visit('/auth/oidc/acme/start');
    const kept = new Map(tab.cookies);
    const back = new URL(acme.authorize(started.headers.location ?? ''));
    await tab.visit(`${back.pathname}${back.search}`, 'elsewhere');
    const thief = browser();
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect(await failed(thief.visit(`${back.pathname}${back.search}`, 'elsewhere'))).toBe('expired');
  });

  test('with the answer of one provider at another', async () => {
    const tab = browser();
    const started = await tab.visit('/auth/oidc/acme/start');
    const back = new URL(acme.authorize(started.headers.location ?? ''));
    expect(await failed(tab.visit(`/auth/oidc/strict/callback${back.search}`, 'elsewhere'))).toBe('expired');
  });

  test('after ten minutes', async () => {
    const tab = browser();
    const started = await tab.visit('/auth/oidc/acme/start');
    clock.step(10 * 60_000);
    const back = new URL(acme.authorize(started.headers.location ?? ''));
    expect(await failed(tab.visit(`${back.pathname}${back.search}`, 'elsewhere'))).toBe('expired');
  });

  test('as somebody who is here and has not linked it', async () => {
    acme.person = { sub: 'eve-9', preferred_username: 'captain', email: 'captain@acme.example', email_verified: true };
    const tab = browser();
    expect(await failed(roundTrip(tab))).toBe('taken');
    expect(await tab.user()).toBeUndefined();
  });

  test.each(['root', 'system:admin', 'kube-scheduler', '../x', ''])('under the name %j', async (name) => {
    acme.person = { sub: `odd-${name}`, preferred_username: name };
    expect(await failed(roundTrip(browser()))).toBe(name ? 'taken' : 'unknown');
  });

  test('whom a provider that makes nobody knows, nor of another domain', async () => {
    other.person = { sub: 'x-2', preferred_username: 'x', email: 'x@acme.example', email_verified: true };
    expect(await failed(roundTrip(browser(), 'strict', other))).toBe('unknown');
    other.person = { sub: 'x-2', email: 'x@acme.example.evil.example', email_verified: true };
    expect(await failed(roundTrip(browser(), 'strict', other))).toBe('domain');
    other.person = { sub: 'x-2', email: 'x@acme.example', email_verified: false };
    expect(await failed(roundTrip(browser(), 'strict', other))).toBe('domain');
  });

  test('at an address that is not ours', async () => {
    const frontDoor = new RawApi(await server.configFor('system:web'));
    const headers = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' };
    expect(await failed(frontDoor.call('/auth/oidc/acme/start', { headers }))).toBe('address');
    frontDoor.close();
  });

  test('with a provider that is not there', async () => {
    expect(await failed(browser().visit('/auth/oidc/nobody/start'))).toBe('provider');
    expect((await browser().post('/auth/oidc/acme/start')).status).toBe(405);
  });

  test('who has been disabled; sessions they had end', async () => {
    acme.person = { sub: 'dee-1', preferred_username: 'dee' };
    const tab = browser();
    await roundTrip(tab);
    expect(await tab.user()).toBe('dee');
    const patch = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } };
    await server.raw.call(`${USERS}/dee`, { ...patch, body: JSON.stringify({ spec: { disabled: true } }) });
    expect(await tab.user()).toBeUndefined();
    expect(await failed(roundTrip(browser()))).toBe('disabled');
    await server.raw.call(`${USERS}/dee`, { method: 'DELETE' });
    // Whoever is made later of that name is somebody else.
    await server.raw.call(USERS, {
      method: 'POST',
      body: { apiVersion: 'iam.binnacle.dev/v1', kind: 'User', metadata: { name: 'dee' } },
    });
    expect(await failed(roundTrip(browser()))).toBe('taken');
  });
});

describe('an identity', () => {
  const signedIn = async () => {
    const tab = browser();
    expect((await tab.post('/auth/login', { user: 'captain', password: 'correct' })).status).toBe(200);
    return tab;
  };

  async function link(tab: TestBrowser, next = '/account') {
    const { status, json } = await tab.post('/auth/oidc/acme/link', { next });
    if (status !== 200) return { status, json };
    const back = new URL(acme.authorize(json.location));
    return tab.visit(`${back.pathname}${back.search}`, 'elsewhere');
  }

  test('is linked by who is signed in, signs them in, and is taken off', async () => {
    acme.person = { sub: 'captain-1', email: 'c@acme.example' };
    const tab = await signedIn();
    expect(await link(tab)).toMatchObject({ headers: { location: '/account' } });
    const elsewhere = browser();
    await roundTrip(elsewhere);
    expect(await elsewhere.user()).toBe('captain');
    const { json } = await tab.call('/auth/identities');
    expect(json.items).toMatchObject([{ provider: 'acme', label: 'Acme SSO', email: 'c@acme.example' }]);
    const path = `/auth/identities/${json.items[0].id}`;
    const ann = browser();
    acme.person = { sub: 'ann-1' };
    await roundTrip(ann);
    expect((await ann.call(path, { method: 'DELETE' })).status).toBe(404);
    expect((await tab.call(path, { method: 'DELETE' })).status).toBe(200);
    acme.person = { sub: 'captain-1' };
    const gone = await roundTrip(browser());
    expect(gone.headers.location).toContain('error=unknown');
  });

  test('of somebody else is not', async () => {
    const answer = await link(await signedIn());
    expect(answer).toMatchObject({ headers: { location: '/account?error=taken' } });
  });

  test('is linked by nobody, by no page of another site, by no token, and only soon after signing in', async () => {
    expect((await browser().post('/auth/oidc/acme/link')).status).toBe(401);
    const tab = await signedIn();
    const foreign = { 'x-binnacle-csrf': '', 'sec-fetch-site': 'cross-site' };
    expect((await tab.post('/auth/oidc/acme/link', {}, foreign)).status).toBe(403);
    const expiresAt = new Date(clock.now() + HOUR).toISOString();
    const made = await tab.post('/auth/tokens', { name: 't', expiresAt, scope: { clusters: [], readOnly: false } });
    const authorization = `Bearer ${made.json.token}`;
    expect((await browser().post('/auth/oidc/acme/link', {}, { authorization })).status).toBe(403);
    expect((await browser().call('/auth/identities', { headers: { authorization } })).status).toBe(403);
    clock.step(10 * 60_000 + 1);
    const late = await tab.post('/auth/oidc/acme/link');
    expect([late.status, late.json.details.causes[0].reason]).toEqual([403, 'SignInAgain']);
  });
});

describe('a provider', () => {
  const write = (spec: object, config?: Parameters<typeof server.raw.call>[1]) =>
    server.raw.call(PROVIDERS, {
      method: 'POST',
      body: { apiVersion: 'iam.binnacle.dev/v1', kind: 'IdentityProvider', metadata: { name: 'bad' }, spec },
      ...config,
    });

  test.each<[string, object]>([
    ['spec.issuer', { clientID: 'c' }],
    ['spec.issuer', { clientID: 'c', issuer: 'http://id.example' }],
    ['spec.issuer', { clientID: 'c', issuer: 'https://u:p@id.example' }],
    ['spec.issuer', { clientID: 'c', issuer: 'https://id.example?x' }],
    ['spec.clientID', { issuer: 'https://id.example' }],
    ['spec.clientSecretRef.namespace', { issuer: 'https://id.example', clientID: 'c', clientSecretRef: { name: 's' } }],
    ['spec.scopes[0]', { issuer: 'https://id.example', clientID: 'c', scopes: ['a b'] }],
    ['spec.allowedDomains[0]', { issuer: 'https://id.example', clientID: 'c', allowedDomains: ['@x'] }],
    ['spec.groups[0].teams', { issuer: 'https://id.example', clientID: 'c', groups: [{ group: 'g' }] }],
    ['spec.certificateAuthority', { issuer: 'https://id.example', clientID: 'c', certificateAuthority: 'x' }],
  ])('is refused at %s', async (field, spec) => {
    const { status, json } = await write(spec);
    expect([status, json.details?.causes?.[0]?.field]).toEqual([422, field]);
  });

  test('without its secret is no public client, and one that is disabled is none', async () => {
    await makeProvider('nosecret', acme, { clientSecretRef: { namespace: 'default', name: 'nothing' } });
    await makeProvider('off', acme, { disabled: true });
    const { json } = await browser().call('/auth/methods');
    expect(json.providers.map(({ name }: { name: string }) => name)).toEqual(['acme', 'strict']);
  });

  test('is an administrator’s to write, whatever rights others have in the cluster', async () => {
    const role = {
      metadata: { name: 'all' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    };
    const binding = {
      metadata: { name: 'all' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'all' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' }],
    };
    const rbac = '/clusters/root/apis/rbac.authorization.k8s.io/v1';
    await server.raw.call(`${rbac}/clusterroles`, { method: 'POST', body: role });
    await server.raw.call(`${rbac}/clusterrolebindings`, { method: 'POST', body: binding });
    const mallory = new RawApi(await server.configFor('mallory'));
    const body = { metadata: { name: 'evil' }, spec: { issuer: 'https://evil.example', clientID: 'c' } };
    expect((await mallory.call(PROVIDERS, { method: 'POST', body })).status).toBe(403);
    expect((await mallory.call(`${PROVIDERS}/acme`, { method: 'DELETE' })).status).toBe(403);
    mallory.close();
  });
});
