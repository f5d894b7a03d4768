import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ArrayList,
  CelError,
  decodeBase64,
  decodeUtf8,
  Duration,
  encodeUtf8,
  equals,
  formatDouble,
  formatDuration,
  formatTimestamp,
  GrowingMap,
  HashMap,
  keyText,
  type List,
  Meter,
  Optional,
  parseDate,
  parseDuration,
  parseTimestamp,
  Timestamp,
  toValue,
  Uint,
  utf8Length,
  type Value,
} from './index.js';
import { escapeName, listOf, mapOf, unescapeName } from '../types/index.js';

const meter = () => new Meter(1_000_000);
const same = (left: Value, right: Value) => equals(left, right, meter());

describe('texts and bytes', () => {
  it('are the same after a way through UTF-8', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bytes = encodeUtf8(text);
        expect(decodeUtf8(bytes)).toBe(text);
        expect(bytes.length).toBe(Buffer.byteLength(text));
        expect(utf8Length(text)).toBe(bytes.length);
      }),
    );
  });

  it.each([[[0xc0, 0x80]], [[0xff]], [[0xe2, 0x82]], [[0xed, 0xa0, 0x80]], [[0xf4, 0x90, 0x80, 0x80]], [[0x80]]])(
    'has no text for the bytes %j',
    (bytes) => expect(decodeUtf8(Uint8Array.from(bytes))).toBeUndefined(),
  );

  it('reads base64 in both alphabets', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const text = Buffer.from(bytes).toString('base64');
        expect(decodeBase64(text)).toEqual(bytes);
        expect(decodeBase64(text.replaceAll('+', '-').replaceAll('/', '_'))).toEqual(bytes);
      }),
    );
    expect(decodeBase64('abc')).toBeUndefined();
    expect(decodeBase64('a$==')).toBeUndefined();
  });
});

describe('times', () => {
  it('are the same after a way through RFC 3339', () => {
    const millis = fc.date({
      min: new Date('0001-01-02T00:00:00Z'),
      max: new Date('9999-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(millis, fc.nat(999_999), fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, rest, offset) => {
        const time = new Timestamp(BigInt(date.getTime()) * 1_000_000n + BigInt(rest), offset);
        const text = formatTimestamp(time);
        expect(parseTimestamp(text)).toEqual(time);
      }),
    );
  });

  it.each([
    '2020-02-30T00:00:00Z',
    '2020-01-01',
    '2020-01-01T24:00:00Z',
    '2020-1-1T00:00:00Z',
    '',
    'now',
    '2020-01-01T00:00:00',
  ])('is not told by %s', (text) => expect(parseTimestamp(text)).toBeUndefined());

  it('has days', () => {
    expect(parseDate('2020-02-29')).toEqual(new Timestamp(1_582_934_400_000_000_000n));
    expect(parseDate('2021-02-29')).toBeUndefined();
  });

  it.each([
    ['1h30m', 5_400_000_000_000n],
    ['-1.5s', -1_500_000_000n],
    ['0', 0n],
    ['1us', 1_000n],
    ['.5ms', 500_000n],
  ])('reads the duration %s', (text, nanos) => expect(parseDuration(text)).toEqual(new Duration(nanos)));

  it.each(['', '1', 's', '1d', '1 h', '9999999999h', '1..5s'])('reads no duration in %s', (text) =>
    expect(parseDuration(text)).toBeUndefined(),
  );

  it('writes durations without an exponent', () => {
    expect(formatDuration(new Duration(1n))).toBe('0.000000001s');
    expect(formatDuration(new Duration(5_400_000_000_000n))).toBe('5400s');
  });
});

describe('numbers', () => {
  it.each([
    [1.5, '1.5'],
    [100_000, '100000'],
    [1_000_000, '1e+06'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [-0, '-0'],
    [Number.NaN, 'NaN'],
    [Number.POSITIVE_INFINITY, '+Inf'],
  ])('writes %d as Go does', (value, text) => expect(formatDouble(value)).toBe(text));

  it('are equal whatever their types', () => {
    expect(same(1n, 1)).toBe(true);
    expect(same(1n, new Uint(1n))).toBe(true);
    expect(same(Number.NaN, Number.NaN)).toBe(false);
    expect(keyText(1)).toBe(keyText(1n));
    expect(same(1n, '1')).toBe(false);
  });
});

describe('lists and maps', () => {
  const plain = listOf({ kind: 'string' });
  const read = (raw: unknown, type: Parameters<typeof toValue>[1]) => toValue(raw, type, meter());

  it('compare sets without their order', () => {
    const set = { ...plain, listType: 'set' as const };
    expect(same(read(['a', 'b'], set), read(['b', 'a'], set))).toBe(true);
    expect(same(read(['a', 'b'], plain), read(['b', 'a'], plain))).toBe(false);
    expect(same(read(['a', 'b'], set), read(['b', 'c'], set))).toBe(false);
  });

  it('merge lists by their keys', () => {
    const element = mapOf({ kind: 'string' }, { kind: 'int' });
    const type = { ...listOf(element), listType: 'map' as const, listMapKeys: ['k'] };
    const left = read(
      [
        { k: 1, v: 1 },
        { k: 2, v: 2 },
      ],
      type,
    ) as List;
    const merged = left.concat(
      read(
        [
          { k: 2, v: 9 },
          { k: 3, v: 3 },
        ],
        type,
      ) as List,
    );
    const expected = read(
      [
        { k: 1, v: 1 },
        { k: 2, v: 9 },
        { k: 3, v: 3 },
      ],
      type,
    );
    expect(same(merged, expected)).toBe(true);
    expect(merged.size).toBe(3);
  });

  it('joins lists in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string(), { maxLength: 4 }), { maxLength: 12 }), (parts) => {
        const joined = parts.reduce<List>((list, part) => list.concat(new ArrayList(part)), ArrayList.empty);
        expect([...joined]).toEqual(parts.flat());
        expect(joined.size).toBe(parts.flat().length);
      }),
    );
  });

  it('joins very many lists without going deep', () => {
    let list: List = new ArrayList(['a']);
    for (let index = 0; index < 50_000; index += 1) list = list.concat(new ArrayList(['b']));
    expect([...list]).toHaveLength(50_001);
  });

  it('takes a key once into a map that grows', () => {
    const map = new GrowingMap();
    expect(map.insert('a', 1n)).toBe(map);
    expect(map.insert('a', 2n)).toEqual(new CelError('insert failed: key a already exists'));
    expect(HashMap.from([[1n, 'x']]).find(1)).toBe('x');
  });

  it('compare what optionals hold', () => {
    expect(same(Optional.of(1n), Optional.of(1n))).toBe(true);
    expect(same(Optional.of(1n), Optional.none)).toBe(false);
    expect(same(Optional.none, Optional.none)).toBe(true);
  });
});

describe('names of properties', () => {
  it('come back from their escapes', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_./-]{0,12}$/), (property) => {
        const escaped = escapeName(property);
        if (escaped !== undefined && !/__(underscores|dot|dash|slash)__/.test(property)) {
          expect(escaped).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
        }
      }),
    );
  });

  it.each([
    ['a-b', 'a__dash__b'],
    ['a.b', 'a__dot__b'],
    ['a/b', 'a__slash__b'],
    ['a__b', 'a__underscores__b'],
    ['namespace', '__namespace__'],
    ['in', '__in__'],
    ['plain', 'plain'],
  ])('escape %s', (property, escaped) => {
    expect(escapeName(property)).toBe(escaped);
    expect(unescapeName(escaped)).toBe(property);
  });

  it.each(['1a', '', 'a b', 'é', '$ref'])('has no escape for %j', (property) =>
    expect(escapeName(property)).toBeUndefined(),
  );
});
