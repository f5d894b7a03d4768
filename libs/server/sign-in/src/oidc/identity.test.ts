import { describe, expect, it } from 'vitest';
import { checkDomain, identityOf, teamsOf } from './identity.js';
import type { IdentityProvider } from './identity-provider.js';
import { matchesAccessToken } from './token-hash.js';

const provider: IdentityProvider = {
  name: 'acme',
  label: 'Acme',
  issuer: 'https://id.example',
  clientId: 'c',
  scopes: [],
  usernameClaim: 'nick',
  groupsClaim: 'roles',
  groups: [],
  allowedDomains: ['acme.example'],
  createUsers: true,
};

describe('who claims name', () => {
  it.each<[unknown, string[]]>([
    ['one', ['one']],
    [
      ['a', 'b', 'a'],
      ['a', 'b'],
    ],
    [['a', 7, '', null, 'x'.repeat(201), {}], ['a']],
    [{ a: true }, []],
    [undefined, []],
    [Array.from({ length: 1_001 }, (_, index) => `g${index}`), []],
  ])('is in groups, as far as %j says any', (roles, groups) => {
    expect(identityOf(provider, { sub: 's', roles }).groups).toEqual(groups);
  });

  it('is called what the claim says that was chosen', () => {
    const claims = { sub: 's', nick: 'ann', preferred_username: 'other', email_verified: 'true' };
    expect(identityOf(provider, claims)).toMatchObject({ username: 'ann', emailVerified: false });
  });

  it.each([undefined, '', 7, 'x'.repeat(256)])('is nobody with the subject %j', (sub) => {
    expect(() => identityOf(provider, { sub })).toThrow('names no subject');
  });
});

describe('an address of e-mail', () => {
  const check = (email: string | undefined, verified: unknown = true) =>
    checkDomain(provider, identityOf(provider, { sub: 's', email, email_verified: verified }));

  it.each(['ann@acme.example', 'Ann@ACME.example', '"a@b"@acme.example'])('%s will do', (email) => {
    expect(() => check(email)).not.toThrow();
  });

  it.each([undefined, 'acme.example', 'ann@evil.example', 'ann@sub.acme.example', 'ann@acme.example@evil.example'])(
    '%s will not do',
    (email) => expect(() => check(email)).toThrow('another domain'),
  );

  it('that nobody has verified will not do', () => {
    for (const verified of [false, null, 'true', 1]) expect(() => check('a@acme.example', verified)).toThrow();
  });
});

it('groups stand for the teams they are mapped to, once each', () => {
  const mappings = [
    { group: 'eng', teams: ['dev', 'ops'] },
    { group: 'sre', teams: ['ops'] },
    { group: 'boss', teams: ['administrators'] },
  ];
  expect(teamsOf(mappings, ['sre', 'eng', 'Boss'])).toEqual(['dev', 'ops']);
});

describe('the hash of an access token', () => {
  // OpenID Connect Core, A.3
  const token = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30.x`;
  const access = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y';

  it('is that of the standard’s example', () => {
    expect(matchesAccessToken(token, '77QmUPtjPfzWtF2AnpK9RQ', access)).toBe(true);
    expect(matchesAccessToken(token, '77QmUPtjPfzWtF2AnpK9RQ', `${access}x`)).toBe(false);
    expect(matchesAccessToken(token, '', access)).toBe(false);
    expect(matchesAccessToken(token, 7, access)).toBe(false);
    expect(matchesAccessToken(token, undefined, access)).toBe(true);
  });
});
