import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDouble } from '../index.js';
import { evaluate } from '../testing/evaluate.js';

const [LEAST, MOST, MOST_UINT] = [-(2n ** 63n), 2n ** 63n - 1n, 2n ** 64n - 1n];

/** Whole numbers, most of them near an end of what 64 bits hold or near zero. */
const near = (place: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min: -3n, max: 3n }).map((step) => place + step);
const INT = fc
  .oneof(near(0n), near(LEAST), near(MOST), near(3_037_000_499n), fc.bigInt({ min: LEAST, max: MOST }))
  .map((value) => BigInt.asIntN(64, value));
const UINT = fc
  .oneof(near(3n), near(MOST_UINT), near(4_294_967_296n), fc.bigInt({ min: 0n, max: MOST_UINT }))
  .map((value) => BigInt.asUintN(64, value));

type Operation = readonly [sign: string, word: string, of: (left: bigint, right: bigint) => bigint];
const OPERATIONS: readonly Operation[] = [
  ['+', '', (left, right) => left + right],
  ['-', '', (left, right) => left - right],
  ['*', '', (left, right) => left * right],
  ['/', 'division', (left, right) => left / right],
  ['%', 'modulus', (left, right) => left % right],
];

const fits = (value: bigint | undefined, least: bigint, most: bigint): boolean =>
  value !== undefined && value >= least && value <= most;

describe.each(OPERATIONS)('%s', (sign, word, of) => {
  const zero = `error: ${word} by zero`;

  it('of whole numbers is exact, or an overflow', () => {
    fc.assert(
      fc.property(INT, INT, (a, b) => {
        const found = evaluate(`a ${sign} b`, { a, b });
        const exact = word !== '' && b === 0n ? undefined : of(a, b);
        // The rest of the least by -1 is zero, but it overflows on the way.
        const overflows = !fits(exact, LEAST, MOST) || (sign === '%' && a === LEAST && b === -1n);
        expect(found).toBe(exact === undefined ? zero : overflows ? 'error: integer overflow' : String(exact));
      }),
    );
  });

  it('of unsigned numbers is exact, or an overflow', () => {
    fc.assert(
      fc.property(UINT, UINT, (a, b) => {
        const found = evaluate(`uint(a) ${sign} uint(b)`, { a: String(a), b: String(b) });
        const exact = word !== '' && b === 0n ? undefined : of(a, b);
        const value = fits(exact, 0n, MOST_UINT) ? `${exact}u` : 'error: unsigned integer overflow';
        expect(found).toBe(exact === undefined ? zero : value);
      }),
    );
  });

  it('does not mix types', () => {
    expect(evaluate(`1 ${sign} 1u`)).toMatch(/^refused: found no matching overload/);
    expect(evaluate(`1 ${sign} 1.0`)).toMatch(/^refused: found no matching overload/);
  });
});

it.each([
  ['+', (left: number, right: number) => left + right],
  ['-', (left: number, right: number) => left - right],
  ['*', (left: number, right: number) => left * right],
  ['/', (left: number, right: number) => left / right],
])('doubles know no errors: %s', (sign, of) => {
  fc.assert(
    fc.property(fc.double(), fc.double(), (a, b) => {
      expect(evaluate(`a ${sign} b`, { a, b })).toBe(`double(${formatDouble(of(a, b))})`);
    }),
  );
});

it('overflows where the least is divided by -1, though its rest would be zero', () => {
  for (const sign of ['/', '%', '*'])
    expect([sign, evaluate(`a ${sign} b`, { a: LEAST, b: -1n })]).toEqual([sign, 'error: integer overflow']);
});

it('negates all but the least', () => {
  fc.assert(
    fc.property(INT, (a) => {
      expect(evaluate('-a', { a })).toBe(a === LEAST ? 'error: integer overflow' : String(-a));
    }),
  );
});

describe('order', () => {
  const NUMBER = fc.oneof(INT, fc.double({ noNaN: true }), near(9_007_199_254_740_992n));
  const ORDERS = ['<', '<=', '>', '>=', '==', '!='] as const;

  it('of numbers is by their values, whatever their types', () => {
    fc.assert(
      fc.property(NUMBER, NUMBER, (a, b) => {
        // Javascript compares a bigint with a number exactly.
        const [less, more] = [a < b, a > b];
        const expected = [less, !more, more, !less, !less && !more, less || more];
        const found = ORDERS.map((order) =>
          evaluate(`a ${order} b`, { a, b }, { a: { kind: 'dyn' }, b: { kind: 'dyn' } }),
        );
        expect(found.map((text, index) => [ORDERS[index], text])).toEqual(
          expected.map((holds, index) => [ORDERS[index], String(holds)]),
        );
      }),
    );
  });

  it('of texts is that of their UTF-8', () => {
    const text = fc.string({ unit: 'binary', maxLength: 4 }).filter((one) => !/\p{Surrogate}/u.test(one));
    fc.assert(
      fc.property(text, text, (a, b) => {
        const order = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect([evaluate('a < b', { a, b }), evaluate('a >= b', { a, b })]).toEqual([
          String(order < 0),
          String(order >= 0),
        ]);
        expect(evaluate('bytes(a) < bytes(b)', { a, b })).toBe(String(order < 0));
      }),
    );
  });

  it.each([
    ['false < true', 'true'],
    ['0.0 / 0.0 == 0.0 / 0.0', 'false'],
    ["duration('1h') > duration('59m59s')", 'true'],
    ["timestamp('2020-01-01T00:00:00Z') <= timestamp('2020-01-01T01:00:00+01:00')", 'true'],
    ['1 < 1u', 'false'],
    ['-1 < 0u', 'true'],
    ['18446744073709551615u > 9223372036854775807', 'true'],
  ])('%s is %s', (source, expected) => {
    expect(evaluate(source)).toBe(expected);
  });
});

describe('conversions', () => {
  it('read what they wrote', () => {
    fc.assert(
      fc.property(INT, UINT, fc.boolean(), (a, b, c) => {
        expect(evaluate('int(string(a)) == a', { a })).toBe('true');
        expect(evaluate('string(uint(b))', { b: String(b) })).toBe(JSON.stringify(String(b)));
        expect(evaluate('bool(string(c)) == c', { c })).toBe('true');
      }),
    );
  });

  it('cut doubles towards zero, where the whole number fits', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.double(),
          fc.integer({ min: -9, max: 9 }).map((step) => 2 ** 63 + step * 1024),
        ),
        (a) => {
          const fits = Math.abs(a) < 2 ** 63;
          expect(evaluate('int(a)', { a })).toBe(fits ? String(BigInt(Math.trunc(a))) : 'error: integer overflow');
        },
      ),
    );
  });

  it('between int and uint keep the value or fail', () => {
    fc.assert(
      fc.property(INT, UINT, (a, b) => {
        expect(evaluate('uint(a)', { a })).toBe(a < 0n ? 'error: unsigned integer overflow' : `${a}u`);
        expect(evaluate('int(uint(b))', { b: String(b) })).toBe(b > MOST ? 'error: integer overflow' : String(b));
      }),
    );
  });

  it.each([
    ["int('1.5')", 'int'],
    ["int('')", 'int'],
    ["int('9223372036854775808')", 'int'],
    ["uint('-1')", 'uint'],
    ["double('1e400')", 'double'],
    ["double('0x')", 'double'],
    ["bool('yes')", 'bool'],
  ])('%s has no value', (source, to) => {
    const text = /'(.*)'/.exec(source)?.[1] ?? '';
    expect(evaluate(source.replace(/'.*'/, 'a'), { a: text })).toBe(
      `error: type conversion error from 'string' to '${to}'`,
    );
  });
});
