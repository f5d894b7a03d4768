import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtobufError, WIRE_BYTES, WIRE_FIXED32, WIRE_FIXED64, WIRE_VARINT, WireReader, WireWriter } from './index.js';

/** A number as protobuf writes it, by arithmetic on whole numbers alone. */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

const number = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc
    .integer({ min: 0, max: 63 })
    .chain((bit) => fc.constantFrom(2n ** BigInt(bit), 2n ** BigInt(bit) - 1n, -(2n ** BigInt(bit)))),
);
const reader = (...bytes: number[]) => new WireReader(Uint8Array.from(bytes));

describe('numbers', () => {
  test('are read as wide as is asked for', () => {
    fc.assert(
      fc.property(number, (value) => {
        const bytes = varint(value);
        expect(reader(...bytes).int64()).toBe(Number(BigInt.asIntN(64, value)));
        expect(reader(...bytes).int32()).toBe(Number(BigInt.asIntN(32, value)));
        expect(reader(...bytes).bool()).toBe(value !== 0n);
      }),
      { numRuns: 500 },
    );
  });

  test('are written as they are read', () => {
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), fc.integer()), (value) => {
        const writer = new WireWriter();
        writer.int(1, value);
        expect([...writer.finish()]).toEqual([0x08, ...varint(BigInt(value))]);
      }),
      { numRuns: 500 },
    );
  });

  test('may be written longer than they are, but not than ten bytes', () => {
    expect(reader(0x81, 0x80, 0x80, 0x00).int64()).toBe(1);
    expect(reader(...new Array<number>(9).fill(0x80), 0x00).int64()).toBe(0);
    expect(() => reader(...new Array<number>(10).fill(0x80), 0x00).int64()).toThrow('integer overflow');
  });

  test('that are double are all that there are', () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        const writer = new WireWriter();
        writer.double(2, value);
        const bytes = writer.finish();
        expect(Buffer.from(bytes).readDoubleLE(1)).toBe(value);
        const read = new WireReader(bytes);
        read.tag();
        expect(read.double()).toBe(value);
      }),
    );
  });
});

type Field =
  | { readonly layout: typeof WIRE_VARINT; readonly value: number }
  | { readonly layout: typeof WIRE_FIXED64; readonly value: number }
  | { readonly layout: typeof WIRE_BYTES; readonly value: string };
const field: fc.Arbitrary<readonly [number, Field]> = fc.tuple(
  fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 29 - 1 })),
  fc.oneof(
    fc.maxSafeInteger().map((value) => ({ layout: WIRE_VARINT, value }) as const),
    fc.double({ noNaN: true }).map((value) => ({ layout: WIRE_FIXED64, value }) as const),
    fc
      .string({ unit: 'binary', maxLength: 100 })
      .filter((text) => !/\p{Surrogate}/u.test(text))
      .map((value) => ({ layout: WIRE_BYTES, value }) as const),
  ),
);

function write(fields: readonly (readonly [number, Field])[]): Uint8Array {
  const writer = new WireWriter();
  for (const [at, one] of fields) {
    if (one.layout === WIRE_VARINT) writer.int(at, one.value);
    else if (one.layout === WIRE_FIXED64) writer.double(at, one.value);
    else writer.text(at, one.value);
  }
  return writer.finish();
}

describe('messages', () => {
  test('are read field by field, and any field may be skipped', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(field, fc.boolean()), { maxLength: 20 }), (all) => {
        const read = new WireReader(write(all.map(([one]) => one)));
        for (const [[at, one], skipped] of all) {
          expect(read.tag()).toEqual({ field: at, layout: one.layout });
          if (skipped) read.skip(one.layout);
          else if (one.layout === WIRE_VARINT) expect(read.int64()).toBe(one.value);
          else if (one.layout === WIRE_FIXED64) expect(read.double()).toBe(one.value);
          else expect(read.text()).toBe(one.value);
        }
        expect(read.done).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('within others end where they end, whatever stands behind', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 5 }), fc.uint8Array({ maxLength: 20 }), (fields, behind) => {
        const inner = write(fields);
        const writer = new WireWriter();
        writer.data(1, inner);
        writer.data(2, behind);
        const read = new WireReader(writer.finish());
        read.tag();
        const message = read.message();
        let count = 0;
        for (; !message.done; count += 1) message.skip(message.tag().layout);
        expect(count).toBe(fields.length);
        read.tag();
        expect([...read.data()]).toEqual([...behind]);
      }),
    );
  });

  test('cut short anywhere are cut between fields, or refused', () => {
    fc.assert(
      fc.property(fc.array(field, { minLength: 1, maxLength: 5 }), fc.nat(), (fields, place) => {
        const bytes = write(fields);
        const read = new WireReader(bytes.subarray(0, place % bytes.length));
        let count = 0;
        try {
          for (; !read.done; count += 1) read.skip(read.tag().layout);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtobufError);
        }
        expect(count).toBeLessThan(fields.length + 1);
        expect([...write(fields.slice(0, count))]).toEqual([
          ...bytes.subarray(0, write(fields.slice(0, count)).length),
        ]);
      }),
      { numRuns: 300 },
    );
  });

  test('may hold fields of four bytes, which nobody here writes', () => {
    const read = reader(0x0d, 1, 2, 3, 4, 0x10, 5);
    expect(read.tag()).toEqual({ field: 1, layout: WIRE_FIXED32 });
    read.skip(WIRE_FIXED32);
    read.tag();
    expect(read.int32()).toBe(5);
  });
});
