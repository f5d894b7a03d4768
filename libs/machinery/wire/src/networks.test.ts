import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { carriedAddress, isOfWire, mayBeExternal, wireHost } from './index.js';

describe('an address beside its own may be had by a Service', () => {
  test.each([
    ['10.97.0.1', undefined],
    ['127.97.0.1', undefined],
    ['10.96.0.10', undefined],
    ['127.255.0.1', undefined],
    ['10.1.21.7', '10.1.16.0'],
    ['127.1.31.255', '10.1.16.0/22'],
  ])('%s of the network %s', (ip, network) => {
    expect(mayBeExternal(ip, network)).toBe(true);
  });

  test.each([
    ['of the machine itself', '127.0.0.1', undefined],
    ['of the machine, as the wire would carry it', '10.0.0.1', undefined],
    ["of the machine's resolver", '127.0.0.53', undefined],
    ['of another cluster', '10.1.16.20', undefined],
    ['of the last other cluster', '127.95.255.255', undefined],
    ['of `main`, in another cluster', '10.97.0.1', '10.1.16.0'],
    ['of the neighbour', '10.1.32.1', '10.1.16.0'],
    ['of the neighbour before', '10.1.15.255', '10.1.16.0'],
    ['of the machine, in another cluster', '127.0.0.1', '10.1.16.0'],
    ['of a network that is none', '127.0.0.1', '255.255.255.255'],
    ['outside of the wire', '192.0.2.1', undefined],
    ['of all', '0.0.0.0', undefined],
    ['that is longer', '10.97.0.1.1', undefined],
    ['of IPv6', '::ffff:127.97.0.1', undefined],
  ])('but not one %s', (_, ip, network) => {
    expect(mayBeExternal(ip, network)).toBe(false);
  });
});

const byte = fc.integer({ min: 0, max: 255 });
const inner = fc.tuple(byte, byte, byte).map((bytes) => `10.${bytes.join('.')}`);

test('how an address is written makes no difference, and no two clusters may have the same', () => {
  fc.assert(
    fc.property(inner, inner, inner, (ip, one, other) => {
      expect(isOfWire(ip) && isOfWire(wireHost(ip))).toBe(true);
      for (const network of [undefined, one])
        expect(mayBeExternal(wireHost(ip), network)).toBe(mayBeExternal(ip, network));
      const ownOfMain = mayBeExternal(ip);
      if (ownOfMain) expect(mayBeExternal(ip, one) && Number(one.split('.')[1]) < 96).toBe(false);
      if (mayBeExternal(ip, one) && mayBeExternal(ip, other)) expect(mayBeExternal(one, other)).toBe(true);
      expect(carriedAddress(wireHost(ip))).toBe(ip);
    }),
  );
});
