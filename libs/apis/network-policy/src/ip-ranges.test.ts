import { cidrContains, formatIp, parseCidr, parseIp } from '@binnacle/machinery-validation';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressRange, rangeHolds } from './ip-ranges.js';

const holds = (cidr: string, ip: string, ...except: string[]): boolean => {
  const range = addressRange({ cidr, except });
  return range !== undefined && rangeHolds(range, ip);
};

test.each([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.1.0.0/20', '10.1.15.255', true],
  ['10.1.0.0/20', '10.1.16.0', false],
  ['192.0.2.7/32', '192.0.2.7', true],
  ['0.0.0.0/0', '192.0.2.7', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
  ['::/0', '2001:db8::1', true],
  ['10.0.0.0/8', 'nobody', false],
  ['10.0.0.0/8', '', false],
  ['10.0.0.0/40', '10.0.0.1', false],
])('whether %s holds %s is %s', (cidr, ip, expected) => {
  expect(holds(cidr, ip)).toBe(expected);
});

test('what is left out is not held, and what is no range leaves nothing out', () => {
  expect([holds('10.0.0.0/8', '10.1.2.3', '10.1.0.0/16'), holds('10.0.0.0/8', '10.1.2.3', 'x')]).toEqual([false, true]);
});

test('a range holds what the API machinery says it does', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
  );
  const text = bytes.map((all) => formatIp([...all]));
  fc.assert(
    fc.property(text, text, fc.nat(128), fc.nat(128), (one, other, prefix, flip) => {
      const cidr = parseCidr(`${one}/${prefix}`);
      fc.pre(cidr !== undefined);
      const near = [...(parseIp(one) ?? [])];
      const at = flip % (near.length * 8);
      near[at >> 3] = (near[at >> 3] ?? 0) ^ (128 >> (at & 7));
      for (const ip of [other, one, formatIp(near)])
        expect(holds(`${one}/${prefix}`, ip)).toBe(cidrContains(cidr as never, parseIp(ip) ?? []));
    }),
    { numRuns: 2000 },
  );
});
