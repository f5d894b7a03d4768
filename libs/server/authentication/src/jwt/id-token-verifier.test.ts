import { createHmac } from 'node:crypto';
import { TokenRefused } from '@binnacle/server-auth';
import fc from 'fast-check';
import { exportJWK, type JWTPayload } from 'jose';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { RemoteIssuer } from '../issuer/remote-issuer.js';
import { AUDIENCE, ec, FakeIssuer, ISSUER, type KeyPair, rsa } from '../testing/fake-issuer.js';
import { IdTokenVerifier } from './id-token-verifier.js';
import { claimedOf } from './token-shape.js';

const [one, two] = [ec(), ec()];
let big: KeyPair;
beforeAll(() => {
  big = rsa();
});
let issuer: FakeIssuer;
let verifier: IdTokenVerifier;
beforeEach(async () => {
  issuer = new FakeIssuer();
  await issuer.publish('one', one);
  verifier = verifierOf();
});

function verifierOf(algorithms?: string[]): IdTokenVerifier {
  const remote = new RemoteIssuer(issuer.ctx, { url: ISSUER }, issuer.fetch);
  return new IdTokenVerifier(remote, {
    issuer: ISSUER,
    audiences: [AUDIENCE, 'second'],
    ...(algorithms && { algorithms }),
  });
}

const verify = (token: string) => verifier.verify(issuer.ctx, token);
const now = () => Math.floor(issuer.clock.now() / 1000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (): JWTPayload => ({ iss: ISSUER, aud: AUDIENCE, sub: 'alice', exp: now() + 3600 });

describe('a token', () => {
  test('of the issuer, for one of the audiences, in its time, has its claims', async () => {
    expect(await verify(await issuer.sign(one))).toMatchObject({ sub: 'alice' });
    expect(await verify(await issuer.sign(one, { aud: ['x', 'second'] }))).toMatchObject({ sub: 'alice' });
  });

  test.each<[string, (at: number) => JWTPayload, RegExp]>([
    ['that has ended', (at) => ({ exp: at }), /"exp" claim timestamp check failed/],
    ['that never ends', () => ({ exp: undefined }), /"exp"/],
    ['that has not begun', (at) => ({ nbf: at + 1 }), /"nbf" claim timestamp check failed/],
    ['for somebody else', () => ({ aud: 'other' }), /"aud"/],
    ['for nobody', () => ({ aud: undefined }), /"aud"/],
    ['for many others', () => ({ aud: Array.from({ length: 300 }, (_, index) => `a${index}`) }), /"aud"/],
    ['of another issuer', () => ({ iss: 'https://issuer.example/' }), /another issuer/],
    ['of no issuer', () => ({ iss: undefined }), /another issuer/],
  ])('%s is refused', async (_, change, why) => {
    await expect(verify(await issuer.sign(one, change(now())))).rejects.toThrow(why);
  });

  test('says why it is refused, and nothing of what stands in it', async () => {
    const error = await verify(await issuer.sign(one, { aud: 'secret', sub: 'secret' })).catch(
      (reason: Error) => reason,
    );
    expect(error).toBeInstanceOf(TokenRefused);
    expect((error as Error).message).not.toContain('secret');
  });
});

describe('a forged token', () => {
  const attacks: Record<string, () => Promise<string> | string> = {
    'without a signature': () => `${encode({ alg: 'none' })}.${encode(claims())}.`,
    'without a signature, written otherwise': () => `${encode({ alg: 'NONE' })}.${encode(claims())}.AAAA`,
    'of no algorithm': () => `${encode({})}.${encode(claims())}.AAAA`,
    'with the public key as a secret': () => {
      const text = `${encode({ alg: 'HS256', kid: 'one' })}.${encode(claims())}`;
      const pem = one.publicKey.export({ type: 'spki', format: 'pem' });
      return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
    },
    'under the name of another key': () => issuer.sign(two, {}, { kid: 'one' }),
    'by a key nobody published': () => issuer.sign(two, {}, { kid: 'two' }),
    'that brings its key': async () => issuer.sign(two, {}, { kid: 'x', jwk: await exportJWK(two.publicKey) }),
    'that says where its key is': () => issuer.sign(two, {}, { kid: 'x', jku: 'https://169.254.169.254/' }),
    'that says where its certificate is': () => issuer.sign(two, {}, { kid: 'x', x5u: 'https://evil.example/' }),
    'that brings its certificate': () => issuer.sign(two, {}, { kid: 'x', x5c: ['AAAA'] }),
    'of a key of another kind': () => issuer.sign(big, {}, { kid: 'one' }),
    'with claims of another': async () => {
      const [header, , signature] = (await issuer.sign(one)).split('.');
      return `${header}.${encode({ ...claims(), sub: 'admin' })}.${signature}`;
    },
    'that is no token': () => 'a.b.c',
    'with two parts': () => 'a.b',
    encrypted: () => 'a.b.c.d.e',
    'that is JSON': () => JSON.stringify({ payload: encode(claims()), signatures: [] }),
    'longer than a header': () => issuer.sign(one, { pad: 'x'.repeat(20_000) }),
    'nested without end': () => {
      const deep = Buffer.from(`{"iss":"${ISSUER}","a":${'['.repeat(3000)}${']'.repeat(3000)}}`).toString('base64url');
      return `${encode({ alg: 'ES256' })}.${deep}.AAAA`;
    },
  };

  test.each(Object.entries(attacks))('%s is refused', async (_, forge) => {
    await expect(verify(await forge())).rejects.toBeInstanceOf(TokenRefused);
    expect(issuer.asked.every((url) => url.startsWith(ISSUER))).toBe(true);
  });

  test('of any text ends in a refusal', async () => {
    const part = fc.oneof(
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(part, { minLength: 3, maxLength: 3 }).map((parts) => parts.join('.')),
        ),
        async (token) => {
          await expect(verify(token)).rejects.toBeInstanceOf(TokenRefused);
        },
      ),
    );
  });
});

describe('keys of an issuer', () => {
  test('that are new are asked for when a token names one', async () => {
    await verify(await issuer.sign(one));
    await issuer.publish('two', two);
    const token = await issuer.sign(two, {}, { kid: 'two' });
    await expect(verify(token)).rejects.toBeInstanceOf(TokenRefused);
    issuer.clock.step(10_000);
    expect(await verify(token)).toMatchObject({ sub: 'alice' });
  });

  test('that are replaced verify no more', async () => {
    const token = await issuer.sign(one);
    await verify(token);
    issuer.keys = [];
    await issuer.publish('one', two);
    issuer.clock.step(5 * 60_000);
    await expect(verify(token)).rejects.toThrow('signature verification failed');
  });

  test('without names are tried each', async () => {
    issuer.keys = [];
    for (const key of [one, two]) await issuer.publish(undefined, key);
    expect(await verify(await issuer.sign(two, {}, { kid: undefined }))).toMatchObject({ sub: 'alice' });
    await expect(verify(await issuer.sign(ec(), {}, { kid: undefined }))).rejects.toBeInstanceOf(TokenRefused);
  });

  test('sign by the algorithms that are allowed, and no others', async () => {
    await issuer.publish('big', big);
    expect(await verify(await issuer.sign(big, {}, { kid: 'big' }))).toMatchObject({ sub: 'alice' });
    verifier = verifierOf(['ES256']);
    await expect(verify(await issuer.sign(big, {}, { kid: 'big' }))).rejects.toThrow('"alg"');
  });

  test('that cannot be had make no token valid', async () => {
    issuer.trouble = () => Promise.reject(new Error('down'));
    await expect(verify(await issuer.sign(one))).rejects.toThrow('not initialized');
  });
});

test('Google’s own name is its issuer', () => {
  const token = `${encode({ alg: 'RS256' })}.${encode({ iss: 'accounts.google.com' })}.AA`;
  expect(claimedOf(token)?.issuer).toBe('https://accounts.google.com');
});
