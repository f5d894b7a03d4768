import { BlockList } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RangeMap, Ranges } from './ranges.js';

describe('ranges', () => {
  const ranges = new Ranges(['10.244.0.0/16', ' fd00:10:244::/56 ', '10.1.2.3', '10.0.0.0/99', 'nonsense/8', '']);

  test.each([
    ['10.244.255.1', true],
    ['10.245.0.1', false],
    ['fd00:10:244:0:1::5', true],
    ['fd00:10:245::5', false],
    ['10.1.2.3', false],
    ['nonsense', false],
    ['', false],
    // An address of IPv4 in the clothes of IPv6 is neither.
    ['::ffff:10.244.0.1', false],
  ])('hold %s: %s', (address, expected) => {
    expect(ranges.has(address)).toBe(expected);
  });
});

test('the narrowest range wins, whoever came first with it', () => {
  const map = new RangeMap<string>();
  expect(map.add('10.0.0.0/8', 'greedy')).toBe(true);
  expect(map.add('10.244.1.0/24', 'a')).toBe(true);
  expect(map.add('10.244.1.9/24', 'thief')).toBe(false);
  expect(map.add('fd00::/64', 'six')).toBe(true);
  expect(map.add('0.0.0.0/0', 'all')).toBe(true);
  expect(map.add('not a range', 'nobody')).toBe(false);
  const found = ['10.244.1.5', '10.244.2.5', '192.0.2.1', 'fd00::5', 'fd01::5', 'x'].map((ip) => map.find(ip));
  expect(found).toEqual(['a', 'greedy', 'all', 'six', undefined, undefined]);
});

const byte = fc.integer({ min: 0, max: 255 });
const ip = fc.tuple(byte, byte, byte, byte).map((bytes) => bytes.join('.'));
const range = fc.tuple(ip, fc.integer({ min: 0, max: 32 }));

test('an address is found exactly where some range holds it, and in one as narrow as any that does', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 12 }), ip, (given, address) => {
      const map = new RangeMap<number>();
      for (const [network, prefix] of given) map.add(`${network}/${prefix}`, prefix);
      const holding = given.filter(([network, prefix]) => {
        const list = new BlockList();
        list.addSubnet(network, prefix);
        return list.check(address);
      });
      const narrowest = Math.max(...holding.map(([, prefix]) => prefix));
      expect(map.find(address)).toBe(holding.length > 0 ? narrowest : undefined);
    }),
  );
});
