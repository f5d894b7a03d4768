import { describe, expect, test } from 'vitest';
import type { AuthenticationConfiguration, JwtAuthenticatorSpec } from './authentication-configuration.js';
import { compileConfiguration } from './compile.js';
import { decodeConfiguration } from './decode.js';

const GOOD: JwtAuthenticatorSpec = {
  issuer: { url: 'https://issuer.example', audiences: ['a'] },
  claimMappings: { username: { claim: 'sub', prefix: '' } },
};
const compile = (change: JwtAuthenticatorSpec, more: Partial<AuthenticationConfiguration> = {}) =>
  compileConfiguration({ jwt: [{ ...GOOD, ...change }], ...more }, { disallowedIssuers: ['https://kubernetes'] });
const issuer = (change: NonNullable<JwtAuthenticatorSpec['issuer']>) => () =>
  compile({ issuer: { ...GOOD.issuer, ...change } });
const mappings = (change: NonNullable<JwtAuthenticatorSpec['claimMappings']>) => () =>
  compile({ claimMappings: { ...GOOD.claimMappings, ...change } });

describe('a configuration', () => {
  test('may say nothing', () => expect(compileConfiguration({})).toEqual([]));

  test('says whose tokens are believed, and for whom', () => {
    expect(compile({})).toEqual([
      expect.objectContaining({
        issuer: 'https://issuer.example',
        audiences: ['a'],
        source: { url: 'https://issuer.example' },
      }),
    ]);
  });

  test.each<[() => unknown, string]>([
    [issuer({ url: '' }), 'jwt[0].issuer.url: Required value'],
    [issuer({ url: 'http://x' }), 'URL scheme must be https'],
    [issuer({ url: 'not a url' }), 'it is no URL'],
    [issuer({ url: 'https://a:b@x' }), 'URL must not contain a username or password'],
    [issuer({ url: 'https://x?a' }), 'URL must not contain a query'],
    [issuer({ url: 'https://x#a' }), 'URL must not contain a fragment'],
    [issuer({ url: 'https://kubernetes' }), 'URL must not overlap with disallowed issuers: [https://kubernetes]'],
    [issuer({ discoveryURL: 'https://issuer.example/' }), 'discoveryURL must be different from URL'],
    [
      issuer({ discoveryURL: 'http://x' }),
      'jwt[0].issuer.discoveryURL: Invalid value: "http://x": URL scheme must be https',
    ],
    [
      issuer({ audiences: [] }),
      'jwt[0].issuer.audiences: Required value: at least one jwt[0].issuer.audiences is required',
    ],
    [issuer({ audiences: [''] }), 'jwt[0].issuer.audiences[0]: Required value'],
    [issuer({ audiences: ['a', 'b'] }), 'audienceMatchPolicy must be MatchAny for multiple audiences'],
    [
      issuer({ audiences: ['a', 'a'], audienceMatchPolicy: 'MatchAny' }),
      'jwt[0].issuer.audiences[1]: Duplicate value: "a"',
    ],
    [issuer({ audienceMatchPolicy: 'All' }), 'audienceMatchPolicy must be empty or MatchAny for single audience'],
    [issuer({ certificateAuthority: 'x' }), 'certificateAuthority: Invalid value: "<omitted>"'],
    [issuer({ egressSelectorType: 'x' }), 'egress selector must be either controlplane or cluster'],
    [mappings({ username: {} }), 'username: Required value: claim or expression is required'],
    [mappings({ username: { claim: 'a' } }), 'prefix is required when claim is set'],
    [mappings({ username: { claim: 'a', expression: 'claims.a' } }), "claim and expression can't both be set"],
    [mappings({ username: { prefix: '', expression: 'claims.a' } }), 'may not be specified when expression is set'],
    [
      mappings({ username: { expression: 'claims.' } }),
      'username.expression: Invalid value: "claims.": compilation failed',
    ],
    [mappings({ username: { expression: 'user.name' } }), 'undeclared reference'],
    [mappings({ username: { expression: 'claims.email' } }), 'claims.email_verified must be used'],
    [
      mappings({ uid: { claim: 'a', expression: 'b' } }),
      'uid: Invalid value: "": claim and expression can\'t both be set',
    ],
    [mappings({ extra: [{ key: 'x', valueExpression: "'a'" }] }), 'must be a domain-prefixed path'],
    [mappings({ extra: [{ key: 'example.org/X', valueExpression: "'a'" }] }), 'must be lowercase'],
    [mappings({ extra: [{ key: 'a.k8s.io/x', valueExpression: "'a'" }] }), 'reserved for Kubernetes use'],
    [mappings({ extra: [{ key: 'example.org/x' }] }), 'extra[0].valueExpression: Required value'],
    [
      mappings({ extra: [1, 2].map(() => ({ key: 'example.org/x', valueExpression: "'a'" })) }),
      'extra[1].key: Duplicate value: "example.org/x"',
    ],
    [
      () => compile({ claimValidationRules: [{}] }),
      'claimValidationRules[0]: Required value: claim or expression is required',
    ],
    [
      () => compile({ claimValidationRules: [{ claim: 'a', expression: 'true' }] }),
      "claim and expression can't both be set",
    ],
    [() => compile({ claimValidationRules: [{ claim: 'a', message: 'm' }] }), 'may not be specified when claim is set'],
    [
      () => compile({ claimValidationRules: [{ expression: 'true', requiredValue: 'v' }] }),
      'may not be specified when expression is set',
    ],
    [
      () => compile({ claimValidationRules: [{ claim: 'a' }, { claim: 'a' }] }),
      'claimValidationRules[1].claim: Duplicate value',
    ],
    [
      () => compile({ claimValidationRules: [{ expression: 'true' }, { expression: 'true' }] }),
      '[1].expression: Duplicate value',
    ],
    [() => compile({ claimValidationRules: [{ expression: 'claims.a' }] }), 'must evaluate to bool'],
    [() => compile({ userValidationRules: [{}] }), 'userValidationRules[0].expression: Required value'],
    [() => compile({ userValidationRules: [{ expression: 'claims.a' }] }), 'undeclared reference'],
    [
      () => compile({ userValidationRules: [{ expression: 'true' }, { expression: 'true' }] }),
      '[1].expression: Duplicate value',
    ],
    [
      () => compile({}, { anonymous: { enabled: false, conditions: [{ path: '/livez' }] } }),
      'enabled should be set to true',
    ],
    [() => compileConfiguration({ jwt: [GOOD, GOOD] }), 'jwt[1].issuer.url: Duplicate value: "https://issuer.example"'],
    [
      () => compileConfiguration({ jwt: Array.from({ length: 65 }, () => GOOD) }),
      'jwt: Too many: 65: must have at most 64 items',
    ],
  ])('is refused where it says %s', (make, message) => expect(make).toThrow(message));

  test.each([
    { username: { expression: "claims.email_verified ? claims.email : ''" } },
    {
      username: { expression: 'claims.email' },
      extra: [{ key: 'a.b/c', valueExpression: 'string(claims.email_verified)' }],
    },
  ])('may make names of addresses where it asks whether they are verified', (change) => {
    expect(mappings(change)).not.toThrow();
  });

  test('is refused with everything that is wrong', () => {
    expect(() => compile({ issuer: {}, claimMappings: {} })).toThrow(
      /^\[jwt\[0\].issuer.url: .*, jwt\[0\].issuer.audiences: .*username: /,
    );
  });
});

describe('a text', () => {
  const text = (rest: string) => `apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\n${rest}`;

  test('is read as YAML, nulls being nothing', () => {
    expect(
      decodeConfiguration(text('jwt:\n- issuer: {url: https://x, audiences: null}\nanonymous: {enabled: true}')),
    ).toMatchObject({
      jwt: [{ issuer: { url: 'https://x' } }],
      anonymous: { enabled: true },
    });
  });

  test.each([
    ['', 'expected kind AuthenticationConfiguration'],
    ['apiVersion: v1\nkind: Pod', 'expected kind AuthenticationConfiguration'],
    [text('jwt: {}'), 'jwt: expected list'],
    [text('jwt: [x]'), 'jwt[0]: expected object'],
    [text('jwt:\n- issuer: {url: 1}'), 'jwt[0].issuer.url: expected string'],
    [text('jwt:\n- isuer: {}'), 'unknown field "jwt[0].isuer"'],
    [text('__proto__: {}\nconstructor: 1'), 'unknown field'],
    [text('anonymous: {enabled: "yes"}'), 'anonymous.enabled: expected boolean'],
    [text('jwt: []\njwt: []'), 'jwt'],
    [text('jwt: ['), 'yaml'],
    ['x'.repeat(2_000_000), 'at most'],
  ])('%# that is none is refused', (given, message) => {
    expect(() => decodeConfiguration(given)).toThrow(message);
  });
});
