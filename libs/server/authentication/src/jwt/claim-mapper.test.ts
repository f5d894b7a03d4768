import { describe, expect, test } from 'vitest';
import type { JwtAuthenticatorSpec } from '../config/authentication-configuration.js';
import { compileConfiguration } from '../config/compile.js';
import { mapClaims } from './claim-mapper.js';

const issuer = { url: 'https://issuer.example', audiences: ['a'] };
const CLAIMS = {
  sub: 'alice',
  email: 'alice@example.com',
  email_verified: true,
  groups: ['dev', 'ops'],
  role: 'admin',
  level: 3,
  jti: 'j-1',
  nested: { team: 'blue' },
};

function userOf(spec: Partial<JwtAuthenticatorSpec>, claims: Record<string, unknown> = CLAIMS) {
  const usual = { claimMappings: { username: { claim: 'sub', prefix: '' } } };
  const [compiled] = compileConfiguration({ jwt: [{ issuer, ...usual, ...spec }] });
  if (!compiled) throw new Error('nothing was compiled');
  return mapClaims(claims, compiled.mappings);
}
const mapped = (claimMappings: JwtAuthenticatorSpec['claimMappings'], claims?: Record<string, unknown>) =>
  userOf({ claimMappings: { username: { claim: 'sub', prefix: '' }, ...claimMappings } }, claims);

describe('a user', () => {
  test('is what a claim says, after a prefix, and of which token it was', () => {
    expect(
      mapped({ username: { claim: 'sub', prefix: 'oidc:' }, groups: { claim: 'groups', prefix: 'oidc:' } }),
    ).toEqual({
      name: 'oidc:alice',
      groups: ['oidc:dev', 'oidc:ops'],
      extra: { 'authentication.kubernetes.io/credential-id': ['JTI=j-1'] },
    });
  });

  test('is what expressions say', () => {
    const user = mapped({
      username: { expression: "'x:' + claims.sub" },
      groups: { expression: "claims.groups.filter(g, g != 'ops') + [string(claims.role), '']" },
      uid: { expression: 'claims.nested.team' },
      extra: [
        { key: 'example.org/team', valueExpression: 'claims.nested.team' },
        { key: 'example.org/none', valueExpression: "''" },
        { key: 'example.org/level', valueExpression: 'string(claims.level)' },
      ],
    });
    expect(user).toEqual({
      name: 'x:alice',
      uid: 'blue',
      groups: ['dev', 'admin'],
      extra: {
        'authentication.kubernetes.io/credential-id': ['JTI=j-1'],
        'example.org/team': ['blue'],
        'example.org/level': ['3'],
      },
    });
  });

  test('may have one group as text, or none', () => {
    expect(mapped({ groups: { claim: 'role', prefix: '' } }).groups).toEqual(['admin']);
    expect(mapped({ groups: { claim: 'missing', prefix: '' } }).groups).toEqual([]);
    expect(mapped({ groups: { expression: "claims.?missing.orValue('')" } }).groups).toEqual([]);
  });

  test('has the uid a claim says', () => {
    expect(mapped({ uid: { claim: 'sub' } }).uid).toBe('alice');
  });
});

describe('no user', () => {
  test.each<[string, () => unknown, RegExp]>([
    ['has a name that is no text', () => mapped({ username: { claim: 'level', prefix: '' } }), /it is no text/],
    ['has a name nobody claims', () => mapped({ username: { claim: 'toString', prefix: '' } }), /claim not present/],
    ['has an empty name', () => mapped({ username: { expression: "''" } }), /empty username/],
    ['has a number for a name', () => mapped({ username: { expression: '1' } }), /must return a string/],
    ['has groups that are no texts', () => mapped({ groups: { claim: 'nested', prefix: '' } }), /no list of texts/],
    ['has numbers for groups', () => mapped({ groups: { expression: '[1]' } }), /a string or a list of strings/],
    ['has a uid that is no text', () => mapped({ uid: { expression: 'claims.level' } }), /uid claim expression/],
    ['is made of what is not there', () => mapped({ username: { expression: 'claims.missing' } }), /missing/],
    [
      'costs more than it may',
      () =>
        mapped(
          { username: { expression: `${'claims.groups.map(a, '.repeat(9)}'x'${')'.repeat(9)}[0]` } },
          { ...CLAIMS, groups: Array.from({ length: 60 }, String) },
        ),
      /budget|cost|string/,
    ],
  ])('%s', (_, map, why) => expect(map).toThrow(why));

  test('has an address of mail that its issuer did not look at', () => {
    const username = { claim: 'email', prefix: '' };
    expect(mapped({ username }).name).toBe('alice@example.com');
    expect(() => mapped({ username }, { ...CLAIMS, email_verified: false })).toThrow('email not verified');
    expect(() => mapped({ username }, { ...CLAIMS, email_verified: 'true' })).toThrow('no boolean');
    expect(mapped({ username }, { sub: 'a', email: 'a@b' }).name).toBe('a@b');
  });
});

describe('rules', () => {
  test('ask for claims with their values', () => {
    const claimValidationRules = [{ claim: 'role', requiredValue: 'admin' }];
    expect(userOf({ claimValidationRules }).name).toBe('alice');
    expect(() => userOf({ claimValidationRules }, { sub: 'a' })).toThrow('required claim role not present');
    expect(() => userOf({ claimValidationRules }, { sub: 'a', role: 'x' })).toThrow('does not match');
    expect(() => userOf({ claimValidationRules }, { sub: 'a', role: ['admin'] })).toThrow('does not match');
  });

  test('ask for what expressions say of claims', () => {
    const claimValidationRules = [{ expression: 'claims.level > 2.0', message: 'too low' }];
    expect(userOf({ claimValidationRules }).name).toBe('alice');
    expect(() => userOf({ claimValidationRules }, { sub: 'a', level: 1 })).toThrow(
      /'claims.level > 2.0' failed: too low/,
    );
  });

  test('ask for what expressions say of the user', () => {
    const userValidationRules = [
      { expression: "!user.username.startsWith('system:')", message: 'reserved' },
      { expression: 'user.groups.size() < 3 && !has(user.extra.x)' },
    ];
    expect(userOf({ userValidationRules }).name).toBe('alice');
    expect(() => userOf({ userValidationRules }, { sub: 'system:admin' })).toThrow('reserved');
  });
});
