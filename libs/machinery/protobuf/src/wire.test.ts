import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtobufError, WIRE_VARINT, WireReader, WireWriter } from './index.js';

const written = (write: (writer: WireWriter) => void) => {
  const writer = new WireWriter();
  write(writer);
  return writer.finish();
};

test('what is written is read back', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 536_870_911 }),
      fc.maxSafeInteger(),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.double(),
      fc.boolean(),
      (field, number, text, double, bool) => {
        const bytes = written((writer) => {
          writer.int(field, number);
          writer.message(field, (inner) => inner.text(1, text));
          writer.double(field, double);
          writer.bool(field, bool);
        });
        const reader = new WireReader(bytes);
        expect(reader.tag()).toEqual({ field, layout: 0 });
        expect(reader.int64()).toBe(number);
        reader.tag();
        const inner = reader.message();
        inner.tag();
        expect(inner.text()).toBe(text);
        reader.tag();
        expect(reader.double()).toBe(double);
        reader.tag();
        expect([reader.bool(), reader.done]).toEqual([bool, true]);
      },
    ),
  );
});

test('a negative 32-bit number takes ten bytes and is read as itself', () => {
  const bytes = written((writer) => writer.int(1, -5));
  expect(bytes.length).toBe(11);
  const reader = new WireReader(bytes);
  reader.tag();
  expect(reader.int32()).toBe(-5);
});

test.each([
  ['a length beyond the end', [0x0a, 0x05, 0x61], 'unexpected EOF'],
  ['a length of 4 GiB', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f], 'negative or too large length found'],
  ['a varint without end', new Array(11).fill(0xff), 'integer overflow'],
  ['field 0', [0x00], 'illegal tag 0'],
  ['a group', [0x0b], 'illegal wireType 3'],
])('%s is refused', (_, bytes, message) => {
  const reader = new WireReader(Uint8Array.from(bytes));
  const read = () => {
    const { layout } = reader.tag();
    reader.skip(layout);
  };
  expect(read).toThrow(message);
});

test('the layout of a field is checked', () => {
  expect(() => new WireReader(new Uint8Array()).expect(2, WIRE_VARINT, 7)).toThrow('wrong wireType = 2 for field 7');
});

test('no bytes make the reader fail but with its own error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      const reader = new WireReader(bytes);
      try {
        while (!reader.done) reader.skip(reader.tag().layout);
      } catch (error) {
        expect(error).toBeInstanceOf(ProtobufError);
      }
    }),
    { numRuns: 1000 },
  );
});
