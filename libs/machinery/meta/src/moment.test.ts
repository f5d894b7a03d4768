import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clusterPrefix,
  formatMicroTime,
  formatTime,
  isPast,
  momentOf,
  parseMoment,
  parseTime,
  presentCluster,
} from './index.js';

const AT = Date.UTC(2026, 10, 29, 10, 0, 0);

describe('a moment', () => {
  test.each<[string, object | undefined]>([
    ['0', { revision: 0 }],
    ['000042', { revision: 42 }],
    ['999999999999999', { revision: 999_999_999_999_999 }],
    ['1234567890123456', undefined],
    ['2026-11-29T10:00:00Z', { time: AT }],
    ['2026-11-29t10:00:00z', { time: AT }],
    ['2026-11-29T12:00:00+02:00', { time: AT }],
    ['2026-11-29T10:00:00.123456789Z', { time: AT + 123 }],
    ['2026-11-29T10:00:00.1234567890Z', undefined],
    ['2026-11-29T10:00:00', undefined],
    ['2026-11-29 10:00:00Z', undefined],
    ['2026-11-29', undefined],
    ['2026-11-31T10:00:00Z', undefined],
    ['2026-02-29T10:00:00Z', undefined],
    ['2024-02-29T10:00:00Z', { time: Date.UTC(2024, 1, 29, 10) }],
    ['2026-00-10T10:00:00Z', undefined],
    ['2026-13-10T10:00:00Z', undefined],
    ['2026-11-00T10:00:00Z', undefined],
    ['2026-11-29T24:00:00Z', undefined],
    ['2026-11-29T10:60:00Z', undefined],
    ['2026-11-29T10:00:60Z', undefined],
    ['2026-11-29T10:00:00+24:00', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
    ['now', undefined],
    [' 42', undefined],
  ])('%j is %j', (text, moment) => expect(parseMoment(text)).toEqual(moment));

  test('is read back from the time it is written as', () => {
    const dates = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseMoment(date.toISOString())).toEqual({ time: date.getTime() });
      }),
    );
  });

  test('any text is a moment or none, and never an error', () => {
    const text = fc.string({ unit: fc.constantFrom(...'0123456789-:TZtz+. '), maxLength: 30 });
    fc.assert(
      fc.property(text, (any) => {
        const moment = parseMoment(any);
        if (moment) expect(Number.isSafeInteger('revision' in moment ? moment.revision : moment.time)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a cluster and its past', () => {
  test.each<[string, boolean, string, string | undefined]>([
    ['main', false, 'main', undefined],
    ['main@42', true, 'main', '42'],
    ['main@', true, 'main', ''],
    ['@42', true, '', '42'],
    ['a@b@c', true, 'a', 'b@c'],
  ])('%s', (name, past, present, moment) => {
    expect([isPast(name), presentCluster(name), momentOf(name)]).toEqual([past, present, moment]);
  });

  test.each<[string | undefined, string]>([
    [undefined, ''],
    ['main', ''],
    ['lab', '/clusters/lab'],
    ['lab@2026-11-29T10:00:00Z', '/clusters/lab%402026-11-29T10%3A00%3A00Z'],
    ['../x', '/clusters/..%2Fx'],
  ])('%s is served at %j', (name, prefix) => expect(clusterPrefix(name)).toBe(prefix));
});

describe('a time', () => {
  test.each<[string, number | undefined]>([
    ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
    ['2023-02-29T00:00:00Z', undefined],
    ['2024-02-30T00:00:00Z', undefined],
    ['2024-04-31T00:00:00Z', undefined],
    ['2024-12-31T23:59:59.999999999Z', Date.UTC(2024, 11, 31, 23, 59, 59, 999)],
    ['2024-01-01T24:00:00Z', undefined],
    ['2024-01-01T00:00:60Z', undefined],
    ['2024-01-01T00:00:00+23:59', Date.UTC(2024, 0, 1) - 86_340_000],
    ['2024-01-01T00:00:00+24:00', undefined],
    ['2024-01-01t00:00:00Z', undefined],
    ['2024-01-01T00:00:00z', undefined],
    ['02024-01-01T00:00:00Z', undefined],
    ['2024-01-01T00:00:00.Z', undefined],
    ['0001-01-01T00:00:00Z', -62_135_596_800_000],
  ])('%s is %j, as Go reads it', (text, milliseconds) => expect(parseTime(text)).toBe(milliseconds));

  test('loses what is below a second, or below a millisecond, and nothing else', () => {
    const years = { min: -62_135_596_800_000, max: 253_402_300_799_999 };
    fc.assert(
      fc.property(fc.integer(years), (milliseconds) => {
        expect(parseTime(formatTime(milliseconds))).toBe(Math.floor(milliseconds / 1000) * 1000);
        expect(parseTime(formatMicroTime(milliseconds))).toBe(milliseconds);
        expect(formatMicroTime(milliseconds)).toMatch(/\.\d{6}Z$/);
      }),
    );
  });

  test('keeps the digits a clock gives below a millisecond', () => {
    expect(formatMicroTime(1_700_000_000_000.25)).toBe('2023-11-14T22:13:20.000250Z');
    expect(formatMicroTime(1_700_000_000_999.999)).toMatch(/^2023-11-14T22:13:20\.99999[89]Z$/);
  });

  test('written after another of the same second, or of another one, is its own', () => {
    expect([1_000, 1_999, 2_000, 1_500].map(formatTime)).toEqual([
      '1970-01-01T00:00:01Z',
      '1970-01-01T00:00:01Z',
      '1970-01-01T00:00:02Z',
      '1970-01-01T00:00:01Z',
    ]);
  });
});
