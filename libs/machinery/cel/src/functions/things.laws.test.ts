import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../testing/evaluate.js';

describe('quantities', () => {
  const NUMBER = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
  const POWERS = { '': 0n, k: 3n, M: 6n, G: 9n } as const;
  const amount = fc
    .tuple(NUMBER, fc.constantFrom(...(Object.keys(POWERS) as (keyof typeof POWERS)[])))
    .map(([number, suffix]) => ({ text: `${number}${suffix}`, value: number * 10n ** POWERS[suffix] }));

  it('are compared and added by what they stand for', () => {
    fc.assert(
      fc.property(amount, amount, (left, right) => {
        const bindings = { a: left.text, b: right.text };
        const of = (source: string): string => evaluate(source, bindings);
        const order = left.value === right.value ? 0 : left.value < right.value ? -1 : 1;
        expect(of('quantity(a).compareTo(quantity(b))')).toBe(String(order));
        expect(of('quantity(a).isLessThan(quantity(b))')).toBe(String(order < 0));
        expect(of('quantity(a).isGreaterThan(quantity(b))')).toBe(String(order > 0));
        expect(of('quantity(a) == quantity(b)')).toBe(String(order === 0));
        expect(of('quantity(a).add(quantity(b)).asInteger()')).toBe(String(left.value + right.value));
        expect(of('quantity(a).sub(quantity(b)).asInteger()')).toBe(String(left.value - right.value));
        expect(of('sign(quantity(a))')).toBe(String(left.value === 0n ? 0 : left.value < 0n ? -1 : 1));
      }),
    );
  });

  it.each([
    ["quantity('1.5').isInteger()", 'false'],
    ["quantity('1500m').asApproximateFloat()", 'double(1.5)'],
    ["quantity('1Ki').add(24).asInteger()", '1048'],
    ["quantity('50M').sub(20).asInteger()", '49999980'],
    ["isQuantity('1Mi')", 'true'],
    ["isQuantity('1Mib')", 'false'],
    ["isQuantity(' 1')", 'false'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source)).toBe(expected);
  });
});

describe('versions', () => {
  const number = fc.oneof(fc.nat(1), fc.nat(12));
  const pre = fc.array(fc.oneof(fc.nat(9).map(String), fc.constantFrom('a', 'b', 'alpha-1', 'Z')), { maxLength: 2 });
  const version = fc
    .tuple(number, number, number, pre)
    .map(([major, minor, patch, parts]) => ({ core: [major, minor, patch], parts }));

  function partPrecedes(one: string, other: string): boolean {
    const [ours, theirs] = [/^\d+$/.test(one), /^\d+$/.test(other)];
    if (ours && theirs) return Number(one) < Number(other);
    return ours === theirs ? one < other : ours;
  }

  /** Precedence as semver 2.0 has it, in its own words. */
  function precedes(left: { core: number[]; parts: string[] }, right: { core: number[]; parts: string[] }): boolean {
    const at = left.core.findIndex((one, index) => one !== right.core[index]);
    if (at >= 0) return (left.core[at] ?? 0) < (right.core[at] ?? 0);
    if (left.parts.length === 0 || right.parts.length === 0) return left.parts.length > 0 && right.parts.length === 0;
    const other = left.parts.findIndex((one, index) => one !== right.parts[index]);
    if (other < 0) return left.parts.length < right.parts.length;
    return right.parts[other] !== undefined && partPrecedes(left.parts[other] ?? '', right.parts[other]);
  }

  const written = ({ core, parts }: { core: number[]; parts: string[] }): string =>
    core.join('.') + (parts.length > 0 ? `-${parts.join('.')}` : '');

  it('have the precedence of semver', () => {
    fc.assert(
      fc.property(version, version, fc.constantFrom('', '+build.7'), (left, right, build) => {
        const bindings = { a: written(left) + build, b: written(right) };
        const [less, more] = [precedes(left, right), precedes(right, left)];
        expect(evaluate('semver(a).isLessThan(semver(b))', bindings)).toBe(String(less));
        expect(evaluate('semver(a).compareTo(semver(b))', bindings)).toBe(String(Number(more) - Number(less)));
        expect(evaluate('semver(a) == semver(b)', bindings)).toBe(String(!less && !more));
      }),
    );
  });

  it('tell their parts', () => {
    fc.assert(
      fc.property(version, (one) => {
        const found = ['major', 'minor', 'patch'].map((name) => evaluate(`semver(a).${name}()`, { a: written(one) }));
        expect(found).toEqual(one.core.map(String));
      }),
    );
  });
});

describe('addresses', () => {
  const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 });
  const value = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

  it('are within a network whose leading bits they share', () => {
    fc.assert(
      fc.property(octets, octets, fc.nat(32), (network, near, prefix) => {
        // Half of the addresses differ from the network's in their last bits only.
        const mixed = [...network.slice(0, 2), ...near.slice(2)];
        for (const address of [near, mixed]) {
          const bindings = { n: `${network.join('.')}/${prefix}`, a: address.join('.') };
          const size = 2 ** (32 - prefix);
          const shares = Math.floor(value(network) / size) === Math.floor(value(address) / size);
          expect(evaluate('cidr(n).containsIP(a)', bindings)).toBe(String(shares));
          expect(evaluate('cidr(n).containsIP(ip(a))', bindings)).toBe(String(shares));
          expect(evaluate("cidr(n).containsCIDR(a + '/32')", bindings)).toBe(String(shares));
          expect(evaluate('cidr(n).masked().ip().family()', bindings)).toBe('4');
        }
      }),
    );
  });

  it('contain the networks within them', () => {
    fc.assert(
      fc.property(octets, fc.nat(32), fc.nat(32), (bytes, left, right) => {
        const bindings = { a: `${bytes.join('.')}/${left}`, b: `${bytes.join('.')}/${right}` };
        expect(evaluate('cidr(a).containsCIDR(b)', bindings)).toBe(String(left <= right));
        expect(evaluate('cidr(a).prefixLength()', bindings)).toBe(String(left));
      }),
    );
  });

  it('of the sixth family are canonical as Node writes them', () => {
    const groups = fc.array(fc.constantFrom(0, 0, 1, 0xab, 0xffff), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(groups, (parts) => {
        fc.pre(!(parts.slice(0, 5).every((part) => part === 0) && parts[5] === 0xffff));
        const full = parts.map((part) => part.toString(16).padStart(4, '0')).join(':');
        const canonical = new URL(`http://[${full}]/`).hostname.slice(1, -1);
        expect(evaluate('string(ip(a))', { a: full })).toBe(JSON.stringify(canonical));
        expect(evaluate('ip.isCanonical(a)', { a: canonical })).toBe('true');
        expect(evaluate('ip.isCanonical(a)', { a: full })).toBe(String(full === canonical));
      }),
    );
  });

  it.each([
    ['127.0.0.1', 'isLoopback'],
    ['::1', 'isLoopback'],
    ['169.254.3.4', 'isLinkLocalUnicast'],
    ['fe80::1', 'isLinkLocalUnicast'],
    ['febf::1', 'isLinkLocalUnicast'],
    ['224.0.0.251', 'isLinkLocalMulticast'],
    ['ff02::1', 'isLinkLocalMulticast'],
    ['0.0.0.0', 'isUnspecified'],
    ['::', 'isUnspecified'],
    ['10.0.0.1', 'isGlobalUnicast'],
    ['fec0::1', 'isGlobalUnicast'],
  ])('%s is of the kind %s alone', (address, kind) => {
    const kinds = ['isLoopback', 'isLinkLocalUnicast', 'isLinkLocalMulticast', 'isUnspecified', 'isGlobalUnicast'];
    expect(kinds.filter((one) => evaluate(`ip(a).${one}()`, { a: address }) === 'true')).toEqual([kind]);
  });

  it.each(['1.2.3', '01.2.3.4', '1.2.3.4.5', '::ffff:1.2.3.4', 'fe80::1%eth0', '1::2::3', '', 'a'])(
    '%j is none',
    (text) => {
      expect(evaluate('isIP(a)', { a: text })).toBe('false');
      expect(evaluate('ip(a)', { a: text })).toMatch(/^error: /);
      expect(evaluate("isCIDR(a + '/8')", { a: text })).toBe('false');
    },
  );
});

describe('times', () => {
  const MOMENT = fc.date({ min: new Date('0002-01-01'), max: new Date('9998-12-31'), noInvalidDate: true });

  it('tell the fields of their UTC clock', () => {
    fc.assert(
      fc.property(MOMENT, (date) => {
        const of = (name: string): string => evaluate(`timestamp(a).${name}()`, { a: date.toISOString() });
        expect(of('getFullYear')).toBe(String(date.getUTCFullYear()));
        expect(of('getMonth')).toBe(String(date.getUTCMonth()));
        expect(of('getDate')).toBe(String(date.getUTCDate()));
        expect(of('getDayOfMonth')).toBe(String(date.getUTCDate() - 1));
        expect(of('getDayOfWeek')).toBe(String(date.getUTCDay()));
        expect(of('getHours')).toBe(String(date.getUTCHours()));
        expect(of('getSeconds')).toBe(String(date.getUTCSeconds()));
        expect(of('getMilliseconds')).toBe(String(date.getUTCMilliseconds()));
        expect(evaluate('int(timestamp(a))', { a: date.toISOString() })).toBe(
          String(Math.floor(date.getTime() / 1000)),
        );
      }),
    );
  });

  it('are apart by what was added', () => {
    fc.assert(
      fc.property(MOMENT, fc.integer({ min: -86_400_000, max: 86_400_000 }), (date, millis) => {
        const bindings = { a: date.toISOString(), by: `${millis}ms` };
        expect(evaluate('timestamp(a) + duration(by) - timestamp(a)', bindings)).toBe(
          `duration(${BigInt(millis) * 1_000_000n})`,
        );
        expect(evaluate('timestamp(a) + duration(by) - duration(by) == timestamp(a)', bindings)).toBe('true');
        expect(evaluate('timestamp(a) < timestamp(a) + duration(by)', bindings)).toBe(String(millis > 0));
      }),
    );
  });

  it.each([
    ["timestamp('2026-03-01T00:30:00Z').getHours('+05:45')", '6'],
    ["timestamp('2026-03-01T00:30:00Z').getDate('-01:00')", '28'],
    ["timestamp('2026-07-01T12:00:00Z').getHours('America/New_York')", '8'],
    ["timestamp('2026-01-01T12:00:00Z').getHours('America/New_York')", '7'],
    ["timestamp('2026-01-01T12:00:00Z').getHours('Nowhere/Town')", 'error: unknown time zone Nowhere/Town'],
    ["timestamp('2024-12-31T00:00:00Z').getDayOfYear()", '365'],
    ["timestamp('9999-12-31T23:59:59Z') + duration('1s')", 'error: timestamp overflow'],
    ["timestamp('0001-01-01T00:00:00Z') - duration('1ns')", 'error: timestamp overflow'],
    ["duration('2540400h') + duration('2540400h')", 'error: duration overflow'],
    ["duration('1h30m5s').getMinutes()", '90'],
    ["duration('-1.5s').getSeconds()", '-1'],
    ["duration('1.5s').getMilliseconds()", '1500'],
    ["string(duration('1h'))", '"3600s"'],
    ["string(timestamp('2026-01-01T00:00:00.500+01:00'))", '"2026-01-01T00:00:00.5+01:00"'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source)).toBe(expected);
  });
});

describe('URLs', () => {
  it('tell what they were made of', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '1', '-'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(word, fc.nat(65_535), fc.array(word, { maxLength: 3 }), word, (host, port, path, value) => {
        const a = `https://h${host}:${port}/${path.join('/')}?k=${value}&k=2`;
        const of = (name: string): string => evaluate(`url(a).${name}()`, { a });
        expect(of('getScheme')).toBe('"https"');
        expect(of('getHost')).toBe(JSON.stringify(`h${host}:${port}`));
        expect(of('getHostname')).toBe(JSON.stringify(`h${host}`));
        expect(of('getPort')).toBe(JSON.stringify(String(port)));
        expect(of('getEscapedPath')).toBe(JSON.stringify(`/${path.join('/')}`));
        expect(of('getQuery')).toBe(`{"k": ["${value}", "2"]}`);
      }),
    );
  });

  it.each(['', 'a', 'http://a:b/', 'http://[::1/', 'http://a b/', ':x', 'http://%zz/'])('%j is none', (a) => {
    expect(evaluate('isURL(a)', { a })).toBe('false');
    expect(evaluate('url(a)', { a })).toMatch(/^error: URL parse error during conversion from string: /);
  });
});
