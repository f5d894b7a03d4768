import { randomBytes, scryptSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { RawApi, startTestApiServer, TestBrowser, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const USERS = '/clusters/root/apis/iam.binnacle.dev/v1/users';
const WHOAMI = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
const HOUR = 3_600_000;
const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
let server: TestApiServer;
let terminal: RawApi;
let frontDoor: RawApi;
const browsers: TestBrowser[] = [];

function hash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
  return ['scrypt', 16_384, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

beforeAll(async () => {
  server = await startTestApiServer({ ctx: { clock } });
  terminal = new RawApi({ server: server.url, ca: server.authority.certificate });
  frontDoor = new RawApi(await server.configFor('system:web'));
  for (const name of ['ann', 'bob'])
    await server.signIn?.accounts.save(ctx, { name, groups: ['binnacle:viewers'], scrypt: hash(`${name}'s`) });
});
afterAll(async () => {
  for (const each of browsers) each.close();
  terminal.close();
  frontDoor.close();
  await server.close();
});
beforeEach(() => clock.step(HOUR));

async function signedIn(name = 'ann'): Promise<TestBrowser> {
  const config = { server: server.url, ca: server.authority.certificate };
  const tab = new TestBrowser(config, new URL(server.url).host);
  browsers.push(tab);
  expect((await tab.post('/auth/login', { user: name, password: `${name}'s` })).status).toBe(200);
  return tab;
}

const post = (path: string, body: unknown, headers = {}) => terminal.call(path, { method: 'POST', body, headers });
const begin = async (headers = {}) => {
  const through = { 'x-forwarded-host': 'localhost:7080', 'x-forwarded-for': '192.0.2.7', ...headers };
  const body = { client: 'binnacle login, ann on laptop' };
  return (await frontDoor.call('/auth/device/code', { method: 'POST', body, headers: through })).json;
};
const whoIs = async (token: string) => {
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
  const answer = await post(WHOAMI, body, { authorization: `Bearer ${token}` });
  return answer.status === 201 ? answer.json.status.userInfo.username : answer.status;
};

/** A terminal that somebody has said yes to. */
async function loggedIn(tab: TestBrowser) {
  const { deviceCode, userCode } = await begin();
  expect((await tab.post(`/auth/device/requests/${userCode}`, { approve: true })).status).toBe(200);
  const answer = await post('/auth/device/token', { deviceCode });
  expect(answer.status).toBe(200);
  return answer.json;
}

describe('a terminal', () => {
  test('is signed in by who says yes in a browser', async () => {
    const begun = await begin();
    expect(begun).toMatchObject({
      verificationUri: 'http://localhost:7080/device',
      verificationUriComplete: `http://localhost:7080/device?code=${begun.userCode}`,
      expiresIn: 600,
      interval: 2,
    });
    const pending = await post('/auth/device/token', { deviceCode: begun.deviceCode });
    expect([pending.status, pending.json.details.causes[0].reason]).toEqual([400, 'AuthorizationPending']);
    const tab = await signedIn();
    const shown = await tab.call(`/auth/device/requests/${begun.userCode.toLowerCase()}`);
    expect(shown.json).toMatchObject({ client: 'binnacle login, ann on laptop', address: '192.0.2.7' });
    await tab.post(`/auth/device/requests/${begun.userCode}`, { approve: true });
    const { json } = await post('/auth/device/token', { deviceCode: begun.deviceCode });
    expect(json).toMatchObject({ user: 'ann' });
    expect(await whoIs(json.token)).toBe('ann');
    const once = await post('/auth/device/token', { deviceCode: begun.deviceCode });
    expect(once.json.details.causes[0].reason).toBe('ExpiredToken');
  });

  test('stays signed in by new tokens, each of which ends after a quarter of an hour', async () => {
    const first = await loggedIn(await signedIn());
    clock.step(15 * 60_000);
    expect(await whoIs(first.token)).toBe(401);
    const { json: next } = await post('/auth/device/refresh', { refreshToken: first.refreshToken });
    expect(await whoIs(next.token)).toBe('ann');
    clock.step(12 * HOUR);
    expect((await post('/auth/device/refresh', { refreshToken: first.refreshToken })).status).toBe(401);
  });

  test('is listed with the sessions of browsers and ended there, at once', async () => {
    const tab = await signedIn();
    const { token, refreshToken } = await loggedIn(tab);
    const { json } = await tab.call('/auth/sessions');
    const own = json.items.find(({ userAgent }: { userAgent: string }) => userAgent.includes('on laptop'));
    expect(own).toMatchObject({ address: '192.0.2.7', current: false });
    expect(await whoIs(token)).toBe('ann');
    await tab.call(`/auth/sessions/${own.id}`, { method: 'DELETE' });
    expect(await whoIs(token)).toBe(401);
    expect((await post('/auth/device/refresh', { refreshToken })).status).toBe(401);
  });

  test.each([
    ['their password is reset', () => server.raw.call(`${USERS}/bob/password`, { method: 'POST', body: {} })],
    ['they are signed out everywhere', () => server.raw.call(`${USERS}/bob/sessions`, { method: 'DELETE' })],
    ['they sign out everywhere else', (tab: TestBrowser) => tab.call('/auth/sessions', { method: 'DELETE' })],
    [
      'they change their password',
      (tab: TestBrowser) => tab.post('/auth/password', { password: "bob's", newPassword: 'a sentence nobody guesses' }),
    ],
    [
      'they are disabled for a moment',
      async () => {
        const answers = [];
        for (const disabled of [true, false]) {
          const headers = { 'content-type': 'application/merge-patch+json' };
          const body = JSON.stringify({ spec: { disabled } });
          answers.push(await server.raw.call(`${USERS}/bob`, { method: 'PATCH', headers, body }));
        }
        return answers.find(({ status }) => status !== 200) ?? { status: 200 };
      },
    ],
  ])('that somebody has said yes to comes to nothing when %s before it asks', async (_, take) => {
    const tab = await signedIn('bob');
    const { deviceCode, userCode } = await begin();
    expect((await tab.post(`/auth/device/requests/${userCode}`, { approve: true })).status).toBe(200);
    expect((await take(tab)).status).toBeLessThan(300);
    const refused = await post('/auth/device/token', { deviceCode });
    expect([refused.status, refused.json.details.causes[0].reason]).toEqual([400, 'ExpiredToken']);
    const account = await server.signIn?.accounts.find(ctx, 'bob');
    if (account) await server.signIn?.accounts.save(ctx, { ...account, scrypt: hash("bob's"), mustChange: false });
  });

  test('signs itself out', async () => {
    const { token, refreshToken } = await loggedIn(await signedIn());
    expect(await whoIs(token)).toBe('ann');
    expect((await post('/auth/device/revoke', { refreshToken })).status).toBe(200);
    expect(await whoIs(token)).toBe(401);
    expect((await post('/auth/device/revoke', { refreshToken })).status).toBe(200);
  });

  test('of somebody who is disabled is nobody’s', async () => {
    const { token, refreshToken } = await loggedIn(await signedIn('bob'));
    expect(await whoIs(token)).toBe('bob');
    const late = await begin();
    await (await signedIn('bob')).post(`/auth/device/requests/${late.userCode}`, { approve: true });
    const patch = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } };
    await server.raw.call(`${USERS}/bob`, { ...patch, body: JSON.stringify({ spec: { disabled: true } }) });
    expect(await whoIs(token)).toBe(401);
    expect((await post('/auth/device/refresh', { refreshToken })).status).toBe(401);
    expect((await post('/auth/device/token', { deviceCode: late.deviceCode })).status).toBe(400);
    await server.raw.call(`${USERS}/bob`, { ...patch, body: JSON.stringify({ spec: { disabled: false } }) });
  });

  test('without a browser signs in by a password, which is guessed as slowly', async () => {
    const right = await post('/auth/device/password', { user: 'ann', password: "ann's", client: 'ci' });
    expect(await whoIs(right.json.token)).toBe('ann');
    const guesses = [];
    for (let guess = 0; guess < 6; guess += 1)
      guesses.push(await post('/auth/device/password', { user: 'ann', password: 'x' }));
    expect(guesses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
  });
});

describe('a code', () => {
  test('that is wrong says nothing, and may be tried so often', async () => {
    const tab = await signedIn('bob');
    const statuses = [];
    for (let guess = 0; guess < 21; guess += 1)
      statuses.push((await tab.call('/auth/device/requests/BBBB-BBBB')).status);
    expect(new Set(statuses.slice(0, 20))).toEqual(new Set([404]));
    expect(statuses[20]).toBe(429);
    const { userCode } = await begin();
    expect((await (await signedIn()).call(`/auth/device/requests/${userCode}`)).status).toBe(200);
  });

  test('is settled once, within ten minutes', async () => {
    const tab = await signedIn();
    const [refused, late] = [await begin(), await begin()];
    await tab.post(`/auth/device/requests/${refused.userCode}`, { approve: false });
    expect((await tab.post(`/auth/device/requests/${refused.userCode}`, { approve: true })).status).toBe(404);
    const denied = await post('/auth/device/token', { deviceCode: refused.deviceCode });
    expect(denied.json.details.causes[0].reason).toBe('AccessDenied');
    clock.step(10 * 60_000);
    expect((await tab.post(`/auth/device/requests/${late.userCode}`, { approve: true })).status).toBe(404);
  });

  test('is said yes to by people in a browser alone', async () => {
    const { userCode } = await begin();
    const path = `/auth/device/requests/${userCode}`;
    expect((await post(path, { approve: true })).status).toBe(401);
    const tab = await signedIn();
    const { token } = await loggedIn(tab);
    expect((await post(path, { approve: true }, { authorization: `Bearer ${token}` })).status).toBe(403);
    expect((await server.raw.call(path, { method: 'POST', body: { approve: true } })).status).toBe(403);
    const foreign = { 'sec-fetch-site': 'cross-site', 'x-binnacle-csrf': '' };
    expect((await tab.post(path, { approve: true }, foreign)).status).toBe(403);
    expect((await tab.post(path, { approve: true })).status).toBe(200);
  });
});

describe('a token of a terminal', () => {
  test('changes nothing of how its person signs in', async () => {
    const { token, refreshToken } = await loggedIn(await signedIn());
    const authorization = `Bearer ${token}`;
    for (const path of ['/auth/passkeys/register/options', '/auth/oidc/acme/link', '/auth/passkeys/register'])
      expect([403, 303]).toContain((await post(path, {}, { authorization })).status);
    // What refreshes it is no cookie, and no token.
    expect(await whoIs(refreshToken)).toBe(401);
    const names = [...(await signedIn()).cookies.keys()].filter((name) => name.includes('session'));
    const cookie = `${names[0]}=${refreshToken}`;
    expect((await terminal.call('/auth/session', { headers: { cookie } })).status).toBe(401);
  });

  test('that somebody made up is none', async () => {
    const { token } = await loggedIn(await signedIn());
    const [prefix, id, end, tag] = token.split('.');
    for (const made of [
      `${prefix}.${id}.${Number(end) + 9999}.${tag}`,
      `${prefix}.${'A'.repeat(43)}.${end}.${tag}`,
      `${prefix}.x`,
    ])
      expect(await whoIs(made)).toBe(401);
  });
});

test('nobody is led to where pages are not', async () => {
  const direct = await post('/auth/device/code', { client: 'x' });
  expect([direct.status, direct.json.message]).toEqual([403, expect.stringContaining('--public-url')]);
  const evil = await frontDoor.call('/auth/device/code', {
    method: 'POST',
    body: {},
    headers: { 'x-forwarded-host': 'evil.example' },
  });
  expect(evil.status).toBe(403);
});
