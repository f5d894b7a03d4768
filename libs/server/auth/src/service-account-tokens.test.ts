import { generateKeyPairSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { legacyClaims, tokenAlgorithm } from '@binnacle/apis-kubernetes/tokens';
import { decodeProtectedHeader, SignJWT } from 'jose';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type KeptToken,
  ServiceAccountAuthentication,
  ServiceAccountTokens,
  subjectOf,
  TOKEN_ISSUER,
  type TokenObjects,
  type TokenSubject,
} from './service-account-tokens.js';

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
const userOf = (token: string, cluster = 'main', audiences = [TOKEN_ISSUER]) =>
  authentication.userOfToken(ctx(), token, cluster, audiences);

describe('a token of a service account', () => {
  test('stands for it and its groups, and says which token it is', async () => {
    const { token, expiresAt } = await issue();
    expect(expiresAt).toBe(clock.now() + 600_000);
    expect(await userOf(token)).toEqual({
      name: 'system:serviceaccount:default:robot',
      uid: 'robot-uid',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^JTI=[0-9a-f-]{36}$/)] },
    });
  });

  test('ends with its time, not a second before, and does not begin before it was made', async () => {
    const { token } = await issue();
    clock.step(599_999);
    expect(await userOf(token)).toBeDefined();
    clock.step(1);
    expect(await userOf(token)).toBeUndefined();
    const early = new FakeClock(clock.now() - 3_600_000);
    expect(await tokens.verify({ ...ctx(), clock: early }, (await issue()).token, [TOKEN_ISSUER])).toBeUndefined();
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
    expect(tokens.jsonWebKey).toMatchObject({ use: 'sig', alg: 'ES256', kty: 'EC', crv: 'P-256', kid });
    expect(Object.keys(tokens.jsonWebKey)).not.toContain('d');
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
    const reader = new ServiceAccountTokens({ signingKey: pem(EC), publicKey });
    expect(await reader.verify(ctx(), token, [TOKEN_ISSUER])).toMatchObject({
      sub: 'system:serviceaccount:default:robot',
    });
  });
});

describe('a request', () => {
  const ask = (authorization?: string) =>
    authentication.authenticate(ctx(), { headers: { authorization }, method: 'GET', cluster: 'main' });

  test('without a token proves nothing here', async () => {
    expect(await ask()).toBeUndefined();
    expect(await ask('Basic eDp5')).toBeUndefined();
  });

  test('with one is made as whom it stands for, or refused', async () => {
    const { token } = await issue();
    expect(await ask(`bearer ${token}`)).toMatchObject({ uid: 'robot-uid' });
    await expect(ask(`Bearer ${token}x`)).rejects.toMatchObject({ reason: 'Unauthorized' });
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
