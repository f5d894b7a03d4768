import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needsQuotes, resolvePlain, resolveTagged } from './resolve.js';

const typed = (text: string) => {
  const { type, value } = resolvePlain(text);
  return [type, value];
};
const TAG = 'tag:yaml.org,2002:';

describe('text without quotes', () => {
  test.each([
    ['', 'null', null],
    ['~', 'null', null],
    ['Null', 'null', null],
    ['nULL', 'str', 'nULL'],
    ['y', 'bool', true],
    ['Off', 'bool', false],
    ['oFF', 'str', 'oFF'],
    ['TRUE', 'bool', true],
    ['truE', 'str', 'truE'],
    ['.NaN', 'float', Number.NaN],
    ['+.Inf', 'float', Number.POSITIVE_INFINITY],
    ['-.INF', 'float', Number.NEGATIVE_INFINITY],
    ['.iNF', 'str', '.iNF'],
  ])('%j is a %s', (text, type, value) => expect(typed(text)).toEqual([type, value]));

  test.each<[string, string, unknown]>([
    ['0', 'int', 0],
    ['-0', 'int', 0],
    ['+7', 'int', 7n],
    ['0640', 'int', 0o640n],
    ['0o640', 'int', 0o640n],
    ['-0x1F', 'int', -31n],
    ['0b101', 'int', 5n],
    ['089', 'float', 89],
    ['1_000', 'int', 1000],
    ['9223372036854775807', 'int', 9223372036854775807n],
    ['-9223372036854775808', 'int', -9223372036854775808n],
    ['9223372036854775808', 'uint', 9223372036854775808n],
    ['18446744073709551615', 'uint', 18446744073709551615n],
    ['18446744073709551616', 'float', 18446744073709551616],
    ['-9223372036854775809', 'float', -9223372036854775809],
    ['1e3', 'float', 1000],
    ['1.', 'float', 1],
    ['-.5', 'float', -0.5],
    ['.5', 'float', 0.5],
    ['.5_0', 'float', 0.5],
    ['._5', 'str', '._5'],
    ['.5_', 'str', '.5_'],
    ['1e999', 'str', '1e999'],
    ['0x', 'str', '0x'],
    ['0b2', 'str', '0b2'],
    ['1:30', 'str', '1:30'],
    ['12e', 'str', '12e'],
    ['-', 'str', '-'],
    ['+', 'str', '+'],
    ['.', 'str', '.'],
    ['1.2.3', 'str', '1.2.3'],
  ])('%j is the %s %s', (text, type, value) => expect(typed(text)).toEqual([type, value]));

  test('of a great many digits costs no time and is a number only where a double can hold it', () => {
    expect(typed(`0x${'f'.repeat(100_000)}`)[0]).toBe('str');
    expect(typed('1'.repeat(300))[0]).toBe('float');
    expect(typed('1'.repeat(400))[0]).toBe('str');
  });

  test.each([
    ['2001-12-14', true],
    ['2001-1-2', true],
    ['2001-12-14T21:59:43.10-05:00', true],
    ['2001-12-14t21:59:43Z', true],
    ['2001-12-14 21:59:43.10', true],
    ['2001-12-14 21:59:43Z', false],
    ['2001-12-14T21:59:43', false],
    ['2001-02-29', false],
    ['2000-02-29', true],
    ['1900-02-29', false],
    ['2001-13-01', false],
    ['2001-04-31', false],
    ['2001-04-00', false],
    ['2001-04-01T24:00:00Z', false],
    ['2001-04-01T23:60:00Z', false],
    ['2001-04-01T23:00:60Z', false],
    ['2001-04-01T23:00:00+25:00', false],
    ['99-04-01', false],
  ])('%j is a moment: %s', (text, isMoment) => expect(resolvePlain(text).type === 'timestamp').toBe(isMoment));

  test('that is a whole number is the number JavaScript reads', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }), (number) => {
        const { type, value } = resolvePlain(String(number));
        expect(type).toBe(number >= 2n ** 63n ? 'uint' : 'int');
        expect(BigInt(value as bigint)).toBe(number);
      }),
    );
  });

  test('that is a decimal number is read as closely as a double can', () => {
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0);
    fc.assert(
      fc.property(finite, (number) => {
        expect(Number(resolvePlain(String(number)).value)).toBe(number);
      }),
    );
  });
});

describe('text with a tag', () => {
  test.each<[string, string, string, unknown]>([
    ['str', '5', 'str', '5'],
    ['int', '0x10', 'int', 16n],
    ['int', '18446744073709551615', 'uint', 18446744073709551615n],
    ['float', '5', 'float', 5],
    ['float', '1.5', 'float', 1.5],
    ['bool', 'yes', 'bool', true],
    ['null', '~', 'null', null],
    ['timestamp', '2001-12-14', 'timestamp', '2001-12-14'],
    ['set', '5', 'str', '5'],
  ])('!!%s %s is the %s %s', (tag, text, type, value) =>
    expect(resolveTagged(TAG + tag, text)).toEqual({ type, value }),
  );

  test.each([
    ['int', '1.5', 'cannot decode !!float `1.5` as a !!int'],
    ['int', 'yes', 'cannot decode !!bool `yes` as a !!int'],
    ['bool', '1', 'cannot decode !!int `1` as a !!bool'],
    ['null', '18446744073709551615', 'cannot decode !!int `18446744073709551615` as a !!null'],
    ['float', 'x', 'cannot decode !!str `x` as a !!float'],
    ['timestamp', 'yesterday', 'cannot decode !!str `yesterday` as a !!timestamp'],
  ])('!!%s %s is refused', (tag, text, message) => expect(() => resolveTagged(TAG + tag, text)).toThrow(message));

  test('of somebody else says nothing of its type', () => {
    expect(resolveTagged('!mine', '5')).toEqual({ type: 'str', value: '5' });
    expect(resolveTagged('tag:example.org,2024:int', '5')).toEqual({ type: 'str', value: '5' });
  });
});

describe('quotes', () => {
  test.each(['', 'yes', 'n', '012', '1e3', '.5', '~', '2001-01-01', '190:20:30', '-1:59', '1:2.5', '1_0'])(
    'are needed by %j',
    (text) => expect(needsQuotes(text)).toBe(true),
  );
  test.each(['a', 'yess', '1.2.3', '190:60', ':1', '1:', 'v1', '10.0.0.1', '0x', '1Gi'])(
    'are not needed by %j',
    (text) => expect(needsQuotes(text)).toBe(false),
  );

  test('are needed by exactly what would be read as no text, base 60 aside', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789abefnotxyES.+-_~') }), (text) => {
        expect(needsQuotes(text)).toBe(resolvePlain(text).type !== 'str');
      }),
      { numRuns: 1000 },
    );
  });
});
