import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conform, MOST_STRICT_PROBLEMS, strictDecodingError, strictProblems } from './conform.js';
import { BadValue } from './scalars.js';
import { PART, RAW, WIDGET, widgets } from './testing/widgets.js';

const read = (value: unknown): Record<string, unknown> => conform(widgets, WIDGET, value).object;
const unknownIn = (value: unknown): readonly string[] => conform(widgets, WIDGET, value).unknownFields;

describe('what a value is conformed to', () => {
  it.each<[string, object, object]>([
    ['text that must be there is there, if only empty', {}, { title: '' }],
    ['null is as good as nothing', { title: null, count: null, part: null }, { title: '' }],
    [
      'empty values that upstream leaves out are left out',
      { big: 0, isRed: false, tags: [], labels: {} },
      { title: '' },
    ],
    ['others stay, be they empty', { count: 0, ratio: 0, port: 0 }, { title: '', count: 0, ratio: 0, port: 0 }],
    ['an object stays, be it empty', { raw: {} }, { title: '', raw: {} }],
    [
      'times are whole seconds in UTC',
      { made: '2024-05-01T02:00:00.9+02:00' },
      { title: '', made: '2024-05-01T00:00:00Z' },
    ],
    ['the zero time is none', { made: '0001-01-01T00:00:00Z' }, { title: '' }],
    [
      'micro times have six digits',
      { renewed: '2024-05-01T00:00:00Z' },
      { title: '', renewed: '2024-05-01T00:00:00.000000Z' },
    ],
    [
      'micro times lose what is finer',
      { renewed: '2024-05-01T00:00:00.1234567Z' },
      { title: '', renewed: '2024-05-01T00:00:00.123456Z' },
    ],
    ['quantities are canonical, be they numbers', { size: 1.5 }, { title: '', size: '1500m' }],
    [
      'quantities in maps too',
      { limits: { cpu: '2000m', memory: '1024Ki' } },
      { title: '', limits: { cpu: '2', memory: '1Mi' } },
    ],
    ['base64 may be broken into lines', { blob: 'YWJj\r\nZGVm' }, { title: '', blob: 'YWJjZGVm' }],
    ['int-or-string is either', { port: 'http' }, { title: '', port: 'http' }],
    [
      'nulls of lists are empty elements',
      { tags: [null], parts: [null] },
      { title: '', tags: [''], parts: [{ id: '' }] },
    ],
    [
      'nulls of maps are empty values',
      { labels: { a: null }, limits: { b: null }, extra: { c: null } },
      { title: '', labels: { a: '' }, limits: { b: '0' }, extra: { c: [] } },
    ],
    [
      'JSON of no fixed shape stays as it is',
      { raw: { a: [null, { b: 1 }] }, anything: [0, ''] },
      { title: '', raw: { a: [null, { b: 1 }] }, anything: [0, ''] },
    ],
    [
      'objects below are conformed too',
      { part: { inner: { id: 'x', weight: 0 } } },
      { title: '', part: { id: '', inner: { id: 'x' } } },
    ],
  ])('%s', (_name, value, expected) => {
    expect(read(value)).toEqual(expected);
  });

  it('is told with the paths of what was left out', () => {
    expect(
      unknownIn({ colour: 1, part: { inner: { colours: 2 } }, parts: [{ id: 'a' }, { idd: 'b' }], tags: ['x'] }),
    ).toEqual(['colour', 'part.inner.colours', 'parts[1].idd']);
    expect(unknownIn({ Title: 'x', constructor: 1, toString: 2 })).toEqual(['Title', 'constructor', 'toString']);
  });

  it('is told with no more than a hundred of them', () => {
    const many = Object.fromEntries(Array.from({ length: 300 }, (_one, index) => [`x${index}`, index]));
    expect(unknownIn(many)).toHaveLength(MOST_STRICT_PROBLEMS);
  });

  it('keeps keys of maps that every object inherits', () => {
    const { labels } = read(JSON.parse('{"labels":{"__proto__":"a","constructor":"b"}}'));
    expect(JSON.stringify(labels)).toBe('{"__proto__":"a","constructor":"b"}');
  });

  it('is a copy, unless the value is given away', () => {
    const value = { title: 'x', part: { id: 'a', weight: 0 }, other: 1 };
    const before = structuredClone(value);
    const copy = conform(widgets, WIDGET, value).object;
    expect(value).toEqual(before);
    const owned = conform(widgets, WIDGET, value, true).object;
    expect(owned).toBe(value);
    expect(owned).toEqual(copy);
  });
});

const prefix = 'json: cannot unmarshal';

describe('a value of the wrong type', () => {
  it.each<[unknown, string]>([
    [[], `${prefix} array into Go value of type v1.Widget`],
    ['x', `${prefix} string into Go value of type v1.Widget`],
    [{ title: 1 }, `${prefix} number into Go struct field Widget.title of type string`],
    [{ count: '1' }, `${prefix} string into Go struct field Widget.count of type int32`],
    [{ count: 2 ** 31 }, `${prefix} number 2147483648 into Go struct field Widget.count of type int32`],
    [{ count: 1.5 }, `${prefix} number 1.5 into Go struct field Widget.count of type int32`],
    [{ big: 2 ** 63 }, `${prefix} number 9223372036854776000 into Go struct field Widget.big of type int64`],
    [{ isRed: 'true' }, `${prefix} string into Go struct field Widget.isRed of type bool`],
    [{ ratio: false }, `${prefix} bool into Go struct field Widget.ratio of type float64`],
    [{ blob: 5 }, `${prefix} number into Go struct field Widget.blob of type []uint8`],
    [{ blob: 'ab$d' }, 'illegal base64 data at input byte 2'],
    [{ blob: 'x' }, 'illegal base64 data at input byte 0'],
    [{ blob: 'YWJjYWI' }, 'illegal base64 data at input byte 4'],
    [{ blob: 'ab=' }, 'illegal base64 data at input byte 3'],
    [{ blob: 'ab=c' }, 'illegal base64 data at input byte 2'],
    [{ blob: 'abc=d' }, 'illegal base64 data at input byte 4'],
    [{ blob: 'a===' }, 'illegal base64 data at input byte 1'],
    [{ made: 'now' }, 'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"'],
    [{ port: 1.5 }, `${prefix} number 1.5 into Go value of type int32`],
    [{ port: [] }, `${prefix} array into Go value of type int32`],
    [{ part: [] }, `${prefix} array into Go struct field Widget.part of type v1.Part`],
    [{ parts: {} }, `${prefix} object into Go struct field Widget.parts of type []v1.Part`],
    [{ parts: [{ weight: 'x' }] }, `${prefix} string into Go struct field Part.parts.weight of type int32`],
    [{ labels: [] }, `${prefix} array into Go struct field Widget.labels of type map[string]string`],
    [{ labels: { a: {} } }, `${prefix} object into Go struct field Widget.labels of type string`],
    [{ extra: { a: 'x' } }, `${prefix} string into Go struct field Widget.extra of type []string`],
  ])('%j is refused: %s', (value, message) => {
    expect(() => read(value)).toThrow(new BadValue(message));
    expect(() => conform(widgets, WIDGET, structuredClone(value), true)).toThrow(new BadValue(message));
  });

  it('is no matter where everything is taken', () => {
    expect(conform(widgets, RAW, { a: [1, null] }).object).toEqual({ a: [1, null] });
  });
});

describe('strict problems', () => {
  it('are sentences, and one error together', () => {
    const problems = strictProblems(['a.b'], ['c', 'd']);
    expect(problems).toEqual(['duplicate field "c"', 'duplicate field "d"', 'unknown field "a.b"']);
    expect(strictDecodingError({ version: 'v1', kind: 'Widget' }, problems)).toMatchObject({
      message:
        'Widget in version "v1" cannot be handled as a Widget: strict decoding error: duplicate field "c", duplicate field "d", unknown field "a.b"',
      reason: 'BadRequest',
      code: 400,
    });
  });

  it('of repeated members are a hundred at most', () => {
    expect(
      strictProblems(
        [],
        Array.from({ length: 300 }, (_one, index) => `a${index}`),
      ),
    ).toHaveLength(100);
  });
});

const texts = fc.string({ maxLength: 5 });
const values = fc.record(
  {
    title: fc.option(texts),
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    isRed: fc.boolean(),
    port: fc.oneof(fc.integer({ min: 0, max: 70_000 }), texts),
    size: fc.constantFrom('1', '0.5', '100m', '1Ki', 3),
    parts: fc.array(fc.record({ id: texts, weight: fc.nat(9), junk: fc.jsonValue({ maxDepth: 1 }) }), { maxLength: 3 }),
    labels: fc.dictionary(texts, fc.option(texts), { maxKeys: 3 }),
    raw: fc.dictionary(texts, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
    junk: fc.jsonValue({ maxDepth: 2 }),
  },
  { requiredKeys: [] },
);

describe('laws of conforming', () => {
  it('what is conformed conforms to itself, and has nothing unknown', () => {
    fc.assert(
      fc.property(values, (value) => {
        const once = read(value);
        expect(conform(widgets, WIDGET, once)).toEqual({ object: once, unknownFields: [] });
      }),
    );
  });

  it('it is the same in place and in a copy', () => {
    fc.assert(
      fc.property(values, (value) => {
        const copied = conform(widgets, WIDGET, value);
        expect(conform(widgets, WIDGET, structuredClone(value), true)).toEqual(copied);
      }),
    );
  });

  it('any JSON is read, or refused with words', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(WIDGET, PART),
        fc.dictionary(fc.constantFrom('title', 'id', 'inner', 'parts', 'raw'), fc.jsonValue()),
        (name, value) => {
          try {
            conform(widgets, name, value);
          } catch (error) {
            expect(error).toBeInstanceOf(BadValue);
          }
        },
      ),
    );
  });
});
