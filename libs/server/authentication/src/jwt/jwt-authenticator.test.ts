import { beforeEach, expect, test } from 'vitest';
import { compileConfiguration } from '../config/compile.js';
import { RemoteIssuer } from '../issuer/remote-issuer.js';
import { AUDIENCE, ec, FakeIssuer, ISSUER } from '../testing/fake-issuer.js';
import { JwtAuthenticator, JwtAuthenticators } from './jwt-authenticator.js';

const key = ec();
let issuer: FakeIssuer;
let authenticators: JwtAuthenticators;
let make: () => JwtAuthenticator;
beforeEach(async () => {
  issuer = new FakeIssuer();
  await issuer.publish('one', key);
  make = () => {
    const spec = {
      issuer: { url: ISSUER, audiences: [AUDIENCE] },
      claimMappings: { username: { claim: 'sub', prefix: '' } },
    };
    const [compiled] = compileConfiguration({ jwt: [spec] });
    const remote = new RemoteIssuer(issuer.ctx, { url: ISSUER }, issuer.fetch);
    return new JwtAuthenticator(issuer.ctx, compiled as NonNullable<typeof compiled>, remote);
  };
  authenticators = new JwtAuthenticators();
  authenticators.use([make()]);
});
const ask = (token: string) => authenticators.authenticateToken(issuer.ctx, token);

test('a token is verified once and known from then on, at once and with the same user', async () => {
  const token = await issuer.sign(key);
  const first = await ask(token);
  expect(first).toEqual({ user: { name: 'alice', groups: [], expiresAt: expect.any(Number) } });
  expect(ask(token)).toBe(first);
});

test('a token that is known ends with its time', async () => {
  const token = await issuer.sign(key, { exp: Math.floor(issuer.clock.now() / 1000) + 60 });
  await ask(token);
  issuer.clock.step(60_000);
  await expect(ask(token)).rejects.toThrow('"exp"');
});

test('a token that is known ends with the key that signed it', async () => {
  const token = await issuer.sign(key);
  await ask(token);
  issuer.keys = [];
  await issuer.publish('two', ec());
  issuer.clock.step(5 * 60_000);
  await expect(ask(token)).rejects.toThrow();
});

test('a token of no issuer here is another’s, and asks nobody anything', async () => {
  expect(ask(await issuer.sign(key, { iss: 'https://other' }))).toBeUndefined();
  expect(ask('no token')).toBeUndefined();
  expect(issuer.asked).toEqual([]);
});

test('issuers that are taken away are nobody’s', async () => {
  const token = await issuer.sign(key);
  await ask(token);
  authenticators.use([]);
  expect(ask(token)).toBeUndefined();
});

test('keys are asked for before anybody needs them', () => {
  make().start();
  expect(issuer.asked).toHaveLength(1);
});
