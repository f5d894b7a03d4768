import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newUnauthorized } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import {
  type AuthenticationMethod,
  Authenticator,
  bearerToken,
  type ClientCertificate,
  clientCertificates,
  isFrontDoor,
} from './authenticator.js';
import type { UserInfo } from './user-info.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const alice: ClientCertificate = { authorized: true, commonName: 'alice', organizations: ['dev'] };

async function userOf(certificate: ClientCertificate) {
  return await clientCertificates.authenticate(ctx, { headers: {}, method: 'GET', cluster: 'main', certificate });
}

test('a client certificate names a user, groups and, where it says one, a uid', async () => {
  expect(await userOf(alice)).toEqual({ name: 'alice', groups: ['dev', 'system:authenticated'] });
  expect(await userOf({ ...alice, uids: ['u-1'] })).toMatchObject({ name: 'alice', uid: 'u-1' });
  expect(await userOf({ ...alice, fingerprint: 'ab01' })).toMatchObject({
    extra: { 'authentication.kubernetes.io/credential-id': ['X509SHA256=ab01'] },
  });
});

test.each([[['']], [['u-1', 'u-2']]])('a client certificate with the uids %j proves nothing', async (uids) => {
  await expect(userOf({ ...alice, uids })).rejects.toMatchObject({ reason: 'Unauthorized' });
});

describe('an authenticator', () => {
  const says = (user: UserInfo | undefined, later = false): AuthenticationMethod => ({
    authenticate: () => (later ? Promise.resolve(user) : user),
  });
  const bob: UserInfo = { name: 'bob', groups: [] };
  const ask = (methods: AuthenticationMethod[], headers: Record<string, string> = {}) =>
    new Authenticator(methods).authenticate(ctx, { headers, method: 'GET', cluster: 'main' });

  test('believes the first proof, and notes that there was one', async () => {
    const user = await ask([says(undefined), says(bob, true), says({ name: 'eve', groups: [] })]);
    expect(user).toEqual({ name: 'bob', groups: ['system:authenticated'] });
    expect(await ask([says(user)])).toBe(user);
  });

  test('takes who proves nothing for nobody in particular', () => {
    expect(ask([says(undefined)])).toEqual({ name: 'system:anonymous', groups: ['system:unauthenticated'] });
  });

  test('refuses a proof that no method knows', () => {
    expect(() => ask([], { authorization: 'Basic eDp5' })).toThrow('Unauthorized');
  });

  test('does not go on to the next where a proof is wrong', async () => {
    const wrong: AuthenticationMethod = { authenticate: () => Promise.reject(newUnauthorized('Unauthorized')) };
    await expect(ask([wrong, says(bob)])).rejects.toMatchObject({ reason: 'Unauthorized' });
  });
});

test('a certificate of another authority proves nothing, and that of the front door nobody', async () => {
  await expect(userOf({ ...alice, authorized: false })).rejects.toMatchObject({ reason: 'Unauthorized' });
  expect(await userOf({ ...alice, commonName: 'system:web' })).toBeUndefined();
  expect(isFrontDoor({ ...alice, commonName: 'system:web', authorized: false })).toBe(false);
  expect(isFrontDoor(undefined)).toBe(false);
});

test.each([
  ['Bearer abc', 'abc'],
  [' bearer abc ', 'abc'],
  // Upstream takes no heed of it either.
  ['Bearer  abc', undefined],
  ['Bearer', undefined],
  ['Bearer a b', 'a'],
  ['Basic abc', undefined],
  [undefined, undefined],
])('the token of %j is %j', (authorization, token) => {
  expect(bearerToken({ authorization })).toBe(token);
});

describe('a WebSocket', () => {
  const protocol = (token: string) =>
    `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`;
  const of = (...protocols: string[]) => ({ upgrade: 'websocket', 'sec-websocket-protocol': protocols.join(', ') });

  test('shows a token as a protocol, beside the one it speaks', () => {
    expect(bearerToken(of('v5.channel.k8s.io', protocol('abc.def')))).toBe('abc.def');
    expect(bearerToken({ ...of('v5.channel.k8s.io', protocol('abc')), authorization: 'Bearer x' })).toBe('x');
  });

  test.each([
    ['nothing beside it', of(protocol('abc'))],
    ['two of them', of('v5.channel.k8s.io', protocol('a'), protocol('b'))],
    ['an empty one', of('v5.channel.k8s.io', protocol(''))],
    ['no WebSocket', { 'sec-websocket-protocol': `v5.channel.k8s.io, ${protocol('abc')}` }],
  ])('shows none with %s', (_what, headers) => {
    expect(bearerToken(headers)).toBeUndefined();
  });

  test('with a token nobody knows is not let in as nobody', () => {
    const headers = of('v5.channel.k8s.io', protocol('abc'));
    expect(() => new Authenticator([]).authenticate(ctx, { headers, method: 'GET', cluster: 'main' })).toThrow(
      'Unauthorized',
    );
  });
});
