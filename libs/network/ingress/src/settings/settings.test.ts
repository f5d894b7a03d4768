import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../table/policy.js';
import { readSettings } from './settings.js';

const read = (annotations: Record<string, string>, prefix = 'nginx.ingress.kubernetes.io/') =>
  readSettings(Object.fromEntries(Object.entries(annotations).map(([name, value]) => [prefix + name, value])));

test('without annotations an Ingress has the defaults of ingress-nginx', () => {
  expect(readSettings(undefined)).toEqual({
    settings: {
      policy: DEFAULT_POLICY,
      protocol: 'HTTP',
      usesRegex: false,
      httpsRedirect: 'where there is a certificate',
      aliases: [],
    },
    problems: [],
  });
});

test.each<[name: string, value: string, expected: object]>([
  ['proxy-body-size', '8m', { bodyLimit: 8 << 20 }],
  ['proxy-body-size', '0', { bodyLimit: 0 }],
  ['proxy-read-timeout', '120', { timeouts: { ...DEFAULT_POLICY.timeouts, read: 120_000 } }],
  ['proxy-connect-timeout', '2s', { timeouts: { ...DEFAULT_POLICY.timeouts, connect: 2_000 } }],
  ['app-root', '/app', { appRoot: '/app' }],
  ['upstream-vhost', 'inner.example.com', { upstreamHost: 'inner.example.com' }],
  ['proxy-next-upstream-tries', '5', { tries: 5 }],
  ['x-forwarded-prefix', '/app', { requestHeaders: [{ set: [['x-forwarded-prefix', '/app']], add: [], remove: [] }] }],
])('%s: %s', (name, value, policy) => {
  const { settings, problems } = read({ [name]: value });
  expect(settings.policy).toEqual({ ...DEFAULT_POLICY, ...policy });
  expect(problems).toEqual([]);
});

test.each([
  ['proxy-body-size', 'large', 'the annotation proxy-body-size is no size such as 8m'],
  ['proxy-read-timeout', '-1', 'the annotation proxy-read-timeout is no number of seconds'],
  ['ssl-redirect', 'yes', 'the annotation ssl-redirect is neither true nor false'],
  ['backend-protocol', 'FCGI', 'the annotation backend-protocol is none of HTTP, HTTPS, GRPC, GRPCS'],
  ['canary-weight', '1.5', 'the annotation canary-weight is no whole number from 0 to 2147483647'],
  ['app-root', 'app', 'the annotation app-root is no path'],
  ['configuration-snippet', 'return 200;', 'the annotation configuration-snippet is not known here'],
  ['session-cookie-name', 'a b', 'the annotation session-cookie-name is no name of a cookie'],
  ['upstream-vhost', 'a\r\nb: c', 'the annotation upstream-vhost is no host'],
  ['permanent-redirect', 'javascript:alert(1)', 'the annotation permanent-redirect is no URL'],
  [
    'cors-allow-origin',
    'example.com',
    'the annotation cors-allow-origin holds something that is no origin: none is allowed',
  ],
])('%s: %j cannot be done', (name, value, words) => {
  const { settings, problems } = read({ [name]: value });
  expect(problems).toEqual([words]);
  expect(settings.policy).toEqual(DEFAULT_POLICY);
  expect(settings.closed).toBeUndefined();
});

test('our own prefix counts before that of ingress-nginx', () => {
  const { settings } = readSettings({
    'nginx.ingress.kubernetes.io/proxy-body-size': '1m',
    'ingress.binnacle.dev/proxy-body-size': '2m',
  });
  expect(settings.policy.bodyLimit).toBe(2 << 20);
  expect(read({ 'use-regex': 'true' }, 'ingress.binnacle.dev/').settings.usesRegex).toBe(true);
});

test.each(['auth-type', 'auth-url', 'auth-tls-secret', 'enable-modsecurity', 'satisfy'])('%s closes', (name) => {
  expect(read({ [name]: 'x' }).settings.closed).toBe(
    `the annotation ${name}, which guards this page, is not known here`,
  );
});

describe('who may ask', () => {
  const allows = (ranges: string, address: string) =>
    read({ 'whitelist-source-range': ranges }).settings.policy.sources?.check(
      address,
      address.includes(':') ? 'ipv6' : 'ipv4',
    );

  test('is said in ranges of both families', () => {
    expect(allows('10.0.0.0/8, 192.168.1.7', '10.1.2.3')).toBe(true);
    expect(allows('10.0.0.0/8,192.168.1.7', '192.168.1.7')).toBe(true);
    expect(allows('10.0.0.0/8', '11.0.0.1')).toBe(false);
    expect(allows('fd00::/8', 'fd12::1')).toBe(true);
  });

  test.each(['10.0.0/8', '10.0.0.0/33', 'all', '10.0.0.0/8/8', '10.0.0.0/', ''.padEnd(5_000, '1')])(
    'not as %j',
    (ranges) => {
      const { settings } = read({ 'allowlist-source-range': ranges });
      expect(settings.policy.sources).toBeUndefined();
      expect(settings.closed).toBe('the range of addresses that may ask cannot be read');
    },
  );
});

test('a canary is one only where it says so', () => {
  expect(read({ 'canary-weight': '10' }).settings.canary).toBeUndefined();
  expect(read({ canary: 'true', 'canary-weight': '10', 'canary-weight-total': '5' }).settings.canary).toEqual({
    weight: 5,
    of: 5,
  });
  const { settings, problems } = read({ canary: 'true', 'canary-by-header': 'a', 'canary-by-header-pattern': '(' });
  expect(settings.canary?.header?.value).toEqual({ kind: 'exact', value: '\0' });
  expect(problems[0]).toContain('canary-by-header-pattern cannot be used');
});

test('an affinity has its cookie', () => {
  const { settings } = read({
    affinity: 'cookie',
    'session-cookie-name': 'route',
    'session-cookie-max-age': '600',
    'session-cookie-samesite': 'lax',
    'session-cookie-path': '/app',
  });
  expect(settings.policy.affinity).toEqual({
    name: 'route',
    path: '/app',
    maxAge: 600,
    sameSite: 'Lax',
    changesOnFailure: false,
  });
  expect(read({ 'session-cookie-name': 'route' }).settings.policy.affinity).toBeUndefined();
});
