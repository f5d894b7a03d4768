import { randomBytes, scryptSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { Account, AccountStore, Session, SessionStore } from '@binnacle/server-storage';
import { beforeEach, describe, expect, test } from 'vitest';
import { Installation } from './installation.js';
import type { People, Person } from './people.js';
import { WebSessions } from './web-sessions.js';

const HOUR = 3_600_000;
/** Cheap on purpose. */
function stored(password: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(password, salt, 32, { N: 16, r: 1, p: 1 });
  return `scrypt$16$1$1$${salt.toString('base64url')}$${hash.toString('base64url')}`;
}

let clock: FakeClock;
let accounts: Map<string, Account>;
let sessions: Map<string, Session>;
let looks: number;
let down: boolean;
let web: WebSessions;
let people: { -readonly [Member in keyof People]: People[Member] };
let alice: Person | undefined;
const ctx = () => ({ signal: new AbortController().signal, clock, logger: silentLogger });

beforeEach(() => {
  clock = new FakeClock();
  accounts = new Map([['alice', { name: 'alice', groups: ['editors'], scrypt: stored('right'), uid: 'u1' }]]);
  sessions = new Map();
  looks = 0;
  down = false;
  const accountStore = {
    find: async (_: unknown, name: string) => {
      if (down) throw new Error('the database is down');
      return accounts.get(name);
    },
  } as unknown as AccountStore;
  const sessionStore = {
    create: async (_: unknown, session: Session) => void sessions.set(session.idHash, session),
    find: async (_: unknown, idHash: string) => {
      looks += 1;
      const session = sessions.get(idHash);
      return session && session.expiresAt > clock.now() ? session : undefined;
    },
    touch: async (_: unknown, idHash: string, expiresAt: number) => {
      const session = sessions.get(idHash);
      if (session) sessions.set(idHash, { ...session, lastSeen: clock.now(), expiresAt });
    },
    remove: async (_: unknown, idHash: string) => void sessions.delete(idHash),
  } as unknown as SessionStore;
  alice = { name: 'alice', uid: 'u1', displayName: 'Alice', groups: ['team:a'], revoked: '' };
  people = {
    revocations: 0,
    find: (_ctx, name) => (name === 'alice' ? alice : undefined),
    ofAccount: async (_ctx, { name, uid }) => (name === 'alice' && alice?.uid === uid ? alice : undefined),
    signedIn: async () => undefined,
  };
  const stores = { accounts: accountStore, sessions: sessionStore };
  web = new WebSessions(ctx(), people, stores, new Installation({ authority: 'a', secret: 's' }));
});

const signIn = (password = 'right', { cookie = '', address = '192.0.2.1', user = 'alice' } = {}) =>
  web.signIn(ctx(), { headers: { cookie }, address }, { user, password });
const cookieOf = (secret: string) => web.cookies.setSession(secret, { secure: false }).split(';')[0] ?? '';
const ask = async (cookie: string, method = 'GET', headers: Record<string, string> = {}) =>
  web.authenticate(ctx(), { headers: { cookie, ...headers }, method, cluster: 'main' });

describe('signing in', () => {
  test('with the right password gives a session, of which only a hash is stored', async () => {
    const { secret, user } = await signIn();
    expect(user).toMatchObject({
      name: 'alice',
      uid: 'u1',
      groups: ['team:a', 'editors'],
      credential: { kind: 'session' },
    });
    expect(user).not.toHaveProperty('scope');
    expect(JSON.stringify([...sessions])).not.toContain(secret);
    expect(await ask(cookieOf(secret))).toMatchObject({
      name: 'alice',
      groups: ['team:a', 'editors', 'system:authenticated'],
    });
  });

  test.each([
    ['a wrong password', 'wrong', 'alice'],
    ['a name that nobody has', 'right', 'mallory'],
    ['a name that is far too long', 'right', 'a'.repeat(257)],
    ['a password that is far too long', 'r'.repeat(1_025), 'alice'],
  ])('with %s says no more than that it is wrong', async (_, password, user) => {
    await expect(signIn(password, { user })).rejects.toMatchObject({
      reason: 'Unauthorized',
      message: 'the name or the password is wrong',
    });
    expect(sessions.size).toBe(0);
  });

  test('ends the session the browser came with: one that was slipped in becomes nobody’s', async () => {
    const first = await signIn();
    const second = await signIn('right', { cookie: cookieOf(first.secret) });
    expect(second.secret).not.toBe(first.secret);
    expect(await ask(cookieOf(first.secret))).toBeUndefined();
    expect(sessions.size).toBe(1);
  });

  test('too often without success has to wait, wherever else others sign in', async () => {
    let refused: unknown;
    for (let tries = 0; tries < 50 && !refused; tries += 1)
      await signIn('wrong').catch((error: { reason: string }) => {
        if (error.reason === 'TooManyRequests') refused = error;
      });
    expect(refused).toMatchObject({ code: 429, details: { retryAfterSeconds: expect.any(Number) } });
    await expect(signIn('right')).rejects.toMatchObject({ reason: 'TooManyRequests' });
    clock.step(24 * HOUR);
    await expect(signIn('right')).resolves.toBeDefined();
  });

  test('that failed because the database was down is not counted against anybody', async () => {
    down = true;
    for (let tries = 0; tries < 50; tries += 1) await expect(signIn('right')).rejects.toThrow('the database is down');
    down = false;
    await expect(signIn('right')).resolves.toBeDefined();
  });

  test('makes a browser known, and known browsers stay so', async () => {
    const { device } = await signIn();
    const cookie = web.cookies.setDevice(device, { secure: false }).split(';')[0] ?? '';
    expect((await signIn('right', { cookie })).device).toBe(device);
  });
});

describe('addresses', () => {
  const scrypt = stored('right');
  /** How many failures from these addresses in turn until one has to wait. */
  async function failures(address: (at: number) => string): Promise<number> {
    for (let tries = 0; tries < 100; tries += 1) {
      const user = `${address(0)} ${tries}`;
      accounts.set(user, { name: user, groups: [], scrypt });
      const failed = await signIn('wrong', { address: address(tries), user }).catch((error: unknown) => error);
      if ((failed as { reason: string }).reason === 'TooManyRequests') return tries;
    }
    return Number.POSITIVE_INFINITY;
  }

  test('of one network of IPv6 count as one, also where they are written short', async () => {
    const one = await failures(() => '2001:db8:1:2::1');
    expect(one).toBeLessThan(100);
    expect(await failures((at) => `2001:db8:1:3:${at.toString(16)}::${at.toString(16)}`)).toBe(one);
    expect(await failures((at) => `2001:db8:2:${at.toString(16)}::1`)).toBe(Number.POSITIVE_INFINITY);
  });

  test('of IPv4 that come as IPv6 are those of IPv4', async () => {
    const one = await failures(() => '192.0.2.7');
    expect(await failures((at) => (at % 2 ? '192.0.2.8' : '::ffff:192.0.2.8'))).toBe(one);
  });
});

describe('a session', () => {
  let cookie: string;
  beforeEach(async () => {
    cookie = cookieOf((await signIn()).secret);
  });

  test('changes nothing without proof that our own page asked for it', async () => {
    await expect(ask(cookie, 'POST')).rejects.toMatchObject({
      reason: 'Forbidden',
      message: expect.stringContaining('x-binnacle-csrf: 1'),
    });
    await expect(ask(cookie, 'DELETE', { 'x-binnacle-csrf': '0' })).rejects.toMatchObject({ reason: 'Forbidden' });
    expect(await ask(cookie, 'POST', { 'x-binnacle-csrf': '1' })).toBeDefined();
    expect(await ask(cookie, 'POST', { 'sec-fetch-site': 'same-origin' })).toBeDefined();
    expect(await ask(cookie, 'HEAD')).toBeDefined();
  });

  test('opens no connection for a page of somewhere else', async () => {
    const opens = (headers: Record<string, string>) =>
      ask(cookie, 'GET', { upgrade: 'websocket', host: 'here:1', ...headers });
    await expect(opens({ origin: 'https://there:1' })).rejects.toMatchObject({ reason: 'Forbidden' });
    await expect(opens({ origin: 'https://here:2' })).rejects.toMatchObject({ reason: 'Forbidden' });
    await expect(opens({ origin: 'null' })).rejects.toMatchObject({ reason: 'Forbidden' });
    expect(await opens({ origin: 'https://here:1' })).toBeDefined();
    expect(await opens({})).toBeDefined();
  });

  test('ends twelve hours after it was used last, not a millisecond before', async () => {
    clock.step(12 * HOUR - 1);
    expect(await ask(cookie)).toBeDefined();
    clock.step(12 * HOUR - 1);
    expect(await ask(cookie)).toBeDefined();
    clock.step(12 * HOUR);
    expect(await ask(cookie)).toBeUndefined();
  });

  test('ends after seven days however much it is used', async () => {
    for (let hours = 0; hours < 7 * 24 - 1; hours += 11) {
      expect(await ask(cookie)).toBeDefined();
      clock.step(11 * HOUR);
    }
    expect(await ask(cookie)).toBeUndefined();
  });

  test('is looked up once for many requests, and an account that goes is believed for a moment only', async () => {
    looks = 0;
    for (let requests = 0; requests < 20; requests += 1) await ask(cookie);
    expect(looks).toBe(1);
    accounts.delete('alice');
    clock.step(4_999);
    expect(await ask(cookie)).toBeDefined();
    clock.step(1);
    expect(await ask(cookie)).toBeUndefined();
  });

  test('has the groups its account has now', async () => {
    await ask(cookie);
    accounts.set('alice', { ...(accounts.get('alice') as Account), groups: ['viewers'] });
    clock.step(5_000);
    expect((await ask(cookie))?.groups).toEqual(['team:a', 'viewers', 'system:authenticated']);
  });

  test('has the groups its person has at once, and is answered without waiting', async () => {
    await ask(cookie);
    const credentials = { headers: { cookie }, method: 'GET', cluster: 'main' };
    const before = web.authenticate(ctx(), credentials);
    expect(before).not.toBeInstanceOf(Promise);
    expect(web.authenticate(ctx(), credentials)).toBe(before);
    alice = { ...(alice as Person), groups: [] };
    expect(web.authenticate(ctx(), credentials)).toMatchObject({ groups: ['editors', 'system:authenticated'] });
  });

  test.each<[string, Person | undefined]>([
    ['is disabled or gone', undefined],
    [
      'has gone and come again under the same name',
      { name: 'alice', uid: 'u2', displayName: '', groups: [], revoked: '' },
    ],
  ])('is over at once when its person %s', async (_what, now) => {
    await ask(cookie);
    alice = now;
    expect(await ask(cookie)).toBeUndefined();
  });

  test('that was ended is looked for again at once, also where it was while somebody looked', async () => {
    await ask(cookie);
    sessions.clear();
    alice = { ...(alice as Person), revoked: 'since' };
    expect(await ask(cookie)).toBeUndefined();
  });

  test('that ends while it is looked for is not believed', async () => {
    const { secret } = await signIn();
    const hash = [...sessions.keys()].at(-1) ?? '';
    const kept = sessions.get(hash) as Session;
    const end = sessions.get.bind(sessions);
    sessions.get = (key) => {
      const found = end(key);
      if (people.revocations === 0) {
        people.revocations = 1;
        sessions.delete(hash);
        alice = { ...(alice as Person), revoked: 'since' };
      }
      return found;
    };
    expect(kept.account).toBe('alice');
    expect(await ask(cookieOf(secret))).toBeUndefined();
  });

  test('is good for nothing but a new password where somebody else made up the old one', async () => {
    accounts.set('alice', { ...(accounts.get('alice') as Account), mustChange: true });
    const { user, secret } = await signIn();
    expect(user).toMatchObject({ groups: [], scope: { passwordOnly: true } });
    expect(await ask(cookieOf(secret))).toMatchObject({
      groups: ['system:authenticated'],
      scope: { passwordOnly: true },
    });
  });

  test('is not begun with a password that was changed while it was looked at', async () => {
    people.signedIn = async () =>
      void accounts.set('alice', { ...(accounts.get('alice') as Account), scrypt: stored('new') });
    const before = sessions.size;
    await expect(signIn()).rejects.toMatchObject({ reason: 'Unauthorized' });
    expect(sessions.size).toBe(before);
  });

  test('is over at once when it is signed out', async () => {
    await ask(cookie);
    await web.signOut(ctx(), { cookie });
    expect(await ask(cookie)).toBeUndefined();
    await expect(web.signOut(ctx(), {})).resolves.toBeUndefined();
  });

  test('that is made up is not even looked for', async () => {
    looks = 0;
    const made = new WebSessions(
      ctx(),
      {} as never,
      {} as never,
      new Installation({ authority: 'a', secret: 'other' }),
    );
    expect(await ask(cookieOf(made.cookies.newSession()))).toBeUndefined();
    expect(looks).toBe(0);
  });

  test('writes down its last use now and then, not with every request', async () => {
    const first = [...sessions.values()][0]?.lastSeen;
    clock.step(5 * 60_000);
    await ask(cookie);
    expect([...sessions.values()][0]?.lastSeen).toBe(first);
    clock.step(5_001);
    await ask(cookie);
    expect([...sessions.values()][0]?.lastSeen).toBe(clock.now());
  });
});
