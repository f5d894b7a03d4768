import { createHmac, generateKeyPairSync } from 'node:crypto';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { TestAuthority } from '@binnacle/testing-cluster/authority';
import { TestOidcProvider } from '@binnacle/testing-cluster/oidc';
import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CodeFlow } from './code-flow.js';
import type { IdentityProvider } from './identity-provider.js';
import { ProviderConnections } from './provider-connection.js';

const REDIRECT = 'https://dash.example/auth/oidc/acme/callback';
const clock = new FakeClock();
const ctx = { clock, logger: silentLogger, signal: new AbortController().signal };
let authority: TestAuthority;
let acme: TestOidcProvider;
let other: TestOidcProvider;
let flow: CodeFlow;

beforeAll(async () => {
  authority = await TestAuthority.create(Date.now());
  [acme, other] = await Promise.all([TestOidcProvider.start(authority), TestOidcProvider.start(authority)]);
  acme.now = other.now = () => clock.now();
});
afterAll(() => Promise.all([acme.close(), other.close()]));
beforeEach(() => {
  acme.behaviour = {};
  acme.person = { sub: 'ann-1', email: 'ann@acme.example', email_verified: true, groups: ['eng'] };
  flow = new CodeFlow(new ProviderConnections(ctx));
});

const providerOf = (server: TestOidcProvider, more: Partial<IdentityProvider> = {}): IdentityProvider => ({
  name: 'acme',
  label: 'Acme',
  issuer: server.issuer,
  clientId: 'binnacle',
  clientSecret: 'a secret',
  scopes: ['email'],
  certificateAuthority: authority.certificate,
  usernameClaim: 'preferred_username',
  groupsClaim: 'groups',
  groups: [],
  allowedDomains: [],
  createUsers: false,
  ...more,
});

const claimOnce = async () => undefined;

async function signIn(provider = providerOf(acme), change: (answer: URLSearchParams) => void = () => undefined) {
  const { location, pending } = await flow.begin(ctx, provider, REDIRECT);
  const answer = new URL(acme.authorize(location)).searchParams;
  change(answer);
  return flow.finish(ctx, provider, pending, answer, claimOnce);
}

describe('leading a browser to a provider', () => {
  it('says what it wants and what must come back', async () => {
    const { location, pending } = await flow.begin(ctx, providerOf(acme), REDIRECT);
    const asked = new URL(location);
    expect(`${asked.origin}${asked.pathname}`).toBe(`${acme.issuer}/authorize`);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: 'binnacle',
      redirect_uri: REDIRECT,
      response_type: 'code',
      scope: 'openid email',
      state: pending.state,
      nonce: pending.nonce,
      code_challenge_method: 'S256',
    });
    expect(location).not.toContain(pending.verifier);
  });

  it('asks the provider once who it is, however many come', async () => {
    acme.asked.length = 0;
    await Promise.all(Array.from({ length: 20 }, () => flow.begin(ctx, providerOf(acme), REDIRECT)));
    expect(acme.asked).toEqual(['/.well-known/openid-configuration']);
  });

  it('goes nowhere but to a page', async () => {
    acme.behaviour = { metadata: (said) => ({ ...said, authorization_endpoint: 'javascript:alert(1)' }) };
    await expect(flow.begin(ctx, providerOf(acme), REDIRECT)).rejects.toMatchObject({ reason: 'provider' });
  });

  it('asks one that fails again after a while, not at once', async () => {
    acme.behaviour = { answer: (_path, response) => Boolean(response.writeHead(500).end()) };
    acme.asked.length = 0;
    for (let time = 0; time < 3; time += 1)
      await expect(flow.begin(ctx, providerOf(acme), REDIRECT)).rejects.toMatchObject({ reason: 'provider' });
    expect(acme.asked).toHaveLength(1);
    acme.behaviour = {};
    clock.step(5_000);
    await flow.begin(ctx, providerOf(acme), REDIRECT);
  });

  it.each(['https://169.254.169.254', 'http://localhost:1'])('asks nobody at %s', async (issuer) => {
    await expect(flow.begin(ctx, providerOf(acme, { issuer }), REDIRECT)).rejects.toMatchObject({ reason: 'provider' });
  });
});

describe('who comes back', () => {
  it('is who the provider says', async () => {
    expect(await signIn()).toEqual({
      issuer: acme.issuer,
      subject: 'ann-1',
      email: 'ann@acme.example',
      emailVerified: true,
      displayName: undefined,
      username: undefined,
      groups: ['eng'],
    });
  });

  it('is told of by the userinfo endpoint where the token is silent', async () => {
    acme.person = { sub: 'ann-1' };
    acme.behaviour = { userinfo: { groups: ['ops'] } };
    const provider = providerOf(acme, { groups: [{ group: 'ops', teams: ['ops'] }] });
    expect(await signIn(provider)).toMatchObject({ groups: ['ops'] });
    acme.behaviour = { userinfo: { sub: 'eve-2', groups: ['ops'] } };
    await expect(signIn(provider)).rejects.toMatchObject({ reason: 'provider' });
  });

  it('is nobody where the state is missing or another', async () => {
    await expect(signIn(undefined, (answer) => answer.delete('state'))).rejects.toMatchObject({ reason: 'expired' });
    await expect(signIn(undefined, (answer) => answer.set('state', 'x'))).rejects.toMatchObject({ reason: 'expired' });
    await expect(signIn(undefined, (answer) => answer.append('state', 'x'))).rejects.toMatchObject({
      reason: 'expired',
    });
  });

  it('is nobody where the provider refused', async () => {
    const refuse = (answer: URLSearchParams) => {
      answer.delete('code');
      answer.set('error', 'access_denied');
    };
    await expect(signIn(undefined, refuse)).rejects.toMatchObject({ reason: 'denied' });
  });

  it('is nobody where the answer is another issuer’s', async () => {
    await expect(signIn(undefined, (answer) => answer.set('iss', other.issuer))).rejects.toMatchObject({
      reason: 'expired',
    });
    await expect(signIn(undefined, (answer) => answer.delete('iss'))).rejects.toMatchObject({ reason: 'expired' });
    const { pending } = await flow.begin(ctx, providerOf(acme), REDIRECT);
    other.asked.length = 0;
    const answer = new URLSearchParams({ code: 'c', state: pending.state, iss: other.issuer });
    const mixedUp = flow.finish(ctx, providerOf(other), pending, answer, claimOnce);
    await expect(mixedUp).rejects.toMatchObject({ reason: 'expired' });
    expect(other.asked).toEqual([]);
  });

  it('is nobody with the code of another browser', async () => {
    const [mine, theirs] = await Promise.all([1, 2].map(() => flow.begin(ctx, providerOf(acme), REDIRECT)));
    const stolen = new URL(acme.authorize(theirs!.location)).searchParams.get('code')!;
    const answer = new URLSearchParams({ code: stolen, state: mine!.pending.state, iss: acme.issuer });
    const injected = flow.finish(ctx, providerOf(acme), mine!.pending, answer, claimOnce);
    await expect(injected).rejects.toMatchObject({ reason: 'provider' });
  });

  it('is nobody where the answer was used, and then the provider is not asked', async () => {
    const { location, pending } = await flow.begin(ctx, providerOf(acme), REDIRECT);
    const answer = new URL(acme.authorize(location)).searchParams;
    acme.asked.length = 0;
    const used = () => Promise.reject(new Error('used'));
    await expect(flow.finish(ctx, providerOf(acme), pending, answer, used)).rejects.toThrow('used');
    expect(acme.asked).toEqual([]);
  });
});

describe('an ID token is not believed', () => {
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = { alg: 'RS256', kid: 'key-1' };
  const seconds = () => Math.floor(clock.now() / 1000);

  it.each<[string, (claims: JWTPayload) => JWTPayload]>([
    ['for another audience', (claims) => ({ ...claims, aud: 'someone-else' })],
    ['for several audiences without saying who asked', (claims) => ({ ...claims, aud: ['binnacle', 'x'] })],
    ['for several audiences, asked for by another', (claims) => ({ ...claims, aud: ['binnacle', 'x'], azp: 'x' })],
    ['of another issuer', (claims) => ({ ...claims, iss: other.issuer })],
    ['that has expired', (claims) => ({ ...claims, exp: seconds() - 31 })],
    ['without an end', ({ exp: _exp, ...claims }) => claims],
    ['of another sign-in', (claims) => ({ ...claims, nonce: 'another' })],
    ['without a nonce', ({ nonce: _nonce, ...claims }) => claims],
    ['of another access token', (claims) => ({ ...claims, at_hash: 'AAAAAAAAAAAAAAAAAAAAAA' })],
    ['of nobody', ({ sub: _sub, ...claims }) => claims],
    ['of somebody whose name never ends', (claims) => ({ ...claims, sub: 'x'.repeat(256) })],
  ])('%s', async (_what, claims) => {
    acme.behaviour = { claims };
    await expect(signIn()).rejects.toMatchObject({ reason: 'provider' });
  });

  it.each<[string, (claims: JWTPayload) => Promise<string> | string]>([
    ['that nobody signed', (claims) => `${encoded({ alg: 'none' })}.${encoded(claims)}.`],
    ['that somebody else signed', (claims) => new SignJWT(claims).setProtectedHeader(header).sign(otherKey)],
    [
      'that was signed with what everybody knows',
      (claims) => {
        const text = `${encoded({ alg: 'HS256', kid: 'key-1' })}.${encoded(claims)}`;
        return `${text}.${createHmac('sha256', 'a secret').update(text).digest('base64url')}`;
      },
    ],
  ])('%s', async (_what, sign) => {
    acme.behaviour = { sign };
    await expect(signIn()).rejects.toMatchObject({ reason: 'provider' });
  });

  it('but clocks may differ a little', async () => {
    acme.behaviour = { claims: (claims) => ({ ...claims, iat: seconds() + 20, exp: seconds() - 10 }) };
    expect(await signIn()).toMatchObject({ subject: 'ann-1' });
  });
});

describe('a provider', () => {
  it.each(['/token', '/jwks', '/.well-known/openid-configuration'])(
    'that never ends its answer at %s is left',
    async (at) => {
      acme.behaviour = {
        answer: (path, response) => {
          if (path !== at) return false;
          const more = () => void (response.destroyed || response.write('x'.repeat(4096), () => setImmediate(more)));
          more();
          return true;
        },
      };
      await expect(signIn()).rejects.toMatchObject({ reason: 'provider' });
    },
  );

  it('that says nothing is left', async () => {
    const arrived = new Promise<void>((resolve) => {
      acme.behaviour = {
        answer: (path) => {
          if (path === '/token') resolve();
          return path === '/token';
        },
      };
    });
    const refused = expect(signIn()).rejects.toMatchObject({ reason: 'provider' });
    await arrived;
    clock.step(10_000);
    await refused;
  });

  it('that leads elsewhere is not followed', async () => {
    other.asked.length = 0;
    const headers = { location: `${other.issuer}/token` };
    acme.behaviour = {
      answer: (path, response) => path === '/token' && Boolean(response.writeHead(307, headers).end()),
    };
    await expect(signIn()).rejects.toMatchObject({ reason: 'provider' });
    expect(other.asked).toEqual([]);
  });
});
