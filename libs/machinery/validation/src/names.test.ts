import { describe, expect, test } from 'vitest';
import * as check from './index.js';

describe('DNS names', () => {
  test.each(['a', 'a-b', '1a', 'a'.repeat(63)])('%s is a label', (value) =>
    expect(check.isDns1123Label(value)).toEqual([]),
  );

  test('what is wrong with a label is said', () => {
    expect(check.isDns1123Label('Bad_Name')).toEqual([
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    expect(check.isDns1123Label('a.b')).toEqual(['must not contain dots']);
    expect(check.isDns1123Label('a'.repeat(64))).toEqual(['must be no more than 63 characters']);
  });

  test('a subdomain is labels with dots', () => {
    expect(check.isDns1123Subdomain('a.b-c.d')).toEqual([]);
    expect(check.isDns1123Subdomain('a..b')[0]).toContain('a lowercase RFC 1123 subdomain must consist of');
    expect(check.isDns1123Subdomain('a\n')).toHaveLength(1);
  });

  test('a DNS-1035 label starts with a letter', () => {
    expect(check.isDns1035Label('1a')[0]).toContain('start with an alphabetic character');
    expect(check.isDns1035Label('a1')).toEqual([]);
  });

  test('a generated name may end in a dash', () => {
    expect(check.nameIsDnsSubdomain('web-', true)).toEqual([]);
    expect(check.nameIsDnsSubdomain('web-', false)).toHaveLength(1);
  });
});

describe('keys and values', () => {
  test('a qualified name may have a prefix', () => {
    expect(check.isQualifiedName('example.com/My.name_1')).toEqual([]);
    expect(check.isQualifiedName('/name')).toEqual(['prefix part must be non-empty']);
    expect(check.isQualifiedName('a/')[0]).toBe('name part must be non-empty');
    expect(check.isQualifiedName('a/b/c')[0]).toContain('with an optional DNS subdomain prefix');
  });

  test('a label value may be empty', () => {
    expect(check.isLabelValue('')).toEqual([]);
    expect(check.isLabelValue('-a')[0]).toContain('a valid label must be an empty string or consist of alphanumeric');
  });

  test('a port name has a letter and no double hyphen', () => {
    expect(check.isPortName('http')).toEqual([]);
    expect(check.isPortName('80')).toEqual(['must contain at least one letter (a-z)']);
    expect(check.isPortName('a--b')).toEqual(['must not contain consecutive hyphens']);
  });

  test('a config key is a safe file name', () => {
    expect(check.isConfigMapKey('app.properties')).toEqual([]);
    expect(check.isConfigMapKey('..')).toEqual(["must not be '..'"]);
    expect(check.isConfigMapKey('..a')).toEqual(["must not start with '..'"]);
    expect(check.isConfigMapKey('a/b')).toHaveLength(1);
  });

  test('an environment variable may be anything printable but =', () => {
    expect(check.isEnvVarName('MY-1.VAR')).toEqual([]);
    expect(check.isEnvVarName('A=B')).toHaveLength(1);
  });
});

describe('addresses', () => {
  test.each(['10.9.8.7', '2001:db8::ffff', '::', '::1', '1::'])('%s is an address', (value) =>
    expect(check.isIp(value)).toEqual([]),
  );
  test.each([
    ['10.9.8', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ['10.9.8.256', 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    ['010.9.8.7', 'must not have leading 0s'],
    ['::ffff:1.2.3.4', 'must not be an IPv4-mapped IPv6 address'],
  ])('%s: %s', (value, message) => expect(check.isIp(value)).toEqual([message]));
  test('fields of old take an IPv6 address written at length, with a warning, and new ones do not', () => {
    const at = check.fieldPath('spec', 'ip');
    expect(check.isIp('2001:DB8::1')).toEqual([]);
    expect(check.isCanonicalIp('2001:DB8::1')).toEqual(['must be in canonical form ("2001:db8::1")']);
    expect(check.isCanonicalIp('010.0.0.1')).toEqual(['must not have leading 0s']);
    expect(check.ipWarnings('2001:DB8::1', at)).toEqual([
      'spec.ip: IPv6 address "2001:DB8::1" should be in RFC 5952 canonical format ("2001:db8::1")',
    ]);
    expect(check.cidrWarnings('2001:DB8::/64', at)).toEqual([
      'spec.ip: IPv6 CIDR value "2001:DB8::/64" should be in RFC 5952 canonical format ("2001:db8::/64")',
    ]);
    expect([...check.ipWarnings('10.0.0.1', at), ...check.cidrWarnings('10.0.0.0/8', at)]).toEqual([]);
  });
  test.each([
    ['10.0.0.0/8', []],
    ['2001:db8::/64', []],
    ['2001:DB8:0::/64', []],
    ['010.0.0.0/8', ['must not have leading 0s in IP or prefix length']],
    ['::ffff:1.2.3.0/120', ['must not have an IPv4-mapped IPv6 address']],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['10.0.0.0/33', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ])('%s as a network: %j', (value, messages) => expect(check.isCidr(value)).toEqual(messages));
  test('a network contains its addresses', () => {
    const cidr = check.parseCidr('10.96.0.0/12');
    const within = (ip: string) => cidr && check.cidrContains(cidr, check.parseIp(ip) ?? []);
    expect([within('10.111.255.255'), within('10.112.0.0'), within('::1')]).toEqual([true, false, false]);
  });
});
