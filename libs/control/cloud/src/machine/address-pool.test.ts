import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AddressPool, canonicalIp, familyOf, type IpFamily } from './address-pool.js';

function drain(pool: AddressPool, family: IpFamily = 'IPv4', most = 10): string[] {
  const taken = new Set<string>();
  for (let ip = pool.next(family, (each) => !taken.has(each)); ip && taken.size < most; ) {
    taken.add(ip);
    ip = pool.next(family, (each) => !taken.has(each));
  }
  return [...taken];
}

describe('a pool of addresses', () => {
  test.each<[string[], string[]]>([
    [['127.97.0.0/29'], ['127.97.0.1', '127.97.0.2', '127.97.0.3', '127.97.0.4', '127.97.0.5', '127.97.0.6']],
    [
      ['192.0.2.8/31', '192.0.2.1/32'],
      ['192.0.2.8', '192.0.2.9', '192.0.2.1'],
    ],
    [['192.0.2.4/30'], ['192.0.2.5', '192.0.2.6']],
    [[], []],
  ])('of %j hands out %j', (ranges, expected) => {
    expect(drain(new AddressPool(ranges))).toEqual(expected);
  });

  test('of both families knows them apart, however large one is', () => {
    const pool = new AddressPool(['192.0.2.4/30', '2001:db8::/64']);
    expect([pool.has('IPv4'), pool.has('IPv6'), pool.size('IPv6')]).toEqual([true, true, 2n ** 64n - 1n]);
    expect(drain(pool, 'IPv6', 2)).toEqual(['2001:db8::1', '2001:db8::2']);
  });

  test('goes on after the address it gave last, and comes round', () => {
    const pool = new AddressPool(['127.97.0.0/30']);
    const all = () => true;
    expect([1, 2, 3].map(() => pool.next('IPv4', all))).toEqual(['127.97.0.1', '127.97.0.2', '127.97.0.1']);
    expect(pool.next('IPv4', () => false)).toBeUndefined();
  });

  test('contains what it hands out, and neither the network’s own address nor that of all', () => {
    const pool = new AddressPool(['127.97.0.0/24']);
    const asked = ['127.97.0.1', '127.97.0.254', '127.97.0.0', '127.97.0.255', '127.97.1.1', 'nonsense', '::1'];
    expect(asked.map((ip) => pool.contains(ip))).toEqual([true, true, false, false, false, false, false]);
  });

  test.each(['127.97.0.0', '127.97.0.1/24', '127.97.0.0/33', '300.0.0.0/8', 'x/y', '', '127.97.00.0/24'])(
    'cannot be made of %s',
    (range) => {
      expect(() => new AddressPool([range])).toThrow(RangeError);
    },
  );

  test('whatever its ranges are called, is read or refused', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => new AddressPool([text])).toThrow(RangeError);
      }),
    );
  });

  test('hands out each address once, all of them its own', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 26, max: 32 }));
    fc.assert(
      fc.property(fc.uniqueArray(range, { selector: ([byte]) => byte, maxLength: 4 }), (ranges) => {
        const pool = new AddressPool(ranges.map(([byte, prefix]) => `192.0.${byte}.0/${prefix}`));
        const all = drain(pool, 'IPv4', 1000);
        expect(all).toHaveLength(Number(pool.size('IPv4')));
        expect(all.every((ip) => pool.contains(ip))).toBe(true);
      }),
    );
  });
});

test('an address has one text and one family', () => {
  expect(['2001:DB8:0::1', '127.97.0.1', 'x'].map(canonicalIp)).toEqual(['2001:db8::1', '127.97.0.1', 'x']);
  expect(['2001:db8::1', '127.97.0.1', 'x'].map(familyOf)).toEqual(['IPv6', 'IPv4', undefined]);
});
