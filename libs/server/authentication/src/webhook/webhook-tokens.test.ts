import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newTooManyRequests } from '@binnacle/machinery-meta';
import { BearerTokens, type TokenScope } from '@binnacle/server-auth';
import { WebhookFailure } from '@binnacle/server-egress';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { readTokenStatus } from './token-status.js';
import { WebhookTokens } from './webhook-tokens.js';

let clock: FakeClock;
let status: unknown;
/** What a question ends in instead. */
let trouble: Error | undefined;
let asked: object[];
let tokens: WebhookTokens;

const ctx = () => ({ clock, logger: silentLogger, signal: new AbortController().signal });
const webhook = {
  ask: async (_: unknown, review: object) => {
    asked.push(review);
    await Promise.resolve();
    if (trouble) throw trouble;
    return { kind: 'TokenReview', status };
  },
};
beforeEach(() => {
  [clock, asked, trouble] = [new FakeClock(), [], undefined];
  status = { authenticated: true, user: { username: 'jane', groups: ['dev'] } };
  tokens = new WebhookTokens(ctx(), webhook, { version: 'v1', believed: 120_000 });
});

const API: TokenScope = { cluster: 'main', audiences: ['api'] };
const ask = async (token = 't', scope = API) => tokens.authenticateToken(ctx(), token, scope);

test('a token is whose the webhook says it is', async () => {
  status = {
    authenticated: true,
    user: { username: 'jane', uid: 'u', groups: ['dev'], extra: { 'acme.com/x': ['y'] } },
    audiences: ['other', 'api'],
  };
  const user = { name: 'jane', uid: 'u', groups: ['dev'], extra: { 'acme.com/x': ['y'] } };
  expect(await ask()).toEqual({ user, audiences: ['api'] });
  const spec = { token: 't', audiences: ['api'] };
  expect(asked).toEqual([{ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec }]);
});

test('a webhook that knows no audiences has tokens for the API alone', async () => {
  const bearer = new BearerTokens([tokens], ['api']);
  expect(await bearer.authenticateToken(ctx(), 't', API)).toMatchObject({ audiences: ['api'] });
  expect(await bearer.authenticateToken(ctx(), 't', { ...API, audiences: ['vault'] })).toBeUndefined();
  status = { authenticated: true, user: { username: 'jane' }, audiences: ['vault'] };
  expect(await bearer.authenticateToken(ctx(), 'u', API)).toBeUndefined();
});

describe('what it answers', () => {
  test('is believed for a while, of each token and audience by itself', async () => {
    const first = await ask();
    const again = tokens.authenticateToken(ctx(), 't', API);
    expect(again).toEqual(first);
    expect((again as { user: object }).user).toBe(first?.user);
    await ask('t', { ...API, audiences: ['vault'] });
    await ask('other');
    expect(asked).toHaveLength(3);
    clock.step(120_000);
    status = {};
    expect(await ask()).toBeUndefined();
    expect(await ask()).toBeUndefined();
    expect(asked).toHaveLength(4);
  });

  test('is waited for together, also where who came first has gone', async () => {
    const gone = new AbortController();
    const first = tokens.authenticateToken({ ...ctx(), signal: gone.signal }, 't', API);
    gone.abort(new Error('gone'));
    expect(await Promise.all([first, ask(), ask()])).toEqual(
      Array(3).fill({ user: { name: 'jane', groups: ['dev'] } }),
    );
    expect(asked).toHaveLength(1);
  });

  test.each([
    ['that it could not tell', () => (status = { error: 'the directory is away' }), 'the directory is away'],
    ['that it is away', () => (trouble = new WebhookFailure('the webhook answered 503')), 'the webhook answered 503'],
    ['what nobody can be', () => (status = { authenticated: true, user: {} }), 'a user that cannot be read'],
  ])('%s refuses the token, and is not remembered', async (_, happens, why) => {
    happens();
    await expect(ask()).rejects.toMatchObject({ name: 'TokenRefused', message: expect.stringContaining(why) });
    await expect(ask()).rejects.toThrow(why);
    expect(asked).toHaveLength(2);
  });

  test('that it is asked too much is no refusal of the token', async () => {
    trouble = newTooManyRequests('later');
    await expect(ask()).rejects.toMatchObject({ reason: 'TooManyRequests' });
  });
});

test.each([
  ['groups', { username: 'j', groups: 'system:masters' }],
  ['groups', { username: 'j', groups: [1] }],
  ['extras', { username: 'j', extra: { a: 'b' } }],
  ['extras', { username: 'j', extra: ['b'] }],
  ['a user', { username: 7 }],
  ['a uid', { username: 'j', uid: {} }],
])('%s that are none make nobody: %j', (what, user) => {
  expect(() => readTokenStatus({ status: { authenticated: true, user } })).toThrow(`with ${what} that cannot be read`);
});

test('whatever is answered makes a user of texts, or is refused', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      for (const status of [
        value,
        { authenticated: true, user: value },
        { authenticated: true, user: { username: 'a', groups: value, extra: value } },
      ]) {
        try {
          const { user } = readTokenStatus({ status });
          if (!user) continue;
          expect(typeof user.name).toBe('string');
          expect(user.groups.every((group) => typeof group === 'string')).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(WebhookFailure);
        }
      }
    }),
  );
});
