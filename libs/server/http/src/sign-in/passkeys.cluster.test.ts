import { randomBytes, scryptSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { startTestApiServer, TestBrowser, type TestApiServer } from '@binnacle/testing-cluster';
import { SoftwareAuthenticator } from '@binnacle/testing-cluster/authenticator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const USERS = '/clusters/root/apis/iam.binnacle.dev/v1/users';
const HOUR = 3_600_000;
const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
let server: TestApiServer;
let port: string;
const browsers: TestBrowser[] = [];

function hash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
  return ['scrypt', 16_384, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

function browser(name = 'localhost'): TestBrowser {
  const made = new TestBrowser({ server: server.url, ca: server.authority.certificate }, `${name}:${port}`);
  browsers.push(made);
  return made;
}

beforeAll(async () => {
  server = await startTestApiServer({ ctx: { clock } });
  ({ port } = new URL(server.url));
  for (const name of ['ann', 'bob', 'carol'])
    await server.signIn?.accounts.save(ctx, { name, groups: [], scrypt: hash(`${name}'s`) });
});
afterAll(async () => {
  for (const each of browsers) each.close();
  await server.close();
});
beforeEach(() => clock.step(HOUR));

async function signedIn(name = 'ann', tab = browser()): Promise<TestBrowser> {
  expect((await tab.post('/auth/login', { user: name, password: `${name}'s` })).status).toBe(200);
  return tab;
}

const placeOf = (tab: TestBrowser, challenge: string) => ({ challenge, origin: tab.origin, relyingParty: 'localhost' });

async function register(tab: TestBrowser, device: SoftwareAuthenticator, name = 'laptop') {
  const { json } = await tab.post('/auth/passkeys/register/options');
  const response = device.register(placeOf(tab, json.publicKey.challenge), json.publicKey.user.id);
  return tab.post('/auth/passkeys/register', { name, response });
}

async function assertion(tab: TestBrowser, device: SoftwareAuthenticator) {
  const { json } = await tab.post('/auth/passkeys/sign-in/options');
  return device.authenticate(placeOf(tab, json.publicKey.challenge));
}

describe('a passkey', () => {
  test('is offered where browsers make one', async () => {
    expect((await browser().call('/auth/methods')).json).toMatchObject({ passkeys: { available: true } });
    expect((await browser('127.0.0.1').call('/auth/methods')).json).toMatchObject({
      passkeys: { available: false, address: `https://localhost:${port}` },
    });
    expect((await browser('127.0.0.1').post('/auth/passkeys/sign-in/options')).json.message).toContain('localhost');
  });

  test('signs its owner in without a name or a password', async () => {
    const device = new SoftwareAuthenticator();
    const made = await register(await signedIn(), device);
    expect([made.status, made.json]).toMatchObject([201, { name: 'laptop', host: 'localhost', suspect: false }]);
    const tab = browser();
    const { status, json } = await tab.post('/auth/passkeys/sign-in', await assertion(tab, device));
    expect([status, json]).toMatchObject([200, { user: 'ann', mustChangePassword: false }]);
    expect(await tab.user()).toBe('ann');
    expect((await server.raw.call(`${USERS}/ann`)).json.status.passkeys).toBe(1);
  });

  test('is shown, named and removed by its owner alone', async () => {
    const [ann, bob] = [await signedIn(), await signedIn('bob')];
    const { json: made } = await register(ann, new SoftwareAuthenticator(), 'phone');
    const path = `/auth/passkeys/${made.id}`;
    expect((await bob.post(path, { name: 'mine' })).status).toBe(404);
    expect((await bob.call(path, { method: 'DELETE' })).status).toBe(404);
    expect((await ann.post(path, { name: 'a\nb' })).status).toBe(400);
    expect((await ann.post(path, { name: 'old phone' })).status).toBe(200);
    const names = async () => (await ann.call('/auth/passkeys')).json.items.map(({ name }: { name: string }) => name);
    expect(await names()).toContain('old phone');
    expect((await ann.call(path, { method: 'DELETE' })).status).toBe(200);
    expect(await names()).not.toContain('old phone');
    expect((await bob.call('/auth/passkeys')).json.items).toEqual([]);
  });
});

describe('it is refused', () => {
  const device = new SoftwareAuthenticator();
  beforeAll(async () => {
    clock.step(HOUR);
    expect((await register(await signedIn('bob'), device)).status).toBe(201);
  });

  test('when it is shown twice', async () => {
    const tab = browser();
    const shown = await assertion(tab, device);
    const kept = new Map(tab.cookies);
    expect((await tab.post('/auth/passkeys/sign-in', shown)).status).toBe(200);
    const thief = browser();
    for (const [name, value] of kept) thief.cookies.set(name, value);
    expect((await thief.post('/auth/passkeys/sign-in', shown)).status).toBe(401);
  });

  test('with the challenge of another browser, or of none', async () => {
    const [mine, theirs] = [browser(), browser()];
    const shown = await assertion(theirs, device);
    await assertion(mine, device);
    expect((await mine.post('/auth/passkeys/sign-in', shown)).status).toBe(401);
    expect((await browser().post('/auth/passkeys/sign-in', shown)).status).toBe(401);
  });

  test('after five minutes', async () => {
    const tab = browser();
    const shown = await assertion(tab, device);
    clock.step(5 * 60_000);
    expect((await tab.post('/auth/passkeys/sign-in', shown)).status).toBe(401);
  });

  test('from another page', async () => {
    const tab = browser();
    const { json } = await tab.post('/auth/passkeys/sign-in/options');
    const { challenge } = json.publicKey;
    const elsewhere = device.authenticate({ ...placeOf(tab, challenge), origin: 'https://evil.example' });
    expect((await tab.post('/auth/passkeys/sign-in', elsewhere)).status).toBe(401);
    const other = device.authenticate({ ...placeOf(tab, challenge), relyingParty: 'evil.example' });
    expect((await tab.post('/auth/passkeys/sign-in', other)).status).toBe(401);
    expect((await tab.post('/auth/passkeys/sign-in', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  });

  test('whose owner has been disabled', async () => {
    const patch = { method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' } };
    const disable = (disabled: boolean) =>
      server.raw.call(`${USERS}/bob`, { ...patch, body: JSON.stringify({ spec: { disabled } }) });
    await disable(true);
    const tab = browser();
    expect((await tab.post('/auth/passkeys/sign-in', await assertion(tab, device))).status).toBe(401);
    await disable(false);
    expect((await tab.post('/auth/passkeys/sign-in', await assertion(tab, device))).status).toBe(200);
  });

  test('whose owner is gone, also when somebody else is called so', async () => {
    await server.raw.call(`${USERS}/bob`, { method: 'DELETE' });
    const body = { apiVersion: 'iam.binnacle.dev/v1', kind: 'User', metadata: { name: 'bob' } };
    expect((await server.raw.call(USERS, { method: 'POST', body })).status).toBe(201);
    const tab = browser();
    expect((await tab.post('/auth/passkeys/sign-in', await assertion(tab, device))).status).toBe(401);
  });
});

describe('it is registered', () => {
  test('by nobody else than who began, and soon after signing in', async () => {
    expect((await browser().post('/auth/passkeys/register/options')).status).toBe(401);
    const tab = await signedIn();
    const device = new SoftwareAuthenticator();
    const { json } = await tab.post('/auth/passkeys/register/options');
    const response = device.register(placeOf(tab, json.publicKey.challenge), json.publicKey.user.id);
    expect((await (await signedIn()).post('/auth/passkeys/register', { name: 'x', response })).status).toBe(400);
    const foreign = { 'sec-fetch-site': 'cross-site', 'x-binnacle-csrf': '' };
    expect((await tab.post('/auth/passkeys/register', { name: 'x', response }, foreign)).status).toBe(403);
    clock.step(10 * 60_000 + 1);
    const late = await tab.post('/auth/passkeys/register/options');
    expect([late.status, late.json.details.causes[0].reason]).toEqual([403, 'SignInAgain']);
  });

  test('by no token, and by no certificate', async () => {
    const tab = await signedIn();
    const expiresAt = new Date(clock.now() + HOUR).toISOString();
    const { json } = await tab.post('/auth/tokens', { name: 't', expiresAt, scope: { clusters: [], readOnly: false } });
    const authorization = `Bearer ${json.token}`;
    for (const path of ['/auth/passkeys/register/options', '/auth/passkeys/register'])
      expect((await browser().post(path, {}, { authorization })).status).toBe(403);
    expect((await server.raw.call('/auth/passkeys')).status).toBe(403);
  });

  test('is listed and taken off by an administrator; a reset leaves it, and takes it where that is asked for', async () => {
    const tab = await signedIn('carol');
    const device = new SoftwareAuthenticator();
    const { json: made } = await register(tab, device, 'phone');
    const list = async () => (await server.raw.call(`${USERS}/carol/passkeys`)).json.items;
    const ids = async () => (await list()).map(({ id }: { id: string }) => id);
    expect(await list()).toContainEqual(made);
    const reset = (body: object) => server.raw.call(`${USERS}/carol/password`, { method: 'POST', body });
    expect((await reset({})).status).toBe(201);
    expect(await ids()).toContain(made.id);
    const other = browser();
    expect((await other.post('/auth/passkeys/sign-in', await assertion(other, device))).status).toBe(200);
    expect((await reset({ removeSignInMethods: 'yes' })).status).toBe(400);
    expect((await reset({ removeSignInMethods: true })).status).toBe(201);
    expect(await ids()).toEqual([]);
    expect((await other.call('/auth/session')).status).toBe(401);
    expect((await other.post('/auth/passkeys/sign-in', await assertion(other, device))).status).toBe(401);
    expect((await server.raw.call(`${USERS}/carol`)).json.status).toMatchObject({
      passkeys: 0,
      mustChangePassword: true,
    });
    const gone = await server.raw.call(`${USERS}/carol/passkeys?id=${made.id}`, { method: 'DELETE' });
    expect(gone.status).toBe(404);
  });

  test('of a person who came from another installation is known by what it was called there', async () => {
    const tab = await signedIn('ann');
    const device = new SoftwareAuthenticator();
    const { json: made } = await register(tab, device, 'old key');
    const passkey = await server.signIn?.other.passkeys.find(ctx, made.id);
    expect(passkey?.handle).toMatch(/^[\w-]{43}$/);
  });
});
