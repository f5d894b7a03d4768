import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { AccountStore, Token, TokenStore } from '@binnacle/server-storage';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { People, Person } from './people.js';
import { isPersonalToken, newPersonalToken, newTokenId, PersonalTokens } from './personal-tokens.js';
import { hashOfSecret } from './remembered-credentials.js';

let clock: FakeClock;
let kept: Map<string, Token>;
let looks: number;
let ann: Person | undefined;
let tokens: PersonalTokens;
const ctx = () => ({ signal: new AbortController().signal, clock, logger: silentLogger });

beforeEach(() => {
  clock = new FakeClock();
  kept = new Map();
  looks = 0;
  ann = { name: 'ann', uid: 'u1', displayName: '', groups: ['team:a'], revoked: '' };
  const people: People = {
    revocations: 0,
    find: () => ann,
    ofAccount: async () => ann,
    signedIn: async () => undefined,
  };
  const accounts = {
    find: async () => ({ name: 'ann', groups: [], scrypt: '', uid: 'u1' }),
  } as unknown as AccountStore;
  const store = {
    find: async (_: unknown, hash: string) => {
      looks += 1;
      return kept.get(hash);
    },
    touch: async () => undefined,
  } as unknown as TokenStore;
  tokens = new PersonalTokens(people, { accounts, tokens: store });
});

function keep(token: string, more: Partial<Token> = {}): string {
  const hash = hashOfSecret(token);
  const times = { createdAt: clock.now(), expiresAt: clock.now() + 3_600_000 };
  kept.set(hash, { id: 'id', hash, account: 'ann', name: 'ci', clusters: [], readOnly: false, ...times, ...more });
  return token;
}

const ask = async (token: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) =>
  tokens.authenticate(ctx(), { headers, method: 'GET', cluster: 'main' });

describe('a token', () => {
  test('is known from another text before anything is looked up', async () => {
    const token = newPersonalToken();
    expect(token).toMatch(/^bnc_[\w-]{51}$/);
    expect(isPersonalToken(token)).toBe(true);
    fc.assert(
      fc.property(fc.nat(token.length - 5), fc.constantFrom('a', 'b', '-', '7'), (at, sign) => {
        const other = `${token.slice(0, 4 + at)}${sign}${token.slice(5 + at)}`;
        expect(isPersonalToken(other)).toBe(other === token);
      }),
    );
    for (const text of ['bnc_', `${token}0`, token.slice(1), 'bnc_x']) expect(isPersonalToken(text)).toBe(false);
    await expect(ask(`${token.slice(0, -1)}g`)).rejects.toMatchObject({ code: 401 });
    expect(looks).toBe(0);
  });

  test('of another kind is for others to look at', async () => {
    expect(await ask('eyJhbGciOi')).toBeUndefined();
    expect(await tokens.authenticate(ctx(), { headers: {}, method: 'GET', cluster: 'main' })).toBeUndefined();
  });

  test('stands for its person, and is answered without waiting when it is known', async () => {
    const token = keep(newPersonalToken());
    expect(await ask(token)).toMatchObject({
      name: 'ann',
      uid: 'u1',
      groups: ['team:a', 'system:authenticated'],
      credential: { kind: 'token', id: 'id' },
    });
    const credentials = { headers: { authorization: `Bearer ${token}` }, method: 'GET', cluster: 'main' };
    expect(tokens.authenticate(ctx(), credentials)).not.toBeInstanceOf(Promise);
    expect(looks).toBe(1);
  });

  test('comes as the protocol of a WebSocket, too', async () => {
    const token = keep(newPersonalToken());
    const offered = `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}, v5.channel.k8s.io`;
    const headers = { upgrade: 'websocket', 'sec-websocket-protocol': offered };
    expect(await ask(token, headers)).toMatchObject({ name: 'ann' });
  });

  test('is good for what it was made for alone', async () => {
    const scope = { clusters: ['lab'], readOnly: true };
    expect(await ask(keep(newPersonalToken(), scope))).toMatchObject({ scope });
    expect(await ask(keep(newPersonalToken()))).not.toHaveProperty('scope');
  });

  test.each<[string, () => void]>([
    ['has expired', () => clock.step(3_600_000)],
    [
      'was revoked',
      () => {
        kept.clear();
        ann = { ...(ann as Person), revoked: 'since' };
      },
    ],
    ['is of somebody who is disabled', () => (ann = undefined)],
    ['is of somebody who came again', () => (ann = { ...(ann as Person), uid: 'u2' })],
  ])('that %s is refused at once', async (_what, happens) => {
    const token = keep(newPersonalToken());
    await ask(token);
    happens();
    await expect(ask(token)).rejects.toMatchObject({ code: 401 });
  });

  test('that is asked for by many at once is looked up once, and made up ones only so many at a time', async () => {
    const token = keep(newPersonalToken());
    await Promise.all(Array.from({ length: 100 }, () => ask(token)));
    expect(looks).toBe(1);
    const guesses = await Promise.allSettled(Array.from({ length: 100 }, () => ask(newPersonalToken())));
    const reasons = guesses.map((guess) => (guess as PromiseRejectedResult).reason.code);
    expect(reasons.filter((code) => code === 401)).toHaveLength(32);
    expect(reasons.filter((code) => code === 429)).toHaveLength(68);
  });
});

test('no two are called alike, and none like an option', () => {
  expect(newTokenId()).not.toBe(newTokenId());
  expect(newTokenId()).toMatch(/^[\da-f]{24}$/);
});
