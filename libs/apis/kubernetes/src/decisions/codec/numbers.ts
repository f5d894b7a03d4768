import { type ByteReader, type ByteWriter, DetailFormatError } from './bytes.js';

const SAME = 0;
const DIFFERENCES = 1;
const FLOATS = 2;

function isAlike(values: Float64Array): boolean {
  const [first] = values;
  return values.every((value) => Object.is(value, first));
}

/** Differences of what is safe are exact only as long as they are safe themselves. */
const LARGEST = 2 ** 51;

function isWhole(values: Float64Array): boolean {
  return values.every((value) => Number.isInteger(value) && Math.abs(value) <= LARGEST && !Object.is(value, -0));
}

/** One number where all are alike, differences where they are whole, else eight bytes each. */
export function encodeNumbers(writer: ByteWriter, values: Float64Array): void {
  if (isAlike(values)) {
    writer.byte(SAME);
    writer.float(values[0] ?? 0);
  } else if (isWhole(values)) {
    writer.byte(DIFFERENCES);
    let before = 0;
    for (const value of values) {
      writer.whole(value - before);
      before = value;
    }
  } else {
    writer.byte(FLOATS);
    for (const value of values) writer.float(value);
  }
}

export function decodeNumbers(reader: ByteReader, count: number): Float64Array {
  const form = reader.byte();
  if (form === SAME) return new Float64Array(count).fill(reader.float());
  if (form === DIFFERENCES) return differences(reader, count);
  if (form !== FLOATS) throw new DetailFormatError('numbers are written in no form we know');
  return Float64Array.from({ length: count }, () => reader.float());
}

function differences(reader: ByteReader, count: number): Float64Array {
  const values = new Float64Array(count);
  let before = 0;
  for (let index = 0; index < count; index += 1) {
    before += reader.whole();
    values[index] = before;
  }
  return values;
}
