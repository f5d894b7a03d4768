import { randomBytes, scryptSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { RawApi, startTestApiServer, type TestApiServer } from '@binnacle/testing-cluster';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const HOUR = 3_600_000;
const clock = new FakeClock();
let server: TestApiServer;
let nobody: RawApi;
let frontDoor: RawApi;

function hash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 });
  return ['scrypt', 16_384, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

beforeAll(async () => {
  server = await startTestApiServer({ ctx: { clock } });
  nobody = new RawApi({ server: server.url, ca: server.authority.certificate });
  frontDoor = new RawApi(await server.configFor('system:web'));
  const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
  await server.signIn?.accounts.save(ctx, { name: 'captain', groups: ['crew'], scrypt: hash('correct') });
});
afterAll(async () => {
  nobody.close();
  frontDoor.close();
  await server.close();
});
// What was guessed in one test is not to slow down the next.
beforeEach(() => clock.step(2 * HOUR));

type Headers = Readonly<Record<string, string>>;

const login = (password: string, headers: Headers = {}, api = nobody, user = 'captain') =>
  api.call('/auth/login', { method: 'POST', body: { user, password }, headers });

const cookiesOf = ({ headers }: Awaited<ReturnType<RawApi['call']>>) =>
  (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');

const whoIs = async (cookie: string) => (await nobody.call('/auth/session', { headers: { cookie } })).json.user;

describe('a page', () => {
  test.each<[string, Headers, number]>([
    ['of ours', { 'sec-fetch-site': 'same-origin', origin: 'https://a' }, 200],
    ['of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['of another port of this host', { 'sec-fetch-site': 'same-site' }, 403],
    ['of ours over plain HTTP', { origin: 'http://kubernetes:7080', host: 'kubernetes:7080' }, 200],
    ['of another port over plain HTTP', { origin: 'http://kubernetes:9999', host: 'kubernetes:7080' }, 403],
    ['without an origin of its own', { origin: 'null' }, 403],
    ['that says itself where it is', { origin: 'https://d', host: 'localhost', 'x-forwarded-host': 'd' }, 403],
  ])('%s signs in: %j %i', async (_which, headers, status) => {
    expect((await login('correct', headers)).status).toBe(status);
    const out = await nobody.call('/auth/logout', { method: 'POST', headers });
    expect(out.status).toBe(status);
  });

  test('of our front door signs in, whatever name this server has there', async () => {
    const headers = { origin: 'http://d', host: 'localhost', 'x-forwarded-host': 'd' };
    expect((await login('correct', headers, frontDoor)).status).toBe(200);
  });
});

describe('a session', () => {
  test('ends when it is not used for twelve hours', async () => {
    const cookie = cookiesOf(await login('correct'));
    clock.step(12 * HOUR - 1);
    expect(await whoIs(cookie)).toBe('captain');
    clock.step(12 * HOUR + 1);
    expect(await whoIs(cookie)).toBeUndefined();
  });

  test('ends after seven days however much it is used', async () => {
    const cookie = cookiesOf(await login('correct'));
    for (let hour = 0; hour < 7 * 24 - 8; hour += 8) {
      clock.step(8 * HOUR);
      expect(await whoIs(cookie)).toBe('captain');
    }
    clock.step(8 * HOUR);
    expect(await whoIs(cookie)).toBeUndefined();
  });

  test('that a browser came with ends when somebody signs in', async () => {
    const before = cookiesOf(await login('correct'));
    const after = await login('correct', { cookie: before, 'x-binnacle-csrf': '1' });
    expect(after.status).toBe(200);
    expect(cookiesOf(after)).not.toBe(before);
    expect([await whoIs(before), await whoIs(cookiesOf(after))]).toEqual([undefined, 'captain']);
  });

  test('that somebody made up is not looked for', async () => {
    const cookie = cookiesOf(await login('correct')).replace(/=[\w-]{43}/, `=${'A'.repeat(43)}`);
    expect(await whoIs(cookie)).toBeUndefined();
  });
});

describe('guesses', () => {
  test('made at the same time are counted before they are looked at', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => login('wrong')));
    const looked = answers.filter(({ status }) => status === 401);
    expect(looked).toHaveLength(5);
    const refused = answers.find(({ status }) => status === 429);
    expect(Number(refused?.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused?.json.details.retryAfterSeconds).toBe(Number(refused?.headers['retry-after']));
  });

  test('of others do not keep out a browser that belongs here', async () => {
    const cookie = cookiesOf(await login('correct'))
      .split('; ')
      .filter((pair) => pair.includes('device'))
      .join('; ');
    await Promise.all(Array.from({ length: 20 }, () => login('wrong')));
    expect((await login('correct')).status).toBe(429);
    expect((await login('correct', { cookie })).status).toBe(200);
  });

  test('from one address do not keep out another, as the front door tells them apart', async () => {
    const from = (address: string) => ({ 'x-forwarded-for': `made up, ${address}`, 'x-forwarded-proto': 'http' });
    for (let attempt = 0; attempt < 6; attempt += 1) await login('wrong', from('192.0.2.1'), frontDoor);
    expect((await login('correct', from('192.0.2.1'), frontDoor)).status).toBe(429);
    const right = await login('correct', from('192.0.2.2'), frontDoor);
    expect(right.status).toBe(200);
    expect(right.headers['set-cookie']?.[0]).not.toContain('Secure');
  });

  test('do not get another address by saying so', async () => {
    for (let attempt = 0; attempt < 6; attempt += 1) await login('wrong', { 'x-forwarded-for': `192.0.2.${attempt}` });
    expect((await login('wrong', { 'x-forwarded-for': '192.0.2.99' })).status).toBe(429);
  });

  test('at names of any length keep nothing of them', async () => {
    const { status } = await login('x', {}, nobody, 'n'.repeat(7_000));
    expect(status).toBe(401);
    expect((await login('x', {}, nobody, 'n'.repeat(10_000))).status).toBe(413);
  });
});

test('the front door is nobody by itself', async () => {
  expect((await frontDoor.call('/auth/session')).status).toBe(401);
  expect((await frontDoor.call('/api/v1/namespaces')).status).toBe(401);
  const cookie = cookiesOf(await login('correct'));
  expect((await frontDoor.call('/auth/session', { headers: { cookie } })).json.user).toBe('captain');
});
