import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatFloat } from './go-text.js';
import { Lines } from './lines.js';

describe('a number as Go writes it', () => {
  test.each<[number, string]>([
    [0, '0'],
    [-0, '-0'],
    [1, '1'],
    [-1.5, '-1.5'],
    [100_000, '100000'],
    [999_999, '999999'],
    [1_000_000, '1e+06'],
    [1_234_567, '1.234567e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.000_012_3, '1.23e-05'],
    [5e-324, '5e-324'],
    [1.797_693_134_862_315_7e308, '1.7976931348623157e+308'],
    [1e21, '1e+21'],
    [1e100, '1e+100'],
    [0.1, '0.1'],
    [Number.NaN, '.nan'],
    [Number.POSITIVE_INFINITY, '.inf'],
    [Number.NEGATIVE_INFINITY, '-.inf'],
  ])('of 64 bits: %d is %s', (value, text) => expect(formatFloat(value, 64)).toBe(text));

  test.each<[number, string]>([
    [0.1, '0.1'],
    [1 / 3, '0.33333334'],
    [16_777_217, '1.6777216e+07'],
    [3.402_823_5e38, '3.4028235e+38'],
    [1e-45, '1e-45'],
    [1e39, '.inf'],
    [-1e39, '-.inf'],
    [1e-60, '0'],
  ])('of 32 bits: %d is %s', (value, text) => expect(formatFloat(value, 32)).toBe(text));

  test('is read back as itself, in either width', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    const short = fc.float({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (value) => {
        expect(Number(formatFloat(value, 64))).toBe(value);
      }),
    );
    fc.assert(
      fc.property(short, (value) => {
        expect(Math.fround(Number(formatFloat(value, 32)))).toBe(value);
      }),
    );
  });

  test('has an exponent of two digits at least, and only where the number is very large or small', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(finite, (value) => {
        const text = formatFloat(value, 64);
        const isPlain = value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6);
        expect(text).toMatch(isPlain ? /^-?\d+(\.\d+)?$/ : /^-?\d(\.\d+)?e[+-]\d{2,3}$/);
      }),
    );
  });
});

describe('the line of a place', () => {
  test.each<[string, number, number]>([
    ['', 0, 1],
    ['a\nb', 0, 1],
    ['a\nb', 1, 1],
    ['a\nb', 2, 2],
    ['\n\n\n', 3, 4],
    ['a\r\nb', 3, 2],
    ['a\n', 99, 2],
  ])('%j at %i: %i', (text, place, line) => expect(new Lines(text).at(place)).toBe(line));

  test('is one more than the line breaks before it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', 'é') }), fc.nat(), (text, at) => {
        const place = at % (text.length + 1);
        expect(new Lines(text).at(place)).toBe(text.slice(0, place).split('\n').length);
      }),
    );
  });
});
