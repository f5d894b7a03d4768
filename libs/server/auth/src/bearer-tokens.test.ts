import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { describe, expect, test } from 'vitest';
import { BearerTokens, type TokenAnswer, type TokenAuthenticator, TokenRefused } from './bearer-tokens.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const alice: TokenAnswer = { user: { name: 'alice', groups: [] } };
const bob: TokenAnswer = { user: { name: 'bob', groups: [] }, audiences: ['api'] };
const says = (answer: TokenAnswer | undefined): TokenAuthenticator => ({ authenticateToken: () => answer });
const later = (answer: TokenAnswer | undefined): TokenAuthenticator => ({ authenticateToken: async () => answer });
const refuses = (why: string): TokenAuthenticator => ({
  authenticateToken: () => {
    throw new TokenRefused(why);
  },
});
const refusesLater = (why: string): TokenAuthenticator => ({
  authenticateToken: () => Promise.reject(new TokenRefused(why)),
});
const credentials = (authorization?: string) => ({ headers: { authorization }, method: 'GET', cluster: 'main' });

describe('a request', () => {
  const ask = async (kinds: TokenAuthenticator[], authorization: string | undefined = 'Bearer t') =>
    new BearerTokens(kinds, ['api']).authenticate(ctx, credentials(authorization));

  test('without a token proves nothing here', async () => {
    const tokens = new BearerTokens([says(alice)], ['api']);
    expect([tokens.authenticate(ctx, credentials()), tokens.authenticate(ctx, credentials('Basic eDp5'))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('is made as whom the first kind that knows its token names, at once if that knows at once', async () => {
    expect(new BearerTokens([says(undefined), says(bob)], ['api']).authenticate(ctx, credentials('bearer t'))).toBe(
      bob.user,
    );
    expect(await ask([refuses('a'), later(undefined), refusesLater('b'), later(bob), refuses('c')])).toBe(bob.user);
  });

  test.each([[[]], [[says(undefined)]], [[refuses('a')]], [[refusesLater('a'), later(undefined)]]])(
    'whose token nobody knows is refused',
    async (kinds) => {
      await expect(ask(kinds)).rejects.toMatchObject({ reason: 'Unauthorized' });
    },
  );

  test('fails where a kind fails, and is not taken for another', async () => {
    const broken: TokenAuthenticator = { authenticateToken: () => Promise.reject(new Error('no database')) };
    await expect(ask([broken, says(bob)])).rejects.toThrow('no database');
  });
});

describe('a token', () => {
  const ask = async (kinds: TokenAuthenticator[], audiences = ['api'], token = 't') =>
    new BearerTokens(kinds, ['api', 'api2']).authenticateToken(ctx, token, { cluster: 'main', audiences });

  test('of a kind that knows no audiences is for the API alone', async () => {
    expect(await ask([says(alice)], ['api2', 'x'])).toEqual({ ...alice, audiences: ['api2'] });
    expect(await ask([says(alice)], ['x'])).toBeUndefined();
  });

  test('that is refused says why, by all that know it', async () => {
    await expect(ask([refuses('a'), says(undefined)])).rejects.toThrow(/^a$/);
    await expect(ask([refuses('a'), refusesLater('b')])).rejects.toThrow('[a, b]');
  });

  test('longer than a header is not looked at', async () => {
    await expect(ask([says(alice)], ['api'], 'x'.repeat(17_000))).rejects.toThrow('the token is too long');
  });
});
