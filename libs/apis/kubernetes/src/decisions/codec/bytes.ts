/** What was to be read is none of it: cut off, altered, or of another release. */
export class DetailFormatError extends Error {
  override readonly name = 'DetailFormatError';
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LEAST_ROOM = 256;
const SEVEN_BITS = 0x80;
const EIGHT = 8;
/** A whole number has no more groups of seven bits than this: 2^53. */
const MOST_GROUPS = 8;

/** Numbers and texts one after the other. */
export class ByteWriter {
  private bytes = new Uint8Array(LEAST_ROOM);
  private length = 0;

  written(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  byte(value: number): void {
    this.room(1);
    this.bytes[this.length] = value;
    this.length += 1;
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A whole number that is not negative, in groups of seven bits. */
  count(value: number): void {
    this.room(MOST_GROUPS);
    let rest = value;
    // Beyond 32 bits operators on bits would cut it.
    while (rest >= SEVEN_BITS) {
      this.bytes[this.length] = (rest % SEVEN_BITS) + SEVEN_BITS;
      this.length += 1;
      rest = Math.floor(rest / SEVEN_BITS);
    }
    this.bytes[this.length] = rest;
    this.length += 1;
  }

  /** A whole number of either sign: small ones are short. */
  whole(value: number): void {
    this.count(value < 0 ? -2 * value - 1 : 2 * value);
  }

  float(value: number): void {
    this.room(EIGHT);
    new DataView(this.bytes.buffer).setFloat64(this.length, value, true);
    this.length += EIGHT;
  }

  text(text: string): void {
    const bytes = encoder.encode(text);
    this.count(bytes.length);
    this.raw(bytes);
  }

  private room(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.bytes.length, this.length + more));
    larger.set(this.bytes);
    this.bytes = larger;
  }
}

/** Reads what a `ByteWriter` wrote; throws `DetailFormatError` rather than read past the end. */
export class ByteReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get left(): number {
    return this.bytes.length - this.at;
  }

  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new DetailFormatError('cut off');
    this.at += 1;
    return value;
  }

  count(): number {
    let value = 0;
    let unit = 1;
    for (let group = 0; group < MOST_GROUPS; group += 1) {
      const byte = this.byte();
      value += (byte % SEVEN_BITS) * unit;
      if (byte < SEVEN_BITS) return safe(value);
      unit *= SEVEN_BITS;
    }
    throw new DetailFormatError('a number is too large');
  }

  /** How many of something follow, each of which takes a byte at least unless it is said how many there may be. */
  many(most: number): number {
    const count = this.count();
    if (count > most) throw new DetailFormatError(`there are ${count} where ${most} may be`);
    return count;
  }

  whole(): number {
    const value = this.count();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  float(): number {
    const start = this.take(EIGHT);
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + start, EIGHT).getFloat64(0, true);
  }

  text(most: number): string {
    const length = this.many(most);
    const start = this.take(length);
    try {
      return decoder.decode(this.bytes.subarray(start, start + length));
    } catch {
      throw new DetailFormatError('a text is none');
    }
  }

  private take(length: number): number {
    if (length > this.left) throw new DetailFormatError('cut off');
    const start = this.at;
    this.at += length;
    return start;
  }
}

function safe(value: number): number {
  if (!Number.isSafeInteger(value)) throw new DetailFormatError('a number is too large');
  return value;
}
