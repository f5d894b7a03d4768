import { generateKeyPairSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { legacyClaims, tokenAlgorithm } from '@binnacle/apis-kubernetes/tokens';
import { decodeJwt, decodeProtectedHeader, exportJWK, type JWTPayload, SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import { TokenRefused } from './bearer-tokens.js';
import { type KeptToken, ServiceAccountAuthentication, type TokenObjects } from './service-account-authentication.js';
import { ServiceAccountKeys } from './service-account-keys.js';
import { ServiceAccountTokens, subjectOf, TOKEN_ISSUER, type TokenSubject } from './service-account-tokens.js';

const pem = (pair: { privateKey: { export(options: { type: 'pkcs8'; format: 'pem' }): string | Buffer } }) =>
  pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const OTHER = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });

const subject: TokenSubject = {
  cluster: 'main',
  namespace: 'default',
  serviceAccount: { name: 'robot', uid: 'robot-uid' },
};
const POD = { name: 'p', uid: 'p-uid' };

const quiet = { tokenIn: async () => undefined, markUsed: () => undefined };

let clock: FakeClock;
/** What exists, by kind and name. */
let uids: Map<string, string>;
let secrets: Map<string, KeptToken>;
let used: string[];
let tokens: ServiceAccountTokens;
let authentication: ServiceAccountAuthentication;
beforeEach(() => {
  clock = new FakeClock();
  uids = new Map([
    ['serviceaccounts/robot', 'robot-uid'],
    ['pods/p', 'p-uid'],
  ]);
  secrets = new Map();
  used = [];
  tokens = new ServiceAccountTokens({ signingKey: pem(EC) });
  const objects: TokenObjects = {
    tokenIn: async (_, cluster, { namespace, name }) => secrets.get(`${cluster}/${namespace}/${name}`),
    markUsed: (_, cluster, { namespace, name }, day) => void used.push(`${cluster}/${namespace}/${name} ${day}`),
    uidOf: async (_, __, kind, { name }) => uids.get(`${kind}/${name}`),
  };
  authentication = new ServiceAccountAuthentication(tokens, objects);
});

const ctx = () => ({ signal: new AbortController().signal, clock, logger: silentLogger });
const issue = (of: TokenSubject = subject, audiences = [TOKEN_ISSUER], seconds = 600) =>
  tokens.issue(ctx(), of, { audiences, seconds });
const answerTo = async (token: string, cluster = 'main', audiences = [TOKEN_ISSUER]) =>
  await authentication.authenticateToken(ctx(), token, { cluster, audiences });
/** Undefined also where it is refused. */
const userOf = (...of: Parameters<typeof answerTo>) =>
  answerTo(...of).then(
    (answer) => answer?.user,
    (error) => void expect(error).toBeInstanceOf(TokenRefused),
  );

describe('a token of a service account', () => {
  test('stands for it and its groups, and says which token it is', async () => {
    const { token, expiresAt } = await issue();
    expect(expiresAt).toBe(clock.now() + 600_000);
    expect(await userOf(token)).toEqual({
      name: 'system:serviceaccount:default:robot',
      uid: 'robot-uid',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=[0-9a-f-]{36}$/)] },
      expiresAt,
    });
  });

  test('ends with its time, not a second before, and does not begin before it was made', async () => {
    const { token } = await issue();
    clock.step(599_999);
    expect(await userOf(token)).toBeDefined();
    clock.step(1);
    expect(await userOf(token)).toBeUndefined();
    const early = new FakeClock(clock.now() - 3_600_000);
    expect(await tokens.verify({ ...ctx(), clock: early }, (await issue()).token)).toBeUndefined();
  });

  test('ends with its account, or with another of the name', async () => {
    const { token } = await issue();
    uids.set('serviceaccounts/robot', 'another');
    expect(await userOf(token)).toBeUndefined();
    uids.delete('serviceaccounts/robot');
    expect(await userOf(token)).toBeUndefined();
  });

  test('that is bound to a Pod names it, and ends with it', async () => {
    const { token } = await issue({ ...subject, pod: POD });
    expect((await userOf(token))?.extra).toMatchObject({
      'authentication.kubernetes.io/pod-name': ['p'],
      'authentication.kubernetes.io/pod-uid': ['p-uid'],
    });
    uids.set('pods/p', 'another');
    expect(await userOf(token)).toBeUndefined();
  });

  test('that is bound to a Secret or a Node ends with it', async () => {
    uids.set('secrets/s', 's-uid').set('nodes/n', 'n-uid');
    const { token: ofSecret } = await issue({ ...subject, secret: { name: 's', uid: 's-uid' } });
    const { token: ofNode } = await issue({ ...subject, node: { name: 'n', uid: 'n-uid' } });
    expect(await userOf(ofSecret)).toBeDefined();
    expect((await userOf(ofNode))?.extra).toMatchObject({
      'authentication.kubernetes.io/node-name': ['n'],
      'authentication.kubernetes.io/node-uid': ['n-uid'],
    });
    uids.delete('secrets/s');
    uids.set('nodes/n', 'another');
    expect([await userOf(ofSecret), await userOf(ofNode)]).toEqual([undefined, undefined]);
  });

  test('of a Pod tells its Node, and does not end with that', async () => {
    const { token } = await issue({ ...subject, pod: POD, node: { name: 'n', uid: '' } });
    expect((await userOf(token))?.extra).toMatchObject({ 'authentication.kubernetes.io/node-name': ['n'] });
  });

  test('names the key that signed it, which can be published', async () => {
    const { token } = await issue();
    const { kid } = decodeProtectedHeader(token);
    expect(tokens.jsonWebKeys).toEqual([
      expect.objectContaining({ use: 'sig', alg: 'ES256', kty: 'EC', crv: 'P-256', kid }),
    ]);
    expect(Object.keys(tokens.jsonWebKeys[0] ?? {})).not.toContain('d');
  });

  test('is believed in its own cluster and by its own audience only', async () => {
    const { token } = await issue(subject, ['vault']);
    expect(await userOf(token, 'main', ['vault'])).toBeDefined();
    expect(await userOf(token, 'main')).toBeUndefined();
    expect(await userOf((await issue()).token, 'other')).toBeUndefined();
  });

  test('that another key signed, or that was changed, is none', async () => {
    const forged = await new ServiceAccountTokens({ signingKey: pem(OTHER) }).issue(ctx(), subject, {
      audiences: [TOKEN_ISSUER],
      seconds: 600,
    });
    expect(await userOf(forged.token)).toBeUndefined();
    const [head, , signature] = (await issue()).token.split('.');
    const claims = Buffer.from(JSON.stringify({ sub: 'system:serviceaccount:kube-system:admin' })).toString(
      'base64url',
    );
    expect(await userOf(`${head}.${claims}.${signature}`)).toBeUndefined();
    expect(await userOf('no.token.atall')).toBeUndefined();
  });

  test('without a signature is none, whatever it says of itself', async () => {
    const [, claims] = (await issue()).token.split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none' })).toString('base64url');
    expect(await userOf(`${none}.${claims}.`)).toBeUndefined();
  });

  test('is signed as the key is made for, and read by its public half alone', async () => {
    const signer = new ServiceAccountTokens({ signingKey: pem(RSA) });
    const { token } = await signer.issue(ctx(), subject, { audiences: [TOKEN_ISSUER], seconds: 600 });
    expect(decodeProtectedHeader(token).alg).toBe('RS256');
    const publicKey = RSA.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const reader = new ServiceAccountTokens({ signingKey: pem(EC), publicKeys: [publicKey] });
    expect(await reader.verify(ctx(), token)).toMatchObject({
      sub: 'system:serviceaccount:default:robot',
    });
  });
});

describe('a token that was read before', () => {
  test('is answered at once, with the same user, and is asked about as ever', async () => {
    const { token } = await issue();
    const user = await userOf(token);
    const objects = { cluster: 'main', audiences: [TOKEN_ISSUER] };
    const sync: TokenObjects = { ...quiet, uidOf: (_, __, kind, { name }) => uids.get(`${kind}/${name}`) };
    const answer = new ServiceAccountAuthentication(tokens, sync).authenticateToken(ctx(), token, objects);
    expect(answer).not.toBeInstanceOf(Promise);
    expect((answer as { user: unknown }).user).toBe(user);
    clock.step(600_000);
    expect(await userOf(token)).toBeUndefined();
  });
});

describe('keys', () => {
  const publicOf = (pair: typeof EC) => pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();

  test('are rotated without a moment in which a token is refused', async () => {
    const old = await issue();
    const next = new ServiceAccountKeys({ signingKey: pem(OTHER), publicKeys: [publicOf(EC)] });
    tokens.readWith(next);
    expect(decodeProtectedHeader((await issue()).token).kid).toBe(decodeProtectedHeader(old.token).kid);
    tokens.signWith(next);
    const young = await issue();
    expect(decodeProtectedHeader(young.token).kid).not.toBe(decodeProtectedHeader(old.token).kid);
    expect([await userOf(old.token), await userOf(young.token)]).toEqual([expect.anything(), expect.anything()]);
    expect(tokens.jsonWebKeys).toHaveLength(2);
  });

  test('that are taken away end what they signed, also what was read before', async () => {
    const { token } = await issue();
    expect(await userOf(token)).toBeDefined();
    tokens.readWith(new ServiceAccountKeys({ signingKey: pem(OTHER) }));
    expect(await userOf(token)).toBeUndefined();
    expect(await userOf((await issue()).token)).toBeDefined();
  });

  test('stand several in a text, and are told by what they are', () => {
    const keys = new ServiceAccountKeys({
      signingKey: pem(EC),
      publicKeys: [`${publicOf(OTHER)}# old\n${publicOf(EC)}`],
    });
    expect(keys.jsonWebKeys).toHaveLength(2);
    expect(keys.isSame(new ServiceAccountKeys({ signingKey: pem(EC), publicKeys: [publicOf(OTHER)] }))).toBe(true);
    expect(keys.isSame(new ServiceAccountKeys({ signingKey: pem(OTHER), publicKeys: [publicOf(EC)] }))).toBe(false);
  });

  test.each([
    ['nothing', ['']],
    ['no key', ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----']],
  ])('of a text that holds %s are refused', (_, publicKeys) =>
    expect(() => new ServiceAccountKeys({ signingKey: pem(EC), publicKeys })).toThrow(),
  );

  test('are not thousands', () => {
    const publicKeys = Array.from({ length: 40 }, () => publicOf(EC));
    expect(() => new ServiceAccountKeys({ signingKey: pem(EC), publicKeys })).toThrow('more than 32 keys');
  });
});

describe('a forged token', () => {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = async () => decodeJwt((await issue()).token);
  const publicPem = EC.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const forgers = {
    'with the public key as a secret': (payload: JWTPayload) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(publicPem)),
    'that brings its own key': async (payload: JWTPayload) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(OTHER.publicKey) })
        .sign(OTHER.privateKey),
    'that says where its key is': (payload: JWTPayload) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', jku: 'https://evil.example/jwks', x5u: 'https://evil.example/c' })
        .sign(OTHER.privateKey),
    'under the name of our key': (payload: JWTPayload) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'ES256', kid: String(tokens.jsonWebKeys[0]?.kid) })
        .sign(OTHER.privateKey),
    'under a name that is a path': (payload: JWTPayload) =>
      new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: '../../dev/null' }).sign(OTHER.privateKey),
    'of another algorithm under the name of our key': (payload: JWTPayload) =>
      new SignJWT(payload)
        .setProtectedHeader({ alg: 'RS256', kid: String(tokens.jsonWebKeys[0]?.kid) })
        .sign(RSA.privateKey),
    'that needs an extension nobody knows': async (payload: JWTPayload) => {
      const [, body, signature] = (await issue()).token.split('.');
      return `${encode({ alg: 'ES256', crit: ['x'], x: 1, payload: payload.iss })}.${body}.${signature}`;
    },
    'with no signature': (payload: JWTPayload) => Promise.resolve(`${encode({ alg: 'none' })}.${encode(payload)}.`),
    'with another case of none': (payload: JWTPayload) =>
      Promise.resolve(`${encode({ alg: 'nOnE' })}.${encode(payload)}.`),
  };

  test.each(Object.entries(forgers))('%s is refused', async (_, forge) => {
    await expect(answerTo(await forge(await claims()))).rejects.toThrow(new TokenRefused('invalid bearer token'));
  });

  test('of another issuer is another’s', async () => {
    const token = await new SignJWT({ ...(await claims()), iss: 'https://other' })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(EC.privateKey);
    expect(await answerTo(token)).toBeUndefined();
  });

  test('may nest without end, and ends there', async () => {
    const deep = `{"iss":"${TOKEN_ISSUER}","a":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    const token = `${encode({ alg: 'ES256' })}.${Buffer.from(deep).toString('base64url')}.AAAA`;
    expect(await userOf(token)).toBeUndefined();
  });

  test('for many audiences is for those of them that are asked for', async () => {
    const many = Array.from({ length: 500 }, (_, index) => `audience-${index}`);
    const { token } = await issue(subject, many);
    expect(await answerTo(token, 'main', ['audience-7', 'x', 'audience-9'])).toMatchObject({
      audiences: ['audience-7', 'audience-9'],
    });
    expect(await userOf(token)).toBeUndefined();
  });
});

describe('a token that stands in a Secret', () => {
  async function legacy(cluster = 'main', key = EC): Promise<string> {
    const { issuer, subject: about, claims } = legacyClaims({ ...subject, cluster, secret: 'robot-token' });
    const signed = new SignJWT(claims).setProtectedHeader({ alg: tokenAlgorithm(key.privateKey) });
    return signed.setIssuer(issuer).setSubject(about).sign(key.privateKey);
  }
  const keep = (token: string, cluster = 'main', more: Partial<KeptToken> = {}) =>
    secrets.set(`${cluster}/default/robot-token`, { token, invalid: false, ...more });

  test.each([
    ['never before', {}, ['main/default/robot-token 2026-01-01']],
    ['today', { lastUsed: '2026-01-01' }, []],
    ['by a clock that is ahead', { lastUsed: '2026-01-02' }, []],
    ['long ago', { lastUsed: '2025-12-31' }, ['main/default/robot-token 2026-01-01']],
    ['at a time nobody understands', { lastUsed: 'zz' }, ['main/default/robot-token 2026-01-01']],
  ])('that was shown %s is marked with the day, if that is another', async (_, more, expected) => {
    clock.stepTo(Date.parse('2026-01-01T10:00:00Z'));
    const token = await legacy();
    keep(token, 'main', more);
    expect(await userOf(token)).toBeDefined();
    expect(used).toEqual(expected);
  });

  test('that was marked as unused is not believed, but missed', async () => {
    const token = await legacy();
    keep(token, 'main', { invalid: true });
    expect(await userOf(token)).toBeUndefined();
    expect(used).toHaveLength(1);
  });

  test('that is another’s is neither believed nor missed', async () => {
    keep('another');
    expect(await userOf(await legacy())).toBeUndefined();
    expect(used).toEqual([]);
  });

  test('is believed while that holds it, however old it is', async () => {
    const token = await legacy();
    keep(token);
    clock.step(10 * 365 * 24 * 3_600_000);
    expect(await userOf(token)).toEqual({
      name: 'system:serviceaccount:default:robot',
      uid: 'robot-uid',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default'],
    });
    secrets.clear();
    expect(await userOf(token)).toBeUndefined();
  });

  test('is none once the Secret holds another', async () => {
    const token = await legacy();
    keep(`${token}x`);
    expect(await userOf(token)).toBeUndefined();
    keep('x'.repeat(token.length));
    expect(await userOf(token)).toBeUndefined();
  });

  test('ends with its account, is of its own cluster, and for nobody but the API', async () => {
    const token = await legacy();
    keep(token);
    keep(token, 'other');
    expect(await userOf(token, 'other')).toBeUndefined();
    expect(await userOf(token, 'main', ['vault'])).toBeUndefined();
    uids.clear();
    expect(await userOf(token)).toBeUndefined();
  });

  test('that another key signed is none, though a Secret holds it', async () => {
    const token = await legacy('main', OTHER);
    keep(token);
    expect(await userOf(token)).toBeUndefined();
  });
});

test('what does not say of which account and cluster it is, is of none', () => {
  expect(subjectOf({})).toBeUndefined();
  expect(subjectOf({ 'kubernetes.io': { namespace: 'default' } })).toBeUndefined();
});
