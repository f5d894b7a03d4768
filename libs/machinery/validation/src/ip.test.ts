import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cidrContains, formatIp, isCanonicalIp, isCidr, isIp, networkOf, parseCidr, parseIp } from './ip.js';
import { semanticEqual } from './equal.js';
import {
  isConditionReason,
  isConfigMapKey,
  isEnvVarName,
  isHttpHeaderName,
  isPercent,
  isPortName,
  isPortNumber,
} from './values.js';

describe('an address', () => {
  test('is what the rest of the world takes for one', () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.stringMatching(/^[0-9a-f:.]{0,40}$/),
      fc.stringMatching(/^([0-9]{1,3}\.){3}[0-9]{1,3}$/),
    );
    fc.assert(
      fc.property(text, (value) => {
        expect(parseIp(value) !== undefined, value).toBe(isIPv4(value) || isIPv6(value));
      }),
    );
  });

  test('has one text, which says the same', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(bytes, (raw) => {
        const text = formatIp([...raw]);
        expect(parseIp(text)).toEqual([...raw]);
        if (raw.length === 16) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
      }),
    );
  });

  test.each([
    ['10.0.0.1', []],
    ['010.0.0.1', ['must not have leading 0s']],
    ['10.0.0', ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
    ['::ffff:10.0.0.1', ['must not be an IPv4-mapped IPv6 address']],
    ['2001:DB8::1', []],
    ['fe80::1%eth0', ['must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)']],
  ])('%s: %j', (text, complaints) => {
    expect(isIp(text)).toEqual(complaints);
  });

  test('in another text than its own is told which that is', () => {
    expect(isCanonicalIp('2001:DB8:0:0::1')).toEqual(['must be in canonical form ("2001:db8::1")']);
    expect(isCanonicalIp('2001:db8::1')).toEqual([]);
  });
});

describe('a network', () => {
  test('holds the addresses that begin alike, and none of the other family', () => {
    const address = fc.uint8Array({ minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(address, address, fc.nat({ max: 32 }), (one, other, prefix) => {
        const bits = (raw: Uint8Array) =>
          [...raw]
            .map((byte) => byte.toString(2).padStart(8, '0'))
            .join('')
            .slice(0, prefix);
        const cidr = { address: [...one], prefix };
        expect(cidrContains(cidr, [...other])).toBe(bits(one) === bits(other));
        expect(cidrContains(cidr, networkOf(cidr))).toBe(true);
        expect(cidrContains(cidr, new Array<number>(16).fill(0))).toBe(false);
      }),
    );
  });

  test.each([
    ['10.0.0.0/8', []],
    ['10.0.0.1/8', ['must not have bits set beyond the prefix length']],
    ['10.0.0.0/33', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['10.0.0.0/08', ['must not have leading 0s in IP or prefix length']],
    ['::ffff:10.0.0.0/104', ['must not have an IPv4-mapped IPv6 address']],
    ['10.0.0.0', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
    ['10.0.0.0/8/8', ['must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)']],
  ])('%s: %j', (text, complaints) => {
    expect(isCidr(text)).toEqual(complaints);
    expect(parseCidr(text) !== undefined || complaints.length > 0).toBe(true);
  });
});

describe('values', () => {
  test.each([
    ['a port', isPortNumber, [1, 65_535], [0, 65_536, -1]],
    [
      'a port’s name',
      isPortName,
      ['http', 'a-1', 'x'.repeat(15)],
      ['', '80', 'a--b', '-a', 'a-', 'HTTP', 'x'.repeat(16)],
    ],
    ['a share', isPercent, ['0%', '150%'], ['50', '%', '-1%', '1.5%', '50% ']],
    ['a header', isHttpHeaderName, ['X-A', 'a1'], ['', 'a_b', 'a b', 'a:']],
    ['a variable', isEnvVarName, ['A', 'a.b-c', 'with space', '1'], ['', 'a=b', 'ü', 'a\n']],
    ['a key', isConfigMapKey, ['a.b', '.dot', 'A_1', 'x'.repeat(253)], ['', 'a/b', '.', '..', '..a', 'x'.repeat(254)]],
    ['a reason', isConditionReason, ['A', 'ReasonA,ReasonB', 'a:b_'], ['', '1', 'a:', 'a b']],
  ] as readonly [string, (value: never) => string[], readonly unknown[], readonly unknown[]][])(
    '%s',
    (_, check, good, bad) => {
      expect(good.filter((value) => check(value as never).length > 0)).toEqual([]);
      expect(bad.filter((value) => check(value as never).length === 0)).toEqual([]);
    },
  );
});

describe('what means the same', () => {
  test.each([
    [{ a: 1, b: { c: [] } }, { b: {}, a: 1 }, true],
    [undefined, null, true],
    [[], {}, true],
    [null, 0, false],
    [[1, 2], [2, 1], false],
    [{ a: '' }, {}, false],
    [{ a: false }, {}, false],
    [[{}], [], false],
  ])('%j and %j: %s', (left, right, same) => {
    expect([semanticEqual(left, right), semanticEqual(right, left)]).toEqual([same, same]);
  });

  test('is the same whoever is asked first, and of itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        expect(semanticEqual(left, structuredClone(left))).toBe(true);
        expect(semanticEqual(left, right)).toBe(semanticEqual(right, left));
      }),
    );
  });
});
