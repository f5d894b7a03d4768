import { ProtobufError, WireWriter } from '@binnacle/machinery-protobuf';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conform } from '../conform.js';
import { PART, WIDGET, widgets } from '../testing/widgets.js';
import { MAX_BODY_VALUES } from '../body-values.js';
import { decodeMessage } from './decode.js';
import { encodeMessage } from './encode.js';
import { closeEnvelope, openEnvelope } from './envelope.js';

const bytes = (write: (writer: WireWriter) => void): Uint8Array => {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
};
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');
const decoded = (write: (writer: WireWriter) => void): object => decodeMessage(widgets, WIDGET, bytes(write));

describe('a message', () => {
  it.each<[object, string]>([
    [{ title: 'a' }, '0a0161'],
    [{ title: '', count: 0 }, '0a001000'],
    [{ count: -1 }, '10ffffffffffffffffff01'],
    [{ big: 300 }, '18ac02'],
    [{ isRed: true }, '2001'],
    [{ ratio: 1 }, '29000000000000f03f'],
    [{ blob: 'AQI=' }, '32020102'],
    [{ made: '1970-01-01T00:00:01Z' }, '3a0408011000'],
    [{ renewed: '1970-01-01T00:00:01.000002Z' }, '4205080110d00f'],
    [{ size: '1Gi' }, '4a050a03314769'],
    [{ port: 8 }, '5206080010081a00'],
    [{ port: 'a' }, '5207080110001a0161'],
    [{ raw: { a: 1 } }, '62090a077b2261223a317d'],
    [{ part: { id: 'p' } }, '6a030a0170'],
    [{ tags: ['a', ''] }, '7a01617a00'],
    [{ numbers: [1, 2] }, '800101800102'],
    [{ labels: { b: '2', a: '1' } }, '8a01060a01611201318a01060a0162120132'],
    [{ extra: { k: ['v'] } }, '9a01080a016b12030a0176'],
    [{ path: '/', host: 'h' }, 'a201060a016812012f'],
  ])('%j is written as %s', (object, expected) => {
    expect(hex(encodeMessage(widgets, WIDGET, object as never))).toBe(expected);
    expect(decodeMessage(widgets, WIDGET, Buffer.from(expected, 'hex'))).toEqual(object);
  });

  it('leaves out the message of members that are not there', () => {
    expect(hex(encodeMessage(widgets, WIDGET, { count: 1 }))).toBe('1001');
  });

  it('is read though fields come in another order, repeat, or are unknown', () => {
    const found = decoded((writer) => {
      writer.text(15, 'first');
      writer.int(99, 7);
      writer.text(1, 'old');
      writer.message(98, (inner) => inner.text(1, 'skipped'));
      writer.text(15, 'second');
      writer.text(1, 'new');
    });
    expect(found).toEqual({ title: 'new', tags: ['first', 'second'] });
  });

  it('may pack its numbers', () => {
    expect(decoded((writer) => writer.data(16, Uint8Array.of(1, 0xac, 0x02)))).toEqual({ numbers: [1, 300] });
  });

  it('has no times that are empty, and no zeros that upstream leaves out', () => {
    const empty = decoded((writer) => {
      writer.message(7, () => undefined);
      writer.message(8, () => undefined);
      writer.int(3, 0);
      writer.bool(4, false);
    });
    expect(empty).toEqual({});
  });

  it('has values for keys that came without', () => {
    const only = (key: string) => (entry: WireWriter) => entry.text(1, key);
    const found = decoded((writer) => {
      writer.message(17, only('a'));
      writer.message(18, only('b'));
      writer.message(19, only('c'));
      writer.message(17, only('__proto__'));
    });
    expect(JSON.stringify(found)).toBe('{"labels":{"a":"","__proto__":""},"limits":{"b":"0"},"extra":{"c":[]}}');
  });

  it.each<[string, (writer: WireWriter) => void]>([
    ['a text where a number must be', (writer) => writer.text(2, 'x')],
    ['a number where a text must be', (writer) => writer.int(1, 5)],
    ['raw bytes that are no JSON', (writer) => writer.message(12, (inner) => inner.text(1, '{'))],
    ['a time after year 9999', (writer) => writer.message(7, (inner) => inner.int(1, 300_000_000_000))],
  ])('is refused with %s', (_name, write) => {
    expect(() => decoded(write)).toThrow(ProtobufError);
  });

  it('is refused with a quantity that is none', () => {
    expect(() => decoded((writer) => writer.message(9, (inner) => inner.text(1, 'much')))).toThrow(
      'quantities must match the regular expression',
    );
  });

  it('may not be nested deeper than a hundred times', () => {
    const nested = (depth: number): Uint8Array => {
      let inner = bytes((writer) => writer.text(1, 'core'));
      for (let level = 1; level < depth; level += 1) {
        const below = inner;
        inner = bytes((writer) => writer.data(3, below));
      }
      return inner;
    };
    expect(JSON.stringify(decodeMessage(widgets, PART, nested(100)))).toContain('core');
    expect(() => decodeMessage(widgets, PART, nested(101))).toThrow('messages are nested too deep');
  });

  it('may hold as many values as a body, packed or not', () => {
    const packed = (count: number) => decoded((writer) => writer.data(16, new Uint8Array(count)));
    expect(packed(MAX_BODY_VALUES - 1)).toHaveProperty('numbers.length', MAX_BODY_VALUES - 1);
    expect(() => packed(MAX_BODY_VALUES)).toThrow('values in one body');
  });
});

describe('an envelope', () => {
  const sent = { apiVersion: 'things.example.io/v1', kind: 'Widget', raw: Uint8Array.of(1, 2, 3) };

  it('gives back what was put into it', () => {
    const closed = closeEnvelope(sent);
    expect(hex(closed.subarray(0, 4))).toBe('6b387300');
    expect(openEnvelope(closed)).toEqual(sent);
  });

  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'empty data'],
    ['JSON', Buffer.from('{"kind":"Widget"}'), 'expected prefix [107 56 115 0]'],
    ['half its prefix', Uint8Array.of(0x6b, 0x38), 'expected prefix [107 56 115 0]'],
  ])('is not %s', (_name, body, message) => {
    expect(() => openEnvelope(body)).toThrow(message);
  });

  it('that is cut short anywhere is refused or empty, and never more', () => {
    const closed = closeEnvelope(sent);
    for (let length = 4; length < closed.length; length += 1) {
      try {
        expect(sent.apiVersion.startsWith(openEnvelope(closed.subarray(0, length)).apiVersion)).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    }
  });
});

const texts = fc.string({ maxLength: 6, unit: 'grapheme' });
/** As it came over a wire: no negative zero, which JSON has not. */
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
const seconds = fc.integer({ min: -1_000_000_000, max: 4_000_000_000 });
const time = seconds.map((at) => new Date(at * 1000).toISOString().replace(/\.000Z$/, 'Z'));
const objects = fc.record(
  {
    title: texts,
    count: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    big: fc.maxSafeInteger(),
    isRed: fc.boolean(),
    ratio: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value || 0),
    blob: fc.uint8Array({ maxLength: 9 }).map((data) => Buffer.from(data).toString('base64')),
    made: time,
    renewed: fc.tuple(seconds, fc.nat(999_999)).map(([at, micros]) => {
      const whole = new Date(at * 1000).toISOString().slice(0, 19);
      return `${whole}.${String(micros).padStart(6, '0')}Z`;
    }),
    size: fc.constantFrom('1', '500m', '3Gi', '-2'),
    port: fc.oneof(fc.integer({ min: -5, max: 70_000 }), texts),
    raw: fc.dictionary(texts, json, { maxKeys: 3 }),
    part: fc.record({ id: texts, weight: fc.nat(), inner: fc.record({ id: texts }) }),
    parts: fc.array(fc.record({ id: texts }), { maxLength: 3 }),
    tags: fc.array(texts, { maxLength: 3 }),
    numbers: fc.array(fc.maxSafeInteger(), { maxLength: 3 }),
    labels: fc.dictionary(texts, texts, { maxKeys: 3 }),
    extra: fc.dictionary(texts, fc.array(texts, { maxLength: 2 }), { maxKeys: 2 }),
    host: texts,
    path: texts,
  },
  { requiredKeys: ['title'] },
);

describe('laws of protobuf', () => {
  it('what is written is read back as it was', () => {
    fc.assert(
      fc.property(objects, (value) => {
        const { object } = conform(widgets, WIDGET, value);
        const back = decodeMessage(widgets, WIDGET, encodeMessage(widgets, WIDGET, object));
        expect(conform(widgets, WIDGET, back).object).toEqual(object);
      }),
      { numRuns: 300 },
    );
  });

  it('any bytes are a message or a ProtobufError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (data) => {
        try {
          expect(typeof decodeMessage(widgets, WIDGET, data)).toBe('object');
        } catch (error) {
          expect(['ProtobufError', 'QuantityError', 'StatusError']).toContain((error as Error).name);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
